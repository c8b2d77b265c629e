"""Whether a group is large enough for what is concluded about it, and if not, what is lacking."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from klantreis.errors import InputError, message

__all__ = ["Interval", "Sufficiency", "needed", "sufficiency", "wilson"]


@dataclass(frozen=True)
class Interval:
    """A share with the ends of its interval, all between 0 and 1."""

    share: float
    low: float
    high: float

    @property
    def margin(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Sufficiency:
    """What a share rests on.

    Attributes:
        count, total: so many of so many.
        interval: the share with its interval; None when nobody was measured.
        needed: how many must be measured for the wanted margin.
    """

    count: int
    total: int
    interval: Interval | None
    needed: int

    @property
    def lacking(self) -> int:
        """How many more must be measured."""
        return max(self.needed - self.total, 0)

    @property
    def is_enough(self) -> bool:
        return self.lacking == 0


def wilson(count: int, total: int, *, confidence: float = 0.95) -> Interval:
    """A share with its Wilson score interval, which is sound for small groups and rare answers.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
    American Statistical Association 22 (1927).

    Args:
        count: how many have the property.
        total: how many were measured, at least 1.
        confidence: part of such intervals that hold the true share.

    Raises:
        InputError: the numbers cannot be a share.

    >>> interval = wilson(8, 10)
    >>> f"{interval.share:.2f}, from {interval.low:.2f} to {interval.high:.2f}"
    '0.80, from 0.49 to 0.94'
    """
    if not 0 <= count <= total or total < 1:
        raise InputError(
            message("Not a share", got=f"{count} of {total}", allowed="0 <= count <= total >= 1")
        )
    z, share = _z(confidence), count / total
    shrink = 1 + z * z / total
    middle = (share + z * z / (2 * total)) / shrink
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / shrink
    # At none and at all an end is the share itself; rounding must not pass it.
    low = 0.0 if count == 0 else max(middle - half, 0.0)
    high = 1.0 if count == total else min(middle + half, 1.0)
    return Interval(share, low, high)


def needed(margin: float, *, share: float = 0.5, confidence: float = 0.95) -> int:
    """How many must be measured for a Wilson interval of at most plus or minus `margin`.

    Piegorsch, "Sample sizes for improved binomial confidence intervals", Computational Statistics
    and Data Analysis 46 (2004).

    Args:
        margin: half the width of the interval, above 0 and below 0.5.
        share: expected share; 0.5 is the most demanding.
        confidence: part of such intervals that hold the true share.

    Raises:
        InputError: margin or share is outside its limits.

    >>> needed(0.05)
    381
    """
    if not 0 < margin < 0.5 or not 0 <= share <= 1:
        raise InputError(
            message(
                "No sample size for this question",
                got=f"margin {margin} at share {share}",
                allowed="margin above 0 and below 0.5, share from 0 to 1",
            )
        )
    spread, square = share * (1 - share), margin * margin
    root = sqrt(spread * spread - 4 * square * spread + square)
    exact = _z(confidence) ** 2 * (spread - 2 * square + root) / (2 * square)
    return max(ceil(exact - 1e-9), 1)


def sufficiency(count: int, total: int, *, margin: float, confidence: float = 0.95) -> Sufficiency:
    """Judge whether a measured share is known to within `margin`.

    Args:
        count: how many have the property.
        total: how many were measured; 0 is allowed.
        margin: half the width of the interval that the conclusion can bear.
        confidence: part of such intervals that hold the true share.

    Raises:
        InputError: the numbers cannot be a share, or no such margin exists.
    """
    if total == 0:
        return Sufficiency(count, total, None, needed(margin, confidence=confidence))
    interval = wilson(count, total, confidence=confidence)
    size = needed(margin, share=interval.share, confidence=confidence)
    return Sufficiency(count, total, interval, size)


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise InputError(
            message("No such confidence", got=str(confidence), allowed="above 0 and below 1")
        )
    return NormalDist().inv_cdf((1 + confidence) / 2)
