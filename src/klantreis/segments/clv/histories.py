"""What a purchase model sees of a customer: how often, until when and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from klantreis.errors import InputError, message
from klantreis.segments.clv.checking import columns_of, require_unit
from klantreis.segments.clv.purchase_days import Ids, distinct_days

__all__ = ["Array", "Histories", "require_histories"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Histories:
    """Purchase histories in any unit of time; one row may stand for many customers.

    A likelihood only depends on these three numbers, so equal customers are counted once. At day
    resolution a million customers come to some hundred thousand rows. Do not round to weeks to
    get fewer: that biases the parameters.

    Attributes:
        frequency: repeat purchases (moments after the first one), from 0 on.
        recency: time from the first to the last purchase; 0 for who bought once.
        age: time from the first purchase to the end of the observation.
        count: customers that a row stands for.
    """

    frequency: Array
    recency: Array
    age: Array
    count: Array

    @classmethod
    def of(
        cls,
        frequency: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        count: ArrayLike | None = None,
    ) -> Histories:
        """Histories as they come, checked.

        Raises:
            InputError: no such history can exist; says which row is the first one.

        >>> Histories.of([2, 0], [30.4, 0], [38.9, 38.9]).customers
        2
        """
        what = "Not a set of purchase histories"
        x, t_x, age_ = columns_of(what, frequency, recency, age)
        weight = np.ones_like(x) if count is None else columns_of(what, count)[0]
        if not x.shape == t_x.shape == age_.shape == weight.shape or x.ndim != 1 or not x.size:
            raise InputError(
                message(
                    what,
                    got=f"shapes {x.shape}, {t_x.shape}, {age_.shape}, {weight.shape}",
                    allowed="rows of one number each, as many of each, at least one",
                )
            )
        sound = np.isfinite(x + t_x + age_ + weight) & (x >= 0) & (x == np.floor(x)) & (weight > 0)
        sound &= (t_x >= 0) & (t_x <= age_) & ((x > 0) | (t_x == 0))
        if not sound.all():
            row = int(np.argmin(sound))
            raise InputError(
                message(
                    "Not a purchase history",
                    where=f"row {row}",
                    got=f"frequency {x[row]:g}, recency {t_x[row]:g}, age {age_[row]:g}",
                    allowed="a whole frequency >= 0, 0 <= recency <= age, recency 0 at frequency 0",
                )
            )
        return cls(x, t_x, age_, weight)

    @classmethod
    def of_purchases(
        cls,
        customers: ArrayLike,
        moments: ArrayLike | Sequence[date],
        *,
        until: str | date | None = None,
        unit_days: float = 1.0,
    ) -> tuple[Ids, Histories]:
        """Histories from a list of purchases; those of one day count once.

        Args:
            customers: who bought, for each purchase; a column of any data frame.
            moments: when, as dates, times or ISO text; times by the day that they name.
            until: last day of the observation; what was bought after it is left out. None for the
                day of the last purchase.
            unit_days: days in a unit of time, as 7 for weeks.

        Returns:
            The customers who bought until then, in order, and their histories in the same order.

        Raises:
            InputError: an empty customer or moment, a moment that is none, no purchases, or a
                unit that is no length of time.

        >>> days = ["1997-01-01", "1997-08-02", "1997-01-12"]
        >>> Histories.of_purchases([1, 1, 4], days, until="1997-09-30")[1].recency
        array([213.,   0.])
        """
        require_unit(unit_days)
        who, each, day, last = distinct_days(customers, moments, until)
        first = np.flatnonzero(np.diff(each, prepend=-1))
        times = np.diff(first, append=len(each))
        begun, ended = day[first], day[first + times - 1]
        return who, cls.of(times - 1, (ended - begun) / unit_days, (last - begun) / unit_days)

    def __len__(self) -> int:
        return len(self.frequency)

    @property
    def customers(self) -> int:
        return round(float(self.count.sum()))

    @property
    def repeaters(self) -> int:
        """Customers who bought at least twice."""
        return round(float(self.count[self.frequency > 0].sum()))

    def taken(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Histories:
        """Some of the rows."""
        kept = (self.frequency, self.recency, self.age, self.count)
        return Histories(*(column[rows] for column in kept))

    def pieces(self, rows: int) -> list[Histories]:
        """The same histories in pieces of at most so many rows."""
        columns = (self.frequency, self.recency, self.age, self.count)
        starts = range(0, len(self), rows)
        return [Histories(*(column[n : n + rows] for column in columns)) for n in starts]

    def scaled(self, unit: float) -> Histories:
        """The same histories with time in units of `unit`."""
        return Histories(self.frequency, self.recency / unit, self.age / unit, self.count)

    def unique(self) -> Histories:
        """Equal histories as one row with a count."""
        columns = (self.frequency, self.recency, self.age)
        sizes = [float(column.max()) + 1 for column in columns]
        are_whole = all(bool((column == np.floor(column)).all()) for column in columns)
        if are_whole and np.prod(sizes) < 2**62:
            return self._unique_days([int(size) for size in sizes])
        order = np.lexsort(columns)
        first = _first_of_runs([column[order] for column in columns])
        rows, count = order[first], np.add.reduceat(self.count[order], first)
        return Histories(self.frequency[rows], self.recency[rows], self.age[rows], count)

    def _unique_days(self, sizes: list[int]) -> Histories:
        """One sort of a packed number where time is in whole days, as it mostly is."""
        _, second, third = sizes
        # Small numbers, as they are for a few years, are sorted twice as fast.
        number = np.int32 if np.prod(sizes) < 2**31 else np.int64
        key = self.frequency.astype(number) * second + self.recency.astype(number)
        key = key * third + self.age.astype(number)
        if (self.count == 1).all():
            key = np.sort(key)
            first = _first_of_runs([key])
            count = np.diff(first, append=len(key)).astype(float)
        else:
            order = np.argsort(key, kind="stable")
            key = key[order]
            first = _first_of_runs([key])
            count = np.add.reduceat(self.count[order], first)
        key, age = np.divmod(key[first], third)
        frequency, recency = np.divmod(key, second)
        return Histories(frequency.astype(float), recency.astype(float), age.astype(float), count)

    def thinned(self, customers: int) -> Histories:
        """At most so many customers, evenly over the rows in order: for a first, rough fit."""
        total = self.count.sum()
        if total <= customers:
            return self
        marks = (np.arange(customers) + 0.5) * (total / customers)
        rows, times = np.unique(np.searchsorted(np.cumsum(self.count), marks), return_counts=True)
        kept = self.taken(rows)
        return Histories(kept.frequency, kept.recency, kept.age, times.astype(float))


def _first_of_runs(columns: Sequence[NDArray[np.generic]]) -> NDArray[np.intp]:
    """Where each run of equal neighbours begins."""
    changes = np.zeros(len(columns[0]), bool)
    changes[0] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes)


def require_histories(given: object) -> None:
    """Refuse what is no histories, such as the data frame that they should be made of."""
    if not isinstance(given, Histories):
        raise InputError(
            message(
                "Not a set of purchase histories",
                got=type(given).__name__,
                allowed="Histories",
                next_step="make them with Histories.of(frequency, recency, age), or of a list of "
                "purchases with Histories.of_purchases(customers, moments)",
            )
        )
