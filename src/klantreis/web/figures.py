"""Numbers with what they rest on, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import sqrt
from typing import Any, Literal

from klantreis.words import Evidence, Figure
from klantreis.workspace import Workspace

__all__ = [
    "MARGIN",
    "NEEDED_FOR_MEAN",
    "amount",
    "counted",
    "emotion_figure",
    "mean",
    "share",
]

# A share that may lie more than 10 percentage points off is no ground for a decision.
MARGIN = 0.1
# From about 30 on the mean of a skewed amount is close enough to normal for an interval.
NEEDED_FOR_MEAN = 30
Z = 1.959964  # two-sided 95 %


def counted(
    n: int, unit: str, *, first_at: datetime | None = None, last_at: datetime | None = None
) -> Figure:
    """A plain count, which needs no interval: all that came in were counted."""
    return Figure(n, "number", Evidence("measured", n, unit, first_at, last_at))


def amount(value: float, n: int, unit: str) -> Figure:
    """A sum of money over all that came in, in EUR."""
    return Figure(round(value, 2), "money", Evidence("measured", n, unit))


def share(part: int, whole: int, unit: str) -> Figure:
    """A share with its 95 % Wilson interval, and how many it takes to know it well enough.

    >>> figure = share(43, 100, "journeys")
    >>> figure.value, round(figure.evidence.low, 3), round(figure.evidence.high, 3)
    (0.43, 0.337, 0.528)
    """
    known = Workspace.sufficiency(part, whole, margin=MARGIN)
    found = known.interval
    evidence = Evidence(
        "measured",
        whole,
        unit,
        low=found.low if found else None,
        high=found.high if found else None,
        needed=known.needed,
    )
    return Figure(found.share if found else None, "share", evidence)


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
    evidence = Evidence("measured", n, unit, low=low, high=high, needed=NEEDED_FOR_MEAN)
    return Figure(value, measure, evidence)


def emotion_figure(row: Mapping[str, Any]) -> Figure:
    """A mean emotion, -2 to +2, from a row of `research.emotion` that was counted by evidence."""
    evidence = Evidence(
        row["evidence"],
        row["n"],
        "moments",
        low=row["low"],
        high=row["high"],
        needed=NEEDED_FOR_MEAN,
    )
    return Figure(row["mean"], "score", evidence)
