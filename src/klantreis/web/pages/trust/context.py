"""What the page about privacy shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["ShownErasure", "ShownKept", "Trust"]


@dataclass(frozen=True)
class ShownKept:
    """How long one kind of thing is kept.

    Attributes:
        kind: code.
        days: 0 for ever.
        before: what is older is too old (UTC); none when it is kept for ever.
        count: how much is too old now.
        unit: code of what is counted.
        files: export files that hold nothing newer; mixed: those that hold newer things too.
    """

    kind: str
    days: int
    before: datetime | None
    count: int
    unit: str
    files: int
    mixed: int


@dataclass(frozen=True)
class ShownErasure:
    """One erasure: of which number, when it was asked (UTC) and by whom, and whether it is proven."""

    erasure_id: str
    customer_id: int
    begun_at: datetime
    begun_by: str
    is_done: bool
    is_clean: bool


@dataclass(frozen=True)
class Trust:
    """The whole page.

    Attributes:
        kept: each kind of thing.
        is_due: whether anything is too old.
        erasures: newest first.
        tables: that can be exported with pseudonyms; none before the first run.
    """

    kept: tuple[ShownKept, ...]
    is_due: bool
    erasures: tuple[ShownErasure, ...]
    tables: tuple[str, ...]
