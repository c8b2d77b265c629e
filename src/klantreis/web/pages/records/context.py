"""What the page with a customer's records shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Identifier", "Merge", "Record", "Records", "RecordsQuery"]


@dataclass(frozen=True)
class RecordsQuery:
    """Which customer."""

    customer_id: int


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
    """The whole page; `name` is empty for who is not known by name."""

    customer_id: int
    name: str
    records: tuple[Record, ...]
    merges: tuple[Merge, ...]
