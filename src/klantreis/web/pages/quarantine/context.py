"""What the quarantine page shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.paging import PageNumber, Paging

__all__ = ["Quarantine", "QuarantineQuery", "Reason", "Rejected"]

Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class QuarantineQuery:
    """Filters by source and reason; empty for all."""

    source: Text = ""
    reason: Text = ""
    page: PageNumber = 1


@dataclass(frozen=True)
class Rejected:
    """A row, or a value of it, that could not be taken in.

    Attributes:
        source: folder below `exports/`.
        path, line, column: where it stands; the column is empty when the whole row is unreadable.
        reason: code of why.
        found, allowed: what stood there, and what may stand there.
        row: the row as it was.
        table: table that it was meant for.
        imported_at: when (UTC).
    """

    source: str
    path: str
    line: int
    column: str
    reason: str
    found: str
    allowed: str
    row: str
    table: str
    imported_at: datetime


@dataclass(frozen=True)
class Reason:
    """How many records of one source were put aside for one reason."""

    source: str
    reason: str
    count: int


@dataclass(frozen=True)
class Quarantine:
    """The whole page.

    Attributes:
        source, reason: the filters in use.
        total: records put aside, whatever the filters.
        reasons: counts by source and reason, whatever the filters.
        sources: names to choose from.
        paging: where we are in the filtered list.
        rows: this page of the list, by file and line.
    """

    source: str
    reason: str
    total: int
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...]
    paging: Paging
    rows: tuple[Rejected, ...]
