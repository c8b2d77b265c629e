"""How large a group must be for a mean, a difference between two groups, or a model."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

from klantreis.errors import InputError, message

__all__ = [
    "EVENTS_PER_VARIABLE",
    "needed_for_mean",
    "needed_for_means",
    "needed_for_model",
    "needed_for_shares",
]

EVENTS_PER_VARIABLE = 10


def needed_for_mean(deviation: float, margin: float, *, confidence: float = 0.95) -> int:
    """How many must be measured to know a mean to within plus or minus `margin`.

    Cochran, "Sampling Techniques" (1977), section 4.6.

    Args:
        deviation: standard deviation of what is measured, not negative.
        margin: half the width of the interval, in the same unit, above 0.
        confidence: part of such intervals that hold the true mean.

    Raises:
        InputError: a number is outside its limits.

    >>> needed_for_mean(15, 2)
    217
    """
    _check(deviation >= 0 and margin > 0, f"deviation {deviation}, margin {margin}")
    return max(2, ceil((_z(confidence) * deviation / margin) ** 2 - 1e-9))


def needed_for_shares(
    one: float, other: float, *, power: float = 0.8, confidence: float = 0.95
) -> int:
    """How many each of two groups must hold for a difference between their shares to show.

    Fleiss, Levin & Paik, "Statistical Methods for Rates and Proportions" (2003), section 4.2,
    without correction for continuity.

    Args:
        one, other: the shares that are told apart, between 0 and 1.
        power: chance that the difference shows when it is there.
        confidence: 1 minus the chance that it shows when it is not.

    Raises:
        InputError: the shares are equal, or a number is outside its limits.

    >>> needed_for_shares(0.5, 0.75, power=0.9)
    77
    """
    _check(0 <= one <= 1 and 0 <= other <= 1 and one != other, f"shares {one} and {other}")
    both = (one + other) / 2
    by_chance = _z(confidence) * sqrt(2 * both * (1 - both))
    missed = _one_sided(power) * sqrt(one * (1 - one) + other * (1 - other))
    return max(2, ceil(((by_chance + missed) / (one - other)) ** 2 - 1e-9))


def needed_for_means(
    difference: float, deviation: float, *, power: float = 0.8, confidence: float = 0.95
) -> int:
    """How many each of two groups must hold for a difference between their means to show.

    The normal approximation, with the correction of Guenther, "Sample size formulas for normal
    theory t tests", The American Statistician 35 (1981).

    Args:
        difference: between the means, not 0.
        deviation: standard deviation within the groups, above 0.
        power, confidence: as of `needed_for_shares`.

    Raises:
        InputError: a number is outside its limits.

    >>> needed_for_means(0.5, 1)
    64
    """
    _check(difference != 0 and deviation > 0, f"difference {difference}, deviation {deviation}")
    z = _z(confidence)
    apart = 2 * ((z + _one_sided(power)) * deviation / difference) ** 2
    return max(2, ceil(apart + z * z / 4 - 1e-9))


def needed_for_model(variables: int, *, per_variable: int = EVENTS_PER_VARIABLE) -> int:
    """How many of the rarer outcome a model of yes or no with so many variables asks for.

    The rule of ten events per variable: Peduzzi and others, "A simulation study of the number of
    events per variable in logistic regression analysis", Journal of Clinical Epidemiology 49 (1996).

    Args:
        variables: that the model may learn from, at least 1.
        per_variable: events for each.

    Raises:
        InputError: a number is below 1.

    >>> needed_for_model(7)
    70
    """
    _check(variables >= 1 and per_variable >= 1, f"{variables} variables")
    return variables * per_variable


def _check(is_sound: bool, got: str) -> None:
    if not is_sound:
        allowed = "margins and deviations above 0, shares from 0 to 1 that differ"
        raise InputError(message("No sample size for this question", got=got, allowed=allowed))


def _z(confidence: float) -> float:
    _check(0 < confidence < 1, f"confidence {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _one_sided(power: float) -> float:
    _check(0 < power < 1, f"power {power}")
    return NormalDist().inv_cdf(power)
