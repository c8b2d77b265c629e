"""What the page of one source shows, and what its address asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path

from klantreis.words import Figure
from klantreis.workspace import ColumnDrift, Course, FileTaken, Headings, SinceRun, TableQuality

__all__ = ["SourcePage", "SourceQuery", "TiedTable"]


@dataclass(frozen=True)
class SourceQuery:
    """The source: the name of its folder below `exports/`."""

    source_name: Annotated[str, Path(max_length=200)]


@dataclass(frozen=True)
class TiedTable:
    """What the source brought for one table, and the part of it tied to customers.

    Attributes:
        quality: counts, period, doubles, outliers.
        tied, known: rows tied to a customer, and to one known by name; None where a table has no
            persons.
    """

    quality: TableQuality
    tied: Figure | None
    known: Figure | None


@dataclass(frozen=True)
class SourcePage:
    """The whole page.

    Attributes:
        source: folder below `exports/`.
        as_of: moment up to which all numbers hold (UTC).
        first_at, last_at: period over all its tables (UTC).
        rows, files, quarantined, tied: over all its tables.
        imports: moments at which files were taken in (UTC), the newest first.
        gaps: stretches without rows over all tables.
        drifted: columns that changed, much or a little.
        renamed: columns of files that appeared, went missing or changed their name.
        tables: the largest first.
        courses: rows over time, by table.
        columns: newest import beside those before it, the largest drift first.
        headings: by kind of file.
        lacking, fresh: columns that Klantreis read and that the newest files lack, and new ones that
            it does not read: of which one may be another.
        taken: the newest files, of `files` in all.
        since: what happened to files since the run of which the numbers are.
    """

    source: str
    as_of: datetime
    first_at: datetime | None
    last_at: datetime | None
    rows: Figure
    files: Figure
    quarantined: Figure
    tied: Figure
    imports: tuple[datetime, ...]
    gaps: int
    drifted: int
    renamed: int
    tables: tuple[TiedTable, ...]
    courses: tuple[Course, ...]
    columns: tuple[ColumnDrift, ...]
    headings: tuple[Headings, ...]
    lacking: tuple[str, ...]
    fresh: tuple[str, ...]
    taken: tuple[FileTaken, ...]
    since: SinceRun
