"""Chains: whether one thing happened after another, found with joins by customer and stretch of time.

Whether a moment is followed soon enough is asked from the end of a chain to its beginning. Time is
cut in stretches as long as `within`: what follows in time lies in the stretch of the moment itself,
and later than it, or in the next one, and not too late. Of the moments of a stretch only the first
and the last matter for that, so a place of a chain takes one join of equals, whatever the number of
moments, and nothing is put in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.rules.moments import after, like
from klantreis.rules.syntax import Chain, Later, Moments, Window

__all__ = ["chained"]


def chained(
    chains: Sequence[Chain], tables: Mapping[str, ir.Table], now: datetime
) -> list[ir.Table]:
    """Each chain as a column `c0`, `c1` ... of a table: 1 for the customers who came to its end.

    Args:
        chains: as in a rule.
        tables: `timeline`; `tallies` when these hold up to `now`.
        now: naive UTC; later moments do not count.
    """
    found = []
    for place, chain in enumerate(chains):
        customers = _Asked(chain, tables, now).customers()
        found.append(customers.mutate(**{f"c{place}": ibis.literal(1)}))
    return found


class _Asked:
    """One chain, asked of the moments up to `now`."""

    def __init__(self, chain: Chain, tables: Mapping[str, ir.Table], now: datetime) -> None:
        self.chain, self.timeline, self.now = chain, tables["timeline"], now
        self.tallies = tables.get("tallies")
        self.start, self.end = chain.window.span(now) if chain.window else (None, now)

    def customers(self) -> ir.Table:
        """Column `customer_id`, each once."""
        last, is_alone = self.chain.then[-1], len(self.chain.then) == 1
        is_told = self.start is None and not self.chain.first.where
        if self.tallies is not None and is_alone and last.is_absent and is_told:
            return self._by_tallies(self.tallies, last)
        return self._reached(0).select("customer_id").distinct()

    def _by_tallies(self, tallies: ir.Table, last: Later) -> ir.Table:
        """Of who never did the last thing, the first time of the first one tells enough."""
        followers, until = self._moments(last.moments, self.now), self._in_time(last, self.end)
        others = followers.select("customer_id").distinct()
        did = tallies.filter(like(tallies, (self.chain.first.event,), self.chain.first.via, ()))
        alone = did.filter(did["first_at"] <= ibis.literal(until)).anti_join(others, "customer_id")
        first = self._moments(self.chain.first, until).semi_join(others, "customer_id")
        both = _not_followed(first, followers, last.within)
        return alone.select("customer_id").union(both.select("customer_id"), distinct=True)

    def _reached(self, place: int) -> ir.Table:
        """The moments of a place from which the end of the chain is reached."""
        kind = self.chain.then[place - 1].moments if place else self.chain.first
        until = self.now if place else self.end
        if place == len(self.chain.then):
            return self._of_who_began(self._moments(kind, until))
        later = self.chain.then[place]
        if later.is_absent:
            rows = self._moments(kind, self._in_time(later, until))
            return _not_followed(rows, self._moments(later.moments, self.now), later.within)
        return _followed(self._moments(kind, until), self._reached(place + 1), later.within)

    def _in_time(self, absent: Later, until: datetime) -> datetime:
        """Until when a moment has had its time to be followed."""
        return min(until, self.now - absent.within.length) if absent.within else until

    def _moments(self, kind: Moments, until: datetime) -> ir.Table:
        """When something happened, after the beginning of the window; `customer_id` and `at`."""
        rows = self.timeline.filter(self.timeline["occurred_at"] <= ibis.literal(until))
        rows = after(rows, self.start)
        rows = rows.filter(like(rows, (kind.event,), kind.via, kind.where))
        return rows.select("customer_id", at="occurred_at")

    def _of_who_began(self, rows: ir.Table) -> ir.Table:
        """Without the moments of who never did what the chain begins with."""
        # In a window there are few of them, fewer than tallies.
        if self.tallies is None or self.start is not None:
            return rows
        began = self.tallies.filter(self.tallies["event"] == self.chain.first.event)
        return rows.semi_join(began, "customer_id")


def _followed(rows: ir.Table, followers: ir.Table, within: Window | None) -> ir.Table:
    """The moments after which a follower comes, soon enough; some may be there twice."""
    # Most customers never did what follows: they are left out before anything is worked out.
    rows = rows.semi_join(followers, "customer_id")
    if within is None:
        joined = rows.inner_join(_last_of_each(followers), "customer_id")
        return joined.filter(joined["last_at"] > joined["at"]).select("customer_id", "at")
    key = ["customer_id", "stretch"]
    joined = _in_stretches(rows, within).inner_join(_stretches(followers, within), key)
    return joined.filter(_is_followed(joined)).select("customer_id", "at")


def _not_followed(rows: ir.Table, followers: ir.Table, within: Window | None) -> ir.Table:
    """The moments after which no follower comes, or too late."""
    if within is None:
        joined = rows.left_join(_last_of_each(followers), "customer_id")
        is_last = ~(joined["last_at"] > joined["at"]).fill_null(False)
        return joined.filter(is_last).select("customer_id", "at")
    key, stretches = ["customer_id", "stretch"], _stretches(followers, within)
    # Once each, so that a moment meets both at once.
    stretches = stretches.group_by(key).aggregate(
        last_here=stretches["last_here"].max(), soonest=stretches["soonest"].min()
    )
    joined = _in_stretches(rows, within).left_join(stretches, key)
    return joined.filter(~_is_followed(joined)).select("customer_id", "at")


def _last_of_each(followers: ir.Table) -> ir.Table:
    return followers.group_by("customer_id").aggregate(last_at=followers["at"].max())


def _in_stretches(rows: ir.Table, within: Window) -> ir.Table:
    seconds = int(within.length.total_seconds())
    return rows.mutate(stretch=(rows["at"].epoch_seconds() // seconds).cast("int64"))


def _stretches(followers: ir.Table, within: Window) -> ir.Table:
    """The last follower of each stretch, and after when the first of the next one is in time.

    One row for each stretch with followers, with `last_here`, and one for each before such a
    stretch, with `soonest`.
    """
    placed = _in_stretches(followers, within)
    edges = placed.group_by("customer_id", "stretch").aggregate(
        first_at=placed["at"].min(), last_at=placed["at"].max()
    )
    length = ibis.interval(seconds=int(within.length.total_seconds()))
    moment = placed["at"].type()  # engines differ in how finely they say that it counts
    nothing = ibis.null(moment)
    here = edges.select("customer_id", "stretch", last_here="last_at", soonest=nothing)
    before = edges.select(
        "customer_id",
        stretch=edges["stretch"] - 1,
        last_here=nothing,
        soonest=(edges["first_at"] - length).cast(moment),
    )
    return here.union(before)


def _is_followed(joined: ir.Table) -> ir.BooleanValue:
    is_here = (joined["last_here"] > joined["at"]).fill_null(False)
    is_next = (joined["soonest"] <= joined["at"]).fill_null(False)
    return is_here | is_next
