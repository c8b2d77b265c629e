"""A measure of a group with its interval, and the difference between two groups, from sums over customers.

A measure is a quotient of two sums over occasions. Occasions of one customer are alike, so that
customers, not occasions, are what was drawn: the error is that of a ratio estimator over clusters
(Cochran, *Sampling Techniques*, 3rd edition, 1977, section 6.3; Kish, *Survey Sampling*, 1965).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt

__all__ = [
    "ENOUGH_CUSTOMERS",
    "Difference",
    "Sums",
    "difference",
    "expected",
    "is_enough",
    "p_value",
    "quantile",
]

ENOUGH_CUSTOMERS = 50
ENOUGH_EXPECTED = 10  # with fewer expected on either side a share is no bell curve yet


@dataclass(frozen=True)
class Sums:
    """Sums over the customers of a group: of both numbers, their squares and their product."""

    customers: int = 0
    top: float = 0.0
    bottom: float = 0.0
    top_squared: float = 0.0
    bottom_squared: float = 0.0
    cross: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return self._with(other, 1)

    def __sub__(self, other: Sums) -> Sums:
        """Of the others: `other` must be a part of these customers."""
        return self._with(other, -1)

    def _with(self, other: Sums, sign: int) -> Sums:
        return Sums(
            self.customers + sign * other.customers,
            self.top + sign * other.top,
            self.bottom + sign * other.bottom,
            self.top_squared + sign * other.top_squared,
            self.bottom_squared + sign * other.bottom_squared,
            self.cross + sign * other.cross,
        )

    @property
    def value(self) -> float:
        """The measure."""
        return self.top / self.bottom

    @property
    def spread(self) -> float:
        """What customers are off from the measure, squared and summed."""
        value = self.value
        found = self.top_squared - 2 * value * self.cross + value * value * self.bottom_squared
        return max(found, 0.0)

    @property
    def variance(self) -> float:
        """Of the measure."""
        return self.spread / self.bottom**2 * self._correction

    def variance_as_part_of(self, both: Sums) -> float:
        """Of the measure, were these customers like those that they are a part of.

        A small group in which something rare happened to nobody looks sure of itself; it is as
        unsure as any group of its size.
        """
        part = max(self.bottom / both.bottom, self.bottom_squared / both.bottom_squared)
        return both.spread * part / self.bottom**2 * self._correction

    @property
    def _correction(self) -> float:
        return self.customers / max(self.customers - 1, 1)

    @property
    def deviation(self) -> float:
        """How far customers lie apart in it."""
        return sqrt(self.variance * self.customers)

    def interval(self, *, is_share: bool, confidence: float = 0.95) -> tuple[float, float]:
        """The ends of its interval: Wilson's for a share, at the number of occasions that the
        likeness within customers leaves of them."""
        z = quantile(confidence, self.customers - 1)
        if not is_share:
            half = z * sqrt(self.variance)
            return self.value - half, self.value + half
        share = min(max(self.value, 0.0), 1.0)
        variance = self.variance
        telling = share * (1 - share) / variance if variance > 0 else self.customers
        shrink = 1 + z * z / telling
        middle = (share + z * z / (2 * telling)) / shrink
        half = z * sqrt(share * (1 - share) / telling + z * z / (4 * telling**2)) / shrink
        return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True)
class Difference:
    """How much two groups differ in a measure.

    Attributes:
        value: the one less the other, in the measure's own unit.
        error: standard error of it.
        freedom: degrees of freedom of it (Welch, 1947).
        p_value: chance of so much or more where there is no difference.
        effect: the difference in standard deviations between customers.
        shares: the two groups, where the measure is a share.
    """

    value: float
    error: float
    freedom: float
    p_value: float
    effect: float
    shares: tuple[Sums, Sums] | None = None

    def interval(self, confidence: float) -> tuple[float, float]:
        """Its ends; of two shares from the ends of each (Newcombe, *Statistics in Medicine* 17, 1998),
        which holds where one of them is nothing at all."""
        if self.shares is None:
            half = quantile(confidence, self.freedom) * self.error
            return self.value - half, self.value + half
        one, other = self.shares
        low, high = one.interval(is_share=True, confidence=confidence)
        other_low, other_high = other.interval(is_share=True, confidence=confidence)
        below = hypot(one.value - low, other_high - other.value)
        above = hypot(high - one.value, other.value - other_low)
        return self.value - below, self.value + above


def is_enough(one: Sums, other: Sums, *, is_share: bool) -> bool:
    """Whether two groups carry a comparison: customers, and for a share enough of both answers."""
    if min(one.customers, other.customers) < ENOUGH_CUSTOMERS or min(one.bottom, other.bottom) <= 0:
        return False
    both = one + other
    return not is_share or all(expected(group, both) >= ENOUGH_EXPECTED for group in (one, other))


def expected(group: Sums, both: Sums) -> float:
    """How many of the rarer answer a group would hold, were its occasions all of different customers."""
    spread = both.value * (1 - both.value)
    variance = group.variance_as_part_of(both)
    return min(both.value, 1 - both.value) * spread / variance if variance > 0 else 0.0


def difference(one: Sums, other: Sums, *, is_share: bool) -> Difference:
    """Compare two groups of different customers that are enough for it.

    The chance is reckoned with the error that groups of their size have where there is no
    difference (a score test), or with their own where that is larger.
    """
    both = one + other
    own = one.variance, other.variance
    supposed = one.variance_as_part_of(both), other.variance_as_part_of(both)
    value = one.value - other.value
    freedom = _freedom(own, (one.customers, other.customers))
    error = sqrt(sum(max(pair) for pair in zip(own, supposed, strict=True)))
    deviation = both.deviation
    return Difference(
        value=value,
        error=error,
        freedom=freedom,
        p_value=p_value(value, error, freedom) if error > 0 else 1.0,
        effect=value / deviation if deviation > 0 else 0.0,
        shares=(one, other) if is_share else None,
    )


def _freedom(variances: tuple[float, float], customers: tuple[int, int]) -> float:
    parts = sum(v * v / (n - 1) for v, n in zip(variances, customers, strict=True))
    total = sum(variances) ** 2
    return total / parts if parts > 0 else float(min(customers) - 1)


def quantile(confidence: float, freedom: float) -> float:
    """How many errors an interval of this confidence reaches to either side."""
    from scipy.special import stdtrit  # a third of a second to load: only who compares waits for it

    return float(stdtrit(max(freedom, 1.0), (1 + confidence) / 2))


def p_value(value: float, error: float, freedom: float) -> float:
    """How likely a value so far from nothing is by chance alone, to either side (Student's t)."""
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(value) / error))
