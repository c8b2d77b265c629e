"""Whether a measure rises or falls over months: a line weighted by how well each month is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from klantreis.patterns.estimates import (
    ENOUGH_CUSTOMERS,
    ENOUGH_EXPECTED,
    Difference,
    Sums,
    expected,
    p_value,
)

__all__ = ["FEWEST_MONTHS", "Trend", "trend"]

FEWEST_MONTHS = 6


@dataclass(frozen=True)
class Trend:
    """A line through the months: its first and last value, and the change between them."""

    first: float
    last: float
    change: Difference


def trend(months: Sequence[Sums], *, is_share: bool) -> Trend | None:
    """Fit a line; None where a month is not known well enough.

    Months that scatter more around the line than chance explains, as seasons do, make the error
    larger by as much (Birge's ratio; Birge, *Physical Review* 40, 1932), and never smaller.

    Args:
        months: in order, without gaps.
        is_share: whether the measure is a share.
    """
    both = reduce(add, months)
    if len(months) < FEWEST_MONTHS or not all(_is_known(one, both, is_share) for one in months):
        return None
    weights = 1 / np.array([one.variance_as_part_of(both) for one in months])
    values, places = np.array([one.value for one in months]), np.arange(len(months), dtype=float)
    middle = np.average(places, weights=weights)
    spread = float(np.sum(weights * (places - middle) ** 2))
    slope = float(np.sum(weights * (places - middle) * values)) / spread
    level = float(np.average(values, weights=weights))
    line = level + slope * (places - middle)
    freedom = len(months) - 2
    scatter = float(np.sum(weights * (values - line) ** 2)) / freedom
    span = len(months) - 1
    error = span * float(np.sqrt(max(scatter, 1.0) / spread))
    change = slope * span
    chance = p_value(change, error, freedom)
    effect = change / both.deviation if both.deviation > 0 else 0.0
    return Trend(
        first=float(line[0]),
        last=float(line[-1]),
        change=Difference(change, error, float(freedom), chance, effect),
    )


def _is_known(month: Sums, both: Sums, is_share: bool) -> bool:
    if month.customers < ENOUGH_CUSTOMERS or month.variance_as_part_of(both) <= 0:
        return False
    return not is_share or expected(month, both) >= ENOUGH_EXPECTED
