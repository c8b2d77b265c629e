"""Chains: whether one thing happened after another, found in one pass over the timeline.

A moment is *reached* at a place of a chain when it is of that place's kind and a moment that is
reached at the place before comes before it, soon enough. Of those the last one before it decides,
so each place takes one running maximum per customer instead of a join of moments with moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from klantreis.rules.moments import after, earliest, like
from klantreis.rules.syntax import Chain, Later, Moments

__all__ = ["chained"]


def chained(chains: Sequence[Chain], timeline: ir.Table, now: datetime) -> ir.Table:
    """Each chain as a column `c0`, `c1` ...: how often a customer came to its end.

    Args:
        chains: as in a rule.
        timeline: the table of that name.
        now: naive UTC; later moments do not count.
    """
    kinds = list(dict.fromkeys(kind for chain in chains for kind in _kinds(chain)))
    rows = _instants(chains, kinds, timeline, now)
    firsts = {
        f"r{number}_0": _first(chain, rows, kinds.index(chain.first), now)
        for number, chain in enumerate(chains)
    }
    rows = rows.mutate(**firsts)
    for place in range(max(len(chain.then) for chain in chains)):
        reached = {
            f"r{number}_{place + 1}": _followed(
                chain.then[place], rows, kinds.index(chain.then[place].moments), number, place, now
            )
            for number, chain in enumerate(chains)
            if place < len(chain.then)
        }
        rows = rows.mutate(**reached)
    ends = {
        f"c{number}": rows.count(where=rows[f"r{number}_{len(chain.then)}"])
        for number, chain in enumerate(chains)
    }
    return rows.group_by("customer_id").aggregate(**ends)


def _kinds(chain: Chain) -> list[Moments]:
    return [chain.first, *(later.moments for later in chain.then)]


def _end(chain: Chain) -> str:
    """The event that a customer must have done last; empty when only the first is asked."""
    present = [later.moments.event for later in chain.then if not later.is_absent]
    return present[-1] if present else ""


def _instants(
    chains: Sequence[Chain], kinds: Sequence[Moments], timeline: ir.Table, now: datetime
) -> ir.Table:
    """One row for each customer and instant, with a column `k0`, `k1` ... for each kind.

    Moments at the same instant are one row: none of them comes after another.
    """
    moments = timeline.filter(timeline["occurred_at"] <= ibis.literal(now))
    moments = after(moments, earliest((chain.window for chain in chains), now))
    moments = moments.filter(moments["event"].isin(sorted({kind.event for kind in kinds})))
    ends = [_end(chain) for chain in chains]
    if all(ends):
        # Who never did what a chain ends with is left out before anything is put in order.
        did = moments.filter(moments["event"].isin(sorted(set(ends))))
        moments = moments.semi_join(did.select("customer_id").distinct(), "customer_id")
    found = {
        f"k{place}": moments.count(where=like(moments, (kind.event,), kind.via, kind.where)) > 0
        for place, kind in enumerate(kinds)
    }
    return moments.group_by(["customer_id", "occurred_at"]).aggregate(**found)


def _first(chain: Chain, rows: ir.Table, kind: int, now: datetime) -> ir.BooleanValue:
    reached = rows[f"k{kind}"]
    if chain.window is None:
        return reached
    start, end = chain.window.span(now)
    if start is not None:
        reached = reached & (rows["occurred_at"] > ibis.literal(start))
    return reached & (rows["occurred_at"] <= ibis.literal(end))


def _followed(
    later: Later, rows: ir.Table, kind: int, number: int, place: int, now: datetime
) -> ir.BooleanValue:
    """Whether a row is reached at the next place; of what must not come: whether it did not."""
    is_kind, at, before = rows[f"k{kind}"], rows["occurred_at"], rows[f"r{number}_{place}"]
    if not later.is_absent:
        last = ibis.ifelse(before, at, None).max().over(_others(preceding=(None, 1)))
        if later.within is None:
            return is_kind & last.notnull()
        return is_kind & (last >= at - _interval(later.within.length)).fill_null(False)
    following = ibis.ifelse(is_kind, at, None).min().over(_others(following=(1, None)))
    if later.within is None:
        return before & following.isnull()
    length = later.within.length
    is_late = following.isnull() | (following > at + _interval(length)).fill_null(False)
    return before & is_late & (at <= ibis.literal(now - length))


def _others(**rows: tuple[int | None, int | None]) -> ibis.expr.builders.WindowBuilder:
    return ibis.window(group_by="customer_id", order_by="occurred_at", **rows)


def _interval(length: timedelta) -> ir.IntervalScalar:
    return ibis.interval(seconds=int(length.total_seconds()))
