"""When, how often and with what result customers were on each channel."""

from __future__ import annotations

from datetime import datetime

import ibis.expr.types as ir

from klantreis.engine import Engine, Kept, by_customer
from klantreis.portraits import presence
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
    return by_customer(
        _told,
        own,
        Kept("customer_channels", kept_customer_channels, changed_timeline, kept_as_of),
        engine=engine,
        occurrences=occurrences,
        as_of=as_of,
    )


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
