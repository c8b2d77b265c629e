"""What a number rests on: how it was come by, on how many, in which period, how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["Evidence", "Figure"]


@dataclass(frozen=True)
class Evidence:
    """What one number rests on.

    Attributes:
        kind: measured in the data, asked of people, or assumed by someone.
        n: how many were counted.
        unit: code of what `n` counts, as `customers`; see `units.py`.
        first_at, last_at: period in UTC; empty where the number has none.
        low, high: 95 % interval in the number's own unit; empty for a plain count.
        needed: how many a sound conclusion asks for; 0 for a plain count.
    """

    kind: Literal["measured", "asked", "assumed"]
    n: int
    unit: str
    first_at: datetime | None = None
    last_at: datetime | None = None
    low: float | None = None
    high: float | None = None
    needed: int = 0

    @property
    def lacking(self) -> int:
        """How many more are needed for a sound conclusion."""
        return max(0, self.needed - self.n)


@dataclass(frozen=True)
class Figure:
    """One number with what it rests on.

    Attributes:
        value: the number; a share is between 0 and 1, money is in EUR; empty when unknown.
        measure: how it is written.
        evidence: what it rests on.
    """

    value: float | None
    measure: Literal["number", "share", "money", "days", "score"]
    evidence: Evidence
