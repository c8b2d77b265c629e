"""Refusing what a learner cannot be asked, before it gives an answer that means nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantreis.errors import InputError, message

__all__ = [
    "columns_of",
    "numbers_of",
    "positive",
    "require_confidence",
    "require_horizon",
    "require_rate",
    "require_share",
    "require_unit",
]

Array = NDArray[np.float64]


def columns_of(what: str, *given: ArrayLike) -> tuple[Array, ...]:
    """Columns of any data frame as numbers, a number alone as a column of one.

    Raises:
        InputError: as `numbers_of`.
    """
    return tuple(np.atleast_1d(column) for column in numbers_of(what, *given))


def numbers_of(what: str, *given: ArrayLike) -> tuple[Array, ...]:
    """Numbers or columns of them as arrays; what is empty becomes nan.

    Args:
        what: how an error begins.
        given: of any data frame.

    Raises:
        InputError: a column holds something that is no number, such as text.
    """
    try:
        return tuple(np.asarray(column, float) for column in given)
    except (TypeError, ValueError) as problem:
        raise InputError(
            message(
                what,
                got=str(problem),
                allowed="columns of numbers",
                next_step="turn texts and empty values into numbers first",
            )
        ) from None


def positive(**parameters: float) -> bool:
    """Whether all are numbers above 0 with an end."""
    return all(
        isinstance(value, (int, float, np.number)) and 0 < value < np.inf
        for value in parameters.values()
    )


def require_horizon(horizon: float) -> None:
    """Refuse a time that is none: the formulas would give an answer, and a wrong one."""
    _require("No such horizon", horizon, "one number of at least 0, in the unit of the histories")


def require_rate(rate: float) -> None:
    """Refuse a discount rate at which the sum over all time has no end."""
    _require("No such discount rate", rate, "above 0, for one unit of time", above=0.0)


def require_share(share: float) -> None:
    """Refuse a part of the customers that is none; 1 has no end."""
    _require("No such share", share, "from 0 up to, not with, 1", below=1.0)


def require_confidence(confidence: float, number: int = 1) -> None:
    """Refuse a confidence that no interval has, and an interval of no draws."""
    _require("No such confidence", confidence, "above 0 and below 1", above=0.0, below=1.0)
    _require("No such number of draws", number, "at least 1", above=0.0)


def require_unit(days: float) -> None:
    """Refuse a unit of time that has no length."""
    _require("No such unit of time", days, "a number of days above 0", above=0.0)


def _require(
    what: str, given: object, allowed: str, *, above: float | None = None, below: float = np.inf
) -> None:
    is_number = isinstance(given, (int, float, np.number)) and not isinstance(given, bool)
    # Written so that nan fails too.
    if not (is_number and (given >= 0 if above is None else given > above) and given < below):  # type: ignore[operator]
        raise InputError(message(what, got=str(given), allowed=allowed))
