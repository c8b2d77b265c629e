"""The timelines added up: what each customer did over the whole history, one row a kind of event."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, Kept, by_customer
from klantreis.tables import EVERYONE, Portion, Renewal, is_sampled

__all__ = ["tallies"]


def tallies(
    timeline: ir.Table,
    occurrences: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    portion: Portion = EVERYONE,
    kept_tallies: ir.Table,
    kept_as_of: datetime | None,
    changed_timeline: ir.Table,
) -> ir.Table | Renewal:
    """Add up how often each event happened to a customer, and when for the first and last time.

    A rule that asks of the whole history then reads one row where there are twenty moments. Only
    customers are added up anew of whom a moment changed, unless these are many.

    Args:
        timeline: as in its contract; moments after `as_of` do not count.
        occurrences: the same moments, by when they were.
        as_of: moment up to which it holds, naive UTC.
        portion: whose moments, when all are added up anew.
        kept_tallies: what was added up before.
        kept_as_of: the moment up to which that held.
        changed_timeline: the moments that changed since.

    Returns:
        As in the contract of `tallies`.
    """
    moments = timeline.filter(timeline["occurred_at"] <= as_of)
    return by_customer(
        _added_up,
        moments.select("customer_id", "event", "channel", "amount", "occurred_at"),
        Kept("tallies", kept_tallies, changed_timeline, kept_as_of),
        engine=engine,
        portion=portion,
        occurrences=occurrences,
        as_of=as_of,
    )


def _added_up(moments: ir.Table) -> ir.Table:
    added = moments.group_by("customer_id", "event", "channel").aggregate(
        times=moments.count(),
        amount=moments["amount"].sum(),
        first_at=moments["occurred_at"].min(),
        last_at=moments["occurred_at"].max(),
    )
    return added.mutate(sample=ibis.ifelse(is_sampled(added["customer_id"]), 1, 0))
