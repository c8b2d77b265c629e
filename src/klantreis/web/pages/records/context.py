"""What the page with a customer's records shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

__all__ = ["Identifier", "Merge", "Raw", "RawLine", "Record", "Records", "RecordsQuery"]


@dataclass(frozen=True)
class RecordsQuery:
    """Which customer, and the records of which moments on the timeline, by place (0: of none).

    Attributes:
        seek: look into large files too.
    """

    customer_id: int
    first: Annotated[int, Query(ge=0)] = 0
    last: Annotated[int, Query(ge=0)] = 0
    seek: bool = False


@dataclass(frozen=True)
class RawLine:
    """A line of an export, or an element of a list, beside others.

    Attributes:
        cells: by column; the whole line where there are no columns.
        is_meant: whether it is the record, or stands beside it.
    """

    number: int
    cells: tuple[str, ...]
    is_meant: bool


@dataclass(frozen=True)
class Raw:
    """The record of a source behind a moment on the timeline.

    Attributes:
        table: that holds it.
        record_id: its key there.
        at: when it happened (UTC).
        channel, event: where and what.
        source: folder of the export; empty when the record is gone.
        path: file that it came from, relative to the workspace.
        imported_at: when that was taken in (UTC).
        fields: names and values of what it tells, as the tables hold it; a survey has one for each
            question.
        seen: whether it stands in that file: `found`, `not_found`, `gone` (the file), `unreadable`
            (as the file is now) or `large` (the file, which is looked into when that is asked).
        is_as_taken: whether the file is as it was taken in.
        is_repaired: whether values of the record were put right.
        columns, lines: the record and its neighbours, as they stand in the file.
        elsewhere: lines far off that belong to it too.
    """

    table: str
    record_id: str
    at: datetime
    channel: str
    event: str
    source: str
    path: str
    imported_at: datetime | None
    fields: tuple[tuple[str, str], ...]
    seen: str
    is_as_taken: bool
    is_repaired: bool
    columns: tuple[str, ...]
    lines: tuple[RawLine, ...]
    elsewhere: tuple[int, ...]


@dataclass(frozen=True)
class Identifier:
    """An identifier as one source stated it; moments in UTC."""

    kind: str
    value: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Record:
    """One record of a source.

    Attributes:
        person_id: source and the source's own number.
        rule: kind of identifier that tied it to another record; `alone` when nothing did.
        identifiers: what the record states.
    """

    person_id: str
    rule: str
    identifiers: tuple[Identifier, ...]


@dataclass(frozen=True)
class Merge:
    """An older number of the same customer, when that was found (UTC), and the records that it had."""

    old_customer_id: int
    merged_at: datetime
    persons: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """The whole page; `name` is empty for who is not known by name, `raw` when none was asked for.

    Attributes:
        first, last: moments that were asked for.
    """

    customer_id: int
    name: str
    first: int
    last: int
    raw: tuple[Raw, ...]
    records: tuple[Record, ...]
    merges: tuple[Merge, ...]
