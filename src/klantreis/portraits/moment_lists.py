"""The moments of one kind that happened to a customer, together in one row."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, Kept, by_customer
from klantreis.tables import EVERYONE, Portion, Renewal, is_sampled

__all__ = ["moment_lists"]


def moment_lists(
    timeline: ir.Table,
    occurrences: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    portion: Portion = EVERYONE,
    kept_moment_lists: ir.Table,
    kept_as_of: datetime | None,
    changed_timeline: ir.Table,
) -> ir.Table | Renewal:
    """Put the moments behind each row of `tallies` in a list.

    What came after what follows from the first and the last times for nearly all customers. For the
    others a rule reads these lists: their number stands there once, not at every moment, so that
    leaving out who was decided on costs little.

    Args:
        timeline: as in its contract; moments after `as_of` do not count.
        occurrences: the same moments, by when they were.
        as_of: moment up to which it holds, naive UTC.
        portion: whose moments, when all are listed anew.
        kept_moment_lists: what was listed before.
        kept_as_of: the moment up to which that held.
        changed_timeline: the moments that changed since.

    Returns:
        As in the contract of `moment_lists`.
    """
    moments = timeline.filter(timeline["occurred_at"] <= as_of)
    return by_customer(
        _listed,
        moments.select("customer_id", "event", "channel", "occurred_at"),
        Kept("moment_lists", kept_moment_lists, changed_timeline, kept_as_of),
        engine=engine,
        portion=portion,
        occurrences=occurrences,
        as_of=as_of,
    )


def _listed(moments: ir.Table) -> ir.Table:
    listed = moments.group_by("customer_id", "event", "channel").aggregate(
        moments=moments["occurred_at"].collect()
    )
    return listed.mutate(
        moments=listed["moments"].sort(),
        sample=ibis.ifelse(is_sampled(listed["customer_id"]), 1, 0),
    )
