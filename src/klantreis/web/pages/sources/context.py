"""What the sources page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.problems import NotTakenIn, RenamedColumn
from klantreis.web.waiting import ImportedNow, Waits
from klantreis.words import Figure
from klantreis.workspace import SinceRun

__all__ = ["Source", "SourceTable", "Sources", "SourcesQuery", "UnreadOffer"]

Text = Annotated[str, Query(max_length=2_000)]


@dataclass(frozen=True)
class SourcesQuery:
    """What was just said of a column or imported, and what came of it, or why it was refused."""

    renamed: Text = ""
    rows: Annotated[int, Query()] = -1
    aside: Annotated[int, Query()] = 0
    again: Annotated[int, Query()] = 0
    later: Annotated[int, Query()] = 0
    done: Annotated[str, Query(pattern="^(read)?$")] = ""
    refused: Text = ""
    got: Text = ""


@dataclass(frozen=True)
class SourceTable:
    """What one source brought for one table.

    Attributes:
        table: code of the table.
        rows: rows in use.
        first_at, last_at: period of those rows (UTC).
        later: rows of after the day up to which is measured; nothing counts them yet.
        missing_share: part of the optional values that is empty.
        doubled: records that came more than once; taken in once.
        outliers: amounts far outside the usual.
        quarantined: records put aside.
        tied_share: part of the rows tied to a customer; empty where a table has no persons.
        known_share: part of the rows tied to a customer known by name.
    """

    table: str
    rows: int
    first_at: datetime | None
    last_at: datetime | None
    later: int
    missing_share: float | None
    doubled: int
    outliers: int
    quarantined: int
    tied_share: float | None
    known_share: float | None


@dataclass(frozen=True)
class Source:
    """One source: a folder below `exports/`.

    Attributes:
        name: the folder's name.
        connectors: connectors that read its files.
        files: number of files taken in.
        imported_at: last time that a file was taken in (UTC).
        rows: rows over all its tables.
        first_at, last_at: period over all its tables (UTC).
        later: rows of after the day up to which is measured, over all its tables.
        quarantined: rows that its tables lack.
        listed: values and whole rows in the quarantine; one may cost rows of several tables, and a
            row may hold several.
        tables: by table.
    """

    name: str
    connectors: tuple[str, ...]
    files: int
    imported_at: datetime | None
    rows: int
    first_at: datetime | None
    last_at: datetime | None
    later: int
    quarantined: int
    listed: int
    tables: tuple[SourceTable, ...]


@dataclass(frozen=True)
class UnreadOffer:
    """The text of an offer that was not understood, and where it came from.

    Attributes:
        mechanic: as it is written.
        offers: how many have it.
        source, path: folder below `exports/`, and the file that it stands in.
    """

    mechanic: str
    offers: int
    source: str
    path: str


@dataclass(frozen=True)
class Sources:
    """The whole page.

    Attributes:
        as_of: moment up to which all numbers hold (UTC).
        first_at, last_at: period over all sources (UTC).
        rows: rows over all sources.
        files: files taken in.
        tied: part of the rows of tables with persons that is tied to a customer.
        quarantined: rows that tables lack, of all that came in.
        listed: values and whole rows in the quarantine, over all sources.
        sources: the largest first.
        unread_offers: texts of offers that were not understood, the most used first.
        problems: files that the last import could not take in.
        renamed_columns: columns that are called otherwise now.
        renamed, rows_taken: names that were just accepted, and rows that came in by it; -1 when none did.
        waiting: what the next import would read.
        since: what happened to files since the run of which the numbers are.
        came: what came of importing it at once; None when that was not asked.
        refused: parts of the message why a change was refused.
    """

    as_of: datetime
    first_at: datetime | None
    last_at: datetime | None
    rows: Figure
    files: Figure
    tied: Figure
    quarantined: Figure
    listed: int
    sources: tuple[Source, ...]
    unread_offers: tuple[UnreadOffer, ...]
    problems: tuple[NotTakenIn, ...]
    renamed_columns: tuple[RenamedColumn, ...]
    renamed: str
    rows_taken: int
    waiting: Waits
    since: SinceRun
    came: ImportedNow | None
    refused: tuple[str, ...]
