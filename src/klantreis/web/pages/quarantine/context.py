"""What the quarantine page shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.paging import PageNumber, Paging

__all__ = ["Change", "PlannedChange", "Quarantine", "QuarantineQuery", "Reason", "Rejected"]

Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class QuarantineQuery:
    """Filters by source and reason, empty for all; a rule to look at; what came of a repair."""

    source: Text = ""
    reason: Text = ""
    page: PageNumber = 1
    column: Text = ""
    find: Text = ""
    put: Text = ""
    loaded: Annotated[int, Query()] = -1
    still: Annotated[int, Query()] = 0
    problem: Annotated[str, Query(max_length=2_000)] = ""


@dataclass(frozen=True)
class Change:
    """A repair that was made: what it became, whether it was taken in, who and when (UTC)."""

    after: str
    is_loaded: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class PlannedChange:
    """What a rule makes of one value."""

    path: str
    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Rejected:
    """A row, or a value of it, that could not be taken in.

    Attributes:
        quarantine_id: of the entry.
        source: folder below `exports/`.
        path, line, column: where it stands; the column is empty when the whole row is unreadable.
        reason: code of why.
        found, allowed: what stood there, and what may stand there.
        row: the row as it was.
        filled: its values that are not empty, where it is a total.
        table: table that it was meant for.
        imported_at: when (UTC).
        changes: repairs of it, the oldest first.
        is_new: whether it was put aside after the last run, so that no table has it yet.
    """

    quarantine_id: str
    source: str
    path: str
    line: int
    column: str
    reason: str
    found: str
    allowed: str
    row: str
    filled: tuple[str, ...]
    table: str
    imported_at: datetime
    changes: tuple[Change, ...]
    is_new: bool


@dataclass(frozen=True)
class Reason:
    """How many values and whole rows of one source were put aside for one reason."""

    source: str
    reason: str
    count: int


@dataclass(frozen=True)
class Quarantine:
    """The whole page.

    Attributes:
        source, reason: the filters in use.
        total: values and whole rows that were put aside, whatever the filters.
        lacking: rows that the tables of the source lack for them, or of all sources; empty where
            that is not counted: with a reason chosen, or when more was put aside since the last run.
        totals: rows of totals in the filtered list, and notes below them.
        reasons: counts by source and reason, whatever the filters.
        sources: names to choose from.
        paging: where we are in the filtered list.
        rows: this page of the list: what was put aside since the last run, then the rest, each by
            file and line.
        columns: with such values, when one source and reason are chosen.
        column, find, put: the rule that is looked at.
        planned: the first values that it changes, of `planned_total`.
        loaded, still: rows taken in and values refused by the repair just made; -1 without one.
        problem: parts of the message why it could not be made; none when it could.
    """

    source: str
    reason: str
    total: int
    lacking: int | None
    totals: int
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...]
    paging: Paging
    rows: tuple[Rejected, ...]
    columns: tuple[str, ...]
    column: str
    find: str
    put: str
    planned: tuple[PlannedChange, ...]
    planned_total: int
    loaded: int
    still: int
    problem: tuple[str, ...]
