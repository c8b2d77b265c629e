"""The different days on which each customer bought, from columns of any data frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantreis.errors import InputError, message

__all__ = ["Ids", "distinct_days"]

Ids = NDArray[np.generic]
Days = NDArray[np.int64]


def distinct_days(
    customers: ArrayLike, moments: ArrayLike | Sequence[date], until: str | date | None
) -> tuple[Ids, Days, Days, int]:
    """Each day of each customer once, up to and including the day `until`.

    Returns:
        The customers in order; the place among them and the day of each purchase, by customer and
        day; and the last day. Days are counted from 1970.

    Raises:
        InputError: as `Histories.of_purchases`.
    """
    who, days = np.asarray(customers), _days_of(moments)
    if who.shape != days.shape or who.ndim != 1 or not who.size:
        raise InputError(
            message(
                "Not a list of purchases",
                got=f"{who.size} customers, {days.size} moments",
                allowed="as many of each, at least one",
            )
        )
    _refuse_empty(who, days)
    last = days.max() if until is None else _days_of([until])[0]
    if np.isnat(last):
        raise InputError(
            message(
                "No last day of the observation",
                got=repr(until),
                allowed="a day as 2026-12-31, or None for that of the last purchase",
            )
        )
    seen = days <= last
    if not seen.any():
        raise InputError(
            message(
                "No purchases to learn from",
                got=f"the first one on {days.min()}",
                allowed=f"purchases on or before {last}",
            )
        )
    try:
        names, places = np.unique(who[seen], return_inverse=True)
    except TypeError:
        kinds = sorted({type(one).__name__ for one in who[seen].tolist()})
        raise InputError(
            message(
                "Customers cannot be told apart",
                got=f"a column of {' and '.join(kinds)}",
                allowed="numbers, or texts",
                next_step="write all of them as texts",
            )
        ) from None
    numbers = days[seen].astype(np.int64)
    span = int(numbers.max() - numbers.min()) + 1
    packed = np.unique(places.reshape(-1) * span + (numbers - numbers.min()))
    each, day = np.divmod(packed, span)
    return names, each, day + numbers.min(), int(last.astype(np.int64))


def _days_of(moments: ArrayLike | Sequence[date | str]) -> NDArray[np.datetime64]:
    """Dates, times or ISO text as days; times with a zone by the day that they name there."""
    given = np.asarray(moments)
    if given.dtype == object:
        given = np.array([_without_zone(one) for one in given.ravel()], dtype=object)
    try:
        if given.size and np.issubdtype(given.dtype, np.number):
            raise ValueError  # numpy would take 19970101 for a day far from now
        return given.astype("datetime64[D]")
    except ValueError:
        raise InputError(
            message(
                "Not a list of moments",
                got=repr(given.ravel()[0].item() if given.size else ""),
                allowed="dates, times, or ISO text as 2026-12-31",
                next_step="let your data frame read the column as dates first",
            )
        ) from None


def _without_zone(one: object) -> object:
    replaced = getattr(one, "replace", None)
    return replaced(tzinfo=None) if getattr(one, "tzinfo", None) and replaced else one


def _refuse_empty(who: Ids, days: NDArray[np.datetime64]) -> None:
    lacking = np.isnat(days)
    if who.dtype == object or np.issubdtype(who.dtype, np.floating):
        lacking = lacking | np.array([one is None or one != one for one in who.tolist()])
    if lacking.any():
        raise InputError(
            message(
                "A purchase without customer or moment",
                where=f"row {int(np.argmax(lacking))}",
                got=f"{int(lacking.sum())} such rows",
                allowed="a customer and a moment in each",
                next_step="leave out the purchases that are nobody's",
            )
        )
