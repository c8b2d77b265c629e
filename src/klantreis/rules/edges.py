"""What the first and the last times alone tell of a chain: for nearly all customers, its end.

Whoever first looked and within a week bought for the first time, needs no other moment to be told.
Nor does who never bought, or only long before or long after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

__all__ = ["Following", "able"]


@dataclass(frozen=True)
class Following:
    """That one thing was followed by another, or that it was not.

    Attributes:
        start, until: the one counts after this moment (None: from the beginning) until that one.
        within: how soon the other comes; None for ever after.
        is_absent: whether the other must not have come.
    """

    start: datetime | None
    until: datetime
    within: timedelta | None
    is_absent: bool

    def told(self, ones: ir.Table, others: ir.Table) -> tuple[ir.Table, ir.Table]:
        """The customers of whom it is sure that it holds, and of whom only all moments tell.

        Args:
            ones: `customer_id` with `first_at` and `last_at`, when the one was; a row a customer.
            others: the same of the other.

        Returns:
            Two tables with `customer_id`, nobody in both and nobody twice.
        """
        ones = ones.filter(ones["first_at"] <= ibis.literal(self.until))
        if self.start is not None:
            ones = ones.filter(ones["last_at"] > ibis.literal(self.start))
        join = ones.left_join if self.is_absent else ones.inner_join
        pairs = join(self._reached_back(others), "customer_id")
        is_sure = reduce(or_, (self._holds(pairs, at) for at in self._known(pairs)))
        told = pairs.select("customer_id", is_sure=is_sure, may_hold=self._may_hold(pairs))
        sure, unsure = told["is_sure"], told["may_hold"] & ~told["is_sure"]
        return told.filter(sure).select("customer_id"), told.filter(unsure).select("customer_id")

    def _reached_back(self, others: ir.Table) -> ir.Table:
        """The first and last times of the other, and from when on the one is soon enough before."""
        times = {"soonest": others["first_at"], "latest": others["last_at"]}
        if self.within is not None:
            length = ibis.interval(seconds=int(self.within.total_seconds()))
            times |= {f"{name}_from": at - length for name, at in times.items()}
        return others.select("customer_id", **times)

    def _known(self, pairs: ir.Table) -> Sequence[tuple[ir.TimestampValue, ir.BooleanValue]]:
        """The times that are known of the one, each with whether it counts."""
        first, last, yes = pairs["first_at"], pairs["last_at"], ibis.literal(True)
        begins = yes if self.start is None else first > ibis.literal(self.start)
        return (first, begins), (last, last <= ibis.literal(self.until))

    def _holds(
        self, pairs: ir.Table, known: tuple[ir.TimestampValue, ir.BooleanValue]
    ) -> ir.BooleanValue:
        """Whether it is sure by one known time; never empty."""
        at, counts = known
        soonest, latest = pairs["soonest"], pairs["latest"]
        if self.is_absent:
            is_alone = latest <= at
            if self.within is not None:
                is_alone = is_alone | (pairs["soonest_from"] > at)
            return counts & is_alone.fill_null(True)
        if self.within is None:
            return counts & (latest > at)
        is_soon = (soonest > at) & (pairs["soonest_from"] <= at)
        return counts & (is_soon | ((latest > at) & (pairs["latest_from"] <= at)))

    def _may_hold(self, pairs: ir.Table) -> ir.BooleanValue:
        """Whether it can hold by times in between, for who it is not sure of; never empty."""
        if self.is_absent:
            is_past = pairs["latest"] > pairs["last_at"]
            return ~is_past.fill_null(False) if self.within is None else ibis.literal(True)
        can = pairs["latest"] > pairs["first_at"]
        return can if self.within is None else can & (pairs["soonest_from"] <= pairs["last_at"])


def able(kinds: Sequence[ir.Table], *, start: datetime | None, until: datetime) -> ir.Table:
    """The customers of whom things may have come one after the other: `customer_id`.

    Args:
        kinds: of each thing `customer_id` with `first_at` and `last_at`; a row a customer.
        start, until: the first counts after this moment (None: from the beginning) until that one.
    """
    first, *others = kinds
    first = first.filter(first["first_at"] <= ibis.literal(until))
    if start is not None:
        first = first.filter(first["last_at"] > ibis.literal(start))
    told = first.select("customer_id", reached="first_at")
    for other in others:
        pairs = told.inner_join(other, "customer_id")
        pairs = pairs.filter(pairs["last_at"] > pairs["reached"])
        reached = ibis.greatest(pairs["reached"], pairs["first_at"])
        told = pairs.select("customer_id", reached=reached)
    return told.select("customer_id")
