"""What a number rests on: how it was come by, on how many, in which period, how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Literal

__all__ = ["NEEDED_FOR_MEAN", "NEEDED_FOR_SHARE", "Evidence", "Figure", "amount", "counted"]
__all__ += ["mean", "share"]

Z = 1.959964  # two-sided 95 %
# With 97 the 95 % interval of a share is never wider than 10 percentage points to either side.
NEEDED_FOR_SHARE = 97
# From about 30 on the mean of a skewed amount is close enough to normal for an interval.
NEEDED_FOR_MEAN = 30


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


def counted(
    n: int, unit: str, *, first_at: datetime | None = None, last_at: datetime | None = None
) -> Figure:
    """A plain count, which needs no interval: all that came in were counted."""
    return Figure(n, "number", Evidence("measured", n, unit, first_at, last_at))


def amount(
    value: float,
    n: int,
    unit: str,
    *,
    first_at: datetime | None = None,
    last_at: datetime | None = None,
) -> Figure:
    """A sum of money over all that came in."""
    return Figure(round(value, 2), "money", Evidence("measured", n, unit, first_at, last_at))


def share(
    part: int,
    whole: int,
    unit: str,
    *,
    first_at: datetime | None = None,
    last_at: datetime | None = None,
) -> Figure:
    """A share with its 95 % Wilson interval.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927).

    >>> figure = share(43, 100, "journeys")
    >>> figure.value, round(figure.evidence.low, 3), round(figure.evidence.high, 3)
    (0.43, 0.337, 0.528)
    """
    if whole == 0:
        return Figure(None, "share", Evidence("measured", 0, unit, needed=NEEDED_FOR_SHARE))
    value = part / whole
    middle = (value + Z**2 / (2 * whole)) / (1 + Z**2 / whole)
    half = Z * sqrt(value * (1 - value) / whole + Z**2 / (4 * whole**2)) / (1 + Z**2 / whole)
    evidence = Evidence(
        "measured",
        whole,
        unit,
        first_at,
        last_at,
        low=max(0.0, middle - half),
        high=min(1.0, middle + half),
        needed=NEEDED_FOR_SHARE,
    )
    return Figure(value, "share", evidence)


def mean(
    value: float | None,
    deviation: float | None,
    n: int,
    unit: str,
    measure: Literal["number", "money", "days", "score"] = "money",
) -> Figure:
    """A mean with its 95 % interval by the normal approximation.

    Args:
        value: the mean; empty when there is none.
        deviation: standard deviation of the sample.
        n: how many it was taken over.
        unit: what was counted.
        measure: how the number is written.
    """
    low = high = None
    if value is not None and deviation is not None and n > 1:
        half = Z * deviation / sqrt(n)
        low, high = value - half, value + half
    return Figure(
        value, measure, Evidence("measured", n, unit, low=low, high=high, needed=NEEDED_FOR_MEAN)
    )
