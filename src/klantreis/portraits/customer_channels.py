"""When, how often and with what result customers were on each channel."""

from __future__ import annotations

from datetime import datetime

import ibis.expr.types as ir

from klantreis.engine import Engine, is_any, is_few, what_differs
from klantreis.portraits import presence
from klantreis.portraits.touched import of_moments
from klantreis.tables import Renewal

__all__ = ["customer_channels"]


def customer_channels(
    timeline: ir.Table,
    occurrences: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    kept_customer_channels: ir.Table,
    kept_as_of: datetime | None,
    changed_timeline: ir.Table,
) -> ir.Table | Renewal:
    """Tell of each customer and channel when they were there first and last, and what they bought.

    What was sent or brought to a customer does not count as being there. Only customers are looked
    at anew of whom a moment changed, or happened since, unless these are many.

    Args:
        timeline: what happened; moments after `as_of` do not count.
        occurrences: the same, by moment.
        as_of: moment up to which it holds, naive UTC.
        kept_customer_channels: what was told before.
        kept_as_of: the moment up to which that held.
        changed_timeline: the moments that changed since.

    Returns:
        As in the contract of `customer_channels`.
    """
    own = presence.own_moments(timeline.filter(timeline["occurred_at"] <= as_of))
    if kept_as_of is None or kept_as_of > as_of or not is_any(kept_customer_channels, engine):
        return _told(own)
    touched = of_moments(occurrences, changed_timeline, engine, held_until=kept_as_of, as_of=as_of)
    if not is_few(touched, kept_customer_channels, engine):
        return _told(own)
    kept = kept_customer_channels.semi_join(touched, "customer_id")
    fresh = _told(own.semi_join(touched, "customer_id"))
    return what_differs(fresh, kept, "customer_channels", engine)


def _told(own: ir.Table) -> ir.Table:
    is_purchase = own["event"] == "purchase"
    visits = own.group_by("customer_id", "channel", "session").aggregate(
        first_at=own["occurred_at"].min(),
        last_at=own["occurred_at"].max(),
        orders=own.count(where=is_purchase),
        bought_amount=own["amount"].sum(where=is_purchase),
    )
    return visits.group_by("customer_id", "channel").aggregate(
        first_at=visits["first_at"].min(),
        last_at=visits["last_at"].max(),
        visits=visits.count(),
        orders=visits["orders"].sum(),
        bought_amount=visits["bought_amount"].sum().fill_null(0),
    )
