"""What the page of bringing a file in shows, and what its address may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from klantreis.web.problems import LackingColumn, NotTakenIn, RenamedColumn

__all__ = [
    "Bring",
    "BringQuery",
    "ConsentShown",
    "FileColumn",
    "FileShown",
    "PutAside",
    "TableShown",
    "Waiting",
]

Text = Annotated[str, Query(max_length=2_000)]

# By doubt the id of what takes it away, where that is not called as the doubt is.
PLACES: Mapping[str, str] = {
    "amounts": "row_is",
    "returned_amounts": "columns-title",
    "returned_orders": "source",
    "same_headings": "columns-title",
    "dates": "date_order",
    "short_years": "date_order",
    "decimal": "decimal_sign",
    "totals_channel": "channel",
    "totals_unread": "way",
    "totals_beside": "rows-title",
    "mixed_dates": "date_order",
    "lists": "columns-title",
}


@dataclass(frozen=True)
class BringQuery:
    """Which file is looked at, what was refused, and what was just kept."""

    file: Text = ""
    refused: Text = ""
    got: Text = ""
    kept: Text = ""
    rows: Annotated[int, Query()] = -1
    aside: Annotated[int, Query()] = 0
    renamed: Text = ""


@dataclass(frozen=True)
class Waiting:
    """A file that was brought and not taken in yet."""

    token: str
    name: str
    size_bytes: int


@dataclass(frozen=True)
class FileColumn:
    """One column of the file.

    Attributes:
        number: its place in the file, from 1.
        examples: values that come most.
        means: code of what it was taken for; empty: it is not used.
        target: table and column of ours.
        sureness: from 0 to 1.
        why: code of why.
        kind, looked_at, share: kind of values, how many were looked at and which part of them fits.
    """

    number: int
    name: str
    examples: tuple[str, ...]
    means: str
    target: str
    sureness: float
    is_unsure: bool
    why: str
    kind: str
    looked_at: int
    share: float


@dataclass(frozen=True)
class TableShown:
    """The first rows as they will be in one of our tables.

    Attributes:
        read, put_aside: records of the part that was looked at.
    """

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    read: int
    put_aside: int


@dataclass(frozen=True)
class ConsentShown:
    """How many persons last said yes and no to one purpose, in the part that was looked at."""

    purpose: str
    granted: int
    refused: int


@dataclass(frozen=True)
class PutAside:
    """A value that would go to quarantine; of a total also the values of its row."""

    line: int
    column: str
    reason: str
    found: str
    filled: tuple[str, ...]
    allowed: str
    table: str


@dataclass(frozen=True)
class FileShown:
    """A file with its guess.

    Attributes:
        connector: that knows it; empty when none does.
        is_mapped: whether a mapping of its own reads it.
        can_map: whether it can be guessed at all.
        row_is: what one row is, of `shapes`.
        form, encoding, separator, heading, decimal_sign, date_order, time_zone, channel: how it is
            read.
        titles: the lines above the column names, which are passed over.
        rows_seen: that were looked at; `is_whole` when these are all.
        unsure: codes of what to look at.
        lacks: what the rows must have and no column gives; lacking_means: what a column that gives
            it would mean.
        choices: what a column can mean.
        columns: those to look at first.
        tables: first rows as they will be.
        consents: by purpose.
        undated: column that says yes or no to mail, of which nothing tells since when; empty when
            there is none.
        rejected: the first values that would go to quarantine, of `rejected_total`, of which
            `totals` are rows of totals and notes below them.
        problem: parts of the message why nothing can be read; none when it can.
        nearest: connector, or source of which it may be an export with other columns; empty when of none.
        nearest_source: that source, where its own mapping reads it; else empty.
        lacking: columns that it then lacks, and fresh: those that nobody knows.
        mapping: the text of the mapping file.
        taken_as, taken_by: path and source of the same file, where it was taken in before; else
            empty.
    """

    token: str
    name: str
    size_bytes: int
    source: str
    connector: str
    is_mapped: bool
    can_map: bool
    row_is: str
    shapes: tuple[str, ...]
    form: str
    encoding: str
    separator: str
    heading: int
    titles: tuple[str, ...]
    decimal_sign: str
    date_order: str
    time_zone: str
    time_zones: tuple[str, ...]
    channel: str
    channels: tuple[str, ...]
    rows_seen: int
    is_whole: bool
    unsure: tuple[str, ...]
    lacks: tuple[str, ...]
    lacking_means: tuple[str, ...]
    choices: tuple[str, ...]
    columns: tuple[FileColumn, ...]
    tables: tuple[TableShown, ...]
    consents: tuple[ConsentShown, ...]
    undated: str
    rejected: tuple[PutAside, ...]
    rejected_total: int
    totals: int
    problem: tuple[str, ...]
    nearest: str
    nearest_source: str
    lacking: tuple[LackingColumn, ...]
    fresh: tuple[str, ...]
    mapping: str
    taken_as: str
    taken_by: str

    @property
    def path(self) -> str:
        return self.name

    def place_of(self, doubt: str) -> str:
        """Where on the page a doubt of `unsure` can be taken away: the id of an element."""
        if doubt in PLACES:
            return PLACES[doubt]
        if doubt.startswith("totals"):
            return "columns-title" if self.is_mapped else "way"
        return doubt  # as the field is called


@dataclass(frozen=True)
class Bring:
    """The whole page.

    Attributes:
        file: that is looked at; empty when none is.
        waiting: files that were brought and not taken in yet.
        refused: code of what was refused, and told: parts of the message why; empty when nothing was.
        kept: the source that a file was just added to.
        rows_taken, aside: rows taken in and values put aside at once; -1 when that waits.
        problems: files that the last import could not take in.
        renamed_columns: columns that are called otherwise now.
        renamed: names that were just accepted.
        largest_megabytes: of a file that may be brought.
        own_zone: time zone of the workspace, in which times are shown.
    """

    file: FileShown | None
    waiting: tuple[Waiting, ...]
    refused: str
    told: tuple[str, ...]
    kept: str
    rows_taken: int
    aside: int
    problems: tuple[NotTakenIn, ...]
    renamed_columns: tuple[RenamedColumn, ...]
    renamed: str
    largest_megabytes: int
    own_zone: str
