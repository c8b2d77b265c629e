"""Chains: whether one thing happened after another, found with joins by customer and stretch of time.

Whether a moment is followed soon enough is asked from the end of a chain to its beginning. Time is
cut in stretches as long as `within`: what follows in time lies in the stretch of the moment itself,
and later than it, or in the next one, and not too late. Of the moments of a stretch only the first
and the last matter for that, so a place of a chain takes one join of equals, whatever the number of
moments, and nothing is put in order.

Of two things over a long time the first and the last times tell nearly all (`edges.py`): then only
the moments of the other customers are looked at. Of longer chains they tell who cannot have come to the
end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

import ibis
import ibis.expr.types as ir

from klantreis.rules.edges import Following, able
from klantreis.rules.moments import after, like
from klantreis.rules.syntax import Chain, Later, Moments, Window

__all__ = ["chained", "is_by_edges"]

LONG = timedelta(days=60)


def chained(
    chains: Sequence[Chain], tables: Mapping[str, ir.Table], now: datetime
) -> list[ir.Table]:
    """Each chain as a column `c0`, `c1` ... of a table: 1 for the customers who came to its end.

    Args:
        chains: as in a rule.
        tables: `timeline`; `tallies` and `moment_lists` when these hold up to `now`.
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
        self.tallies, self.lists = tables.get("tallies"), tables.get("moment_lists")
        self.start, self.end = chain.window.span(now) if chain.window else (None, now)

    def customers(self) -> ir.Table:
        """Column `customer_id`, each once."""
        if (
            self.tallies is not None
            and self.lists is not None
            and is_by_edges(self.chain, self.now)
        ):
            return self._by_edges(self.tallies, self.lists)
        return self._reached(0).select("customer_id").distinct()

    @cached_property
    def _able(self) -> ir.Table | None:
        """Who may have come to the end by first and last times; None where these take too long."""
        if self.tallies is None or self.lists is None or not is_told_by_times(self.chain, self.now):
            return None
        came = (later.moments for later in self.chain.then if not later.is_absent)
        kinds = (_edges(_of_kind(kind, self.tallies)) for kind in (self.chain.first, *came))
        return able(tuple(kinds), start=self.start, until=self.end)

    def _by_edges(self, tallies: ir.Table, lists: ir.Table) -> ir.Table:
        """Of who is not told by first and last times, the moments are looked at."""
        first, (last,) = self.chain.first, self.chain.then
        until = self._in_time(last, self.end) if last.is_absent else self.end
        length = last.within.length if last.within else None
        ones, others = (_of_kind(kind, tallies) for kind in (first, last.moments))
        if not last.is_absent:
            ones = ones.semi_join(others, "customer_id")
        following = Following(self.start, until, length, last.is_absent)
        sure, unsure = following.told(_edges(ones), _edges(others))
        rows = self._in_window(_listed(first, lists, unsure), until).rename(at="occurred_at")
        followers = self._in_window(_listed(last.moments, lists, unsure), self.now)
        followers = followers.rename(at="occurred_at")
        compare = _not_followed if last.is_absent else _followed
        found = compare(rows, followers, last.within).select("customer_id").distinct()
        return sure.union(found)

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
        followers = self._reached(place + 1)
        # Most customers never did what follows: they are left out before anything is worked out.
        rows = self._moments(kind, until).semi_join(followers, "customer_id")
        return _followed(rows, followers, later.within)

    def _in_time(self, absent: Later, until: datetime) -> datetime:
        """Until when a moment has had its time to be followed."""
        return min(until, self.now - absent.within.length) if absent.within else until

    def _moments(self, kind: Moments, until: datetime) -> ir.Table:
        """When something happened, after the beginning of the window; `customer_id` and `at`."""
        if self._able is not None and self.lists is not None:
            rows = self._in_window(_listed(kind, self.lists, self._able), until)
            return rows.rename(at="occurred_at")
        rows = self._in_window(self.timeline, until)
        rows = rows.filter(like(rows, (kind.event,), kind.via, kind.where))
        return rows.select("customer_id", at="occurred_at")

    def _in_window(self, rows: ir.Table, until: datetime) -> ir.Table:
        return after(rows.filter(rows["occurred_at"] <= ibis.literal(until)), self.start)

    def _of_who_began(self, rows: ir.Table) -> ir.Table:
        """Without the moments of who never did what the chain begins with."""
        # In a window there are few of them, fewer than tallies.
        if self.tallies is None or self.start is not None or self._able is not None:
            return rows
        began = self.tallies.filter(self.tallies["event"] == self.chain.first.event)
        return rows.semi_join(began, "customer_id")


def is_by_edges(chain: Chain, now: datetime) -> bool:
    """Whether first and last times tell the end of a chain of nearly everybody."""
    return len(chain.then) == 1 and is_told_by_times(chain, now)


def is_told_by_times(chain: Chain, now: datetime) -> bool:
    """Whether first and last times, and lists of moments, tell of a chain for less than its moments.

    Of a short time there are few moments; and no `where` is told of by times alone.
    """
    start = chain.window.span(now)[0] if chain.window else None
    is_long = start is None or now - start > LONG
    kinds = (chain.first, *(later.moments for later in chain.then))
    return is_long and not any(kind.where for kind in kinds)


def _of_kind(kind: Moments, told: ir.Table) -> ir.Table:
    return told.filter(like(told, (kind.event,), kind.via, ()))


def _edges(own: ir.Table) -> ir.Table:
    """When each customer did something for the first and the last time."""
    return own.group_by("customer_id").aggregate(
        first_at=own["first_at"].min(), last_at=own["last_at"].max()
    )


def _listed(kind: Moments, lists: ir.Table, owners: ir.Table) -> ir.Table:
    """All moments at which some customers did something; `customer_id` and `occurred_at`."""
    own = _of_kind(kind, lists).semi_join(owners, "customer_id")
    return own.select("customer_id", occurred_at=own["moments"].unnest())


def _followed(rows: ir.Table, followers: ir.Table, within: Window | None) -> ir.Table:
    """The moments after which a follower comes, soon enough; some may be there twice."""
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
