"""How far a distribution has moved, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log, sqrt

__all__ = ["amount_buckets", "chance_drift", "change", "drift", "lower_limit", "top_buckets"]

LITTLE, MUCH = 0.1, 0.25
NORMAL_999 = 3.090232  # the normal distribution's quantile of 99.9 %
UNSEEN = 0.5  # counts as so many rows, so that what is new does not weigh infinitely
SHOWN = 8
TENTHS = 10
CELLS_A_DECADE = 40
CELL_OF_ONE = 1_000


def drift(earlier: Sequence[int], newest: Sequence[int]) -> float:
    """The population stability index of two distributions over the same buckets.

    Known from credit scoring, with 0.1 and 0.25 as usual limits (Siddiqi, Credit Risk Scorecards,
    2006, chapter 8): the symmetric Kullback-Leibler divergence.

    >>> round(drift([500, 500], [500, 500]), 3), round(drift([500, 500], [300, 700]), 3)
    (0.0, 0.169)
    """
    used = [(a, b) for a, b in zip(earlier, newest, strict=True) if a + b]
    of_earlier = sum(a for a, _ in used) + UNSEEN * len(used)
    of_newest = sum(b for _, b in used) + UNSEEN * len(used)
    shares = [((a + UNSEEN) / of_earlier, (b + UNSEEN) / of_newest) for a, b in used]
    return sum((after - before) * log(after / before) for before, after in shares)


def chance_drift(earlier: Sequence[int], newest: Sequence[int]) -> float:
    """The index that one in a thousand comparisons exceeds when nothing changed.

    Without a change the index is distributed as chi-square with one degree of freedom less than
    there are buckets, times 1/n + 1/m (Yurdakul, Statistical properties of population stability
    index, Western Michigan University, 2018). The quantile is Wilson and Hilferty's of 1931.

    >>> round(chance_drift([500, 500], [500, 500]), 4)
    0.0223
    """
    freedom = sum(1 for a, b in zip(earlier, newest, strict=True) if a + b) - 1
    if freedom < 1 or not sum(earlier) or not sum(newest):
        return 0.0
    part = 2 / (9 * freedom)
    quantile = freedom * (1 - part + NORMAL_999 * sqrt(part)) ** 3
    return quantile * (1 / sum(earlier) + 1 / sum(newest))


def change(found: float, by_chance: float) -> str:
    """What to think of a drift: code of how much changed, or that there are too few rows to tell."""
    if found > max(MUCH, by_chance):
        return "much"
    if found > max(LITTLE, by_chance):
        return "little"
    return "too_few" if by_chance > MUCH else "as_before"


def top_buckets(
    earlier: Mapping[str, int], newest: Mapping[str, int]
) -> tuple[list[str], list[int], list[int]]:
    """The values that came most, of both together; the rest is what is filled besides."""
    values = sorted({*earlier, *newest}, key=lambda v: (-earlier.get(v, 0) - newest.get(v, 0), v))
    shown = values[:SHOWN]
    return shown, [earlier.get(v, 0) for v in shown], [newest.get(v, 0) for v in shown]


def amount_buckets(
    earlier: Mapping[str, int], newest: Mapping[str, int]
) -> tuple[list[str], list[int], list[int]]:
    """Tenths of the earlier amounts, as far as their cells can be told apart; see `lower_limit`."""
    total = sum(earlier.values())
    limits: dict[int, float] = {}
    counts: dict[int, tuple[int, int]] = {}
    below = 0
    for cell in sorted({int(cell) for cell in (*earlier, *newest)}):
        before, after = earlier.get(str(cell), 0), newest.get(str(cell), 0)
        tenth = min(TENTHS - 1, floor(TENTHS * below / total)) if total else 0
        limits.setdefault(tenth, lower_limit(cell))
        had = counts.get(tenth, (0, 0))
        counts[tenth] = (had[0] + before, had[1] + after)
        below += before
    return (
        [f"{limit:.4g}" for limit in limits.values()],
        [before for before, _ in counts.values()],
        [after for _, after in counts.values()],
    )


def lower_limit(cell: int) -> float:
    """The smallest amount of a cell; cells are steps of 6 % on a logarithmic scale, 0 its own.

    >>> lower_limit(1_000), round(lower_limit(1_040), 6), lower_limit(0)
    (1.0, 10.0, 0.0)
    """
    if cell == 0:
        return 0.0
    if cell < 0:
        return float(-(10 ** ((-cell - CELL_OF_ONE + 1) / CELLS_A_DECADE)))
    return float(10 ** ((cell - CELL_OF_ONE) / CELLS_A_DECADE))
