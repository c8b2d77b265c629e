"""The portrait: one row a customer, seen from all sides."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.portraits import buying, presence, standing
from klantreis.tables import contract

__all__ = ["portraits"]

NO_NAMES = ibis.literal([], type="array<string>")


def portraits(
    customers: ir.Table,
    timeline: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    products: ir.Table,
    payments: ir.Table,
    feedback: ir.Table,
    households: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    time_zone: str,
) -> ir.Table:
    """Bring all that is known of each customer together.

    Args:
        customers: who there are.
        households: who live together.
        timeline: what happened; moments after `as_of` do not count.
        as_of: moment up to which the portraits hold, naive UTC.
        time_zone: IANA name; for the hour of the day and the age.

    Returns:
        As in the contract of `portraits`.
    """
    seen = timeline.filter(timeline["occurred_at"] <= as_of)
    own = presence.own_moments(seen)
    visits = engine.keep(presence.visits(own))
    purchases = engine.keep(buying.purchases(seen, orders, payments, as_of=as_of))
    bought = engine.keep(buying.bought_lines(purchases, order_lines))
    facets = (
        presence.moments_counted(seen),
        presence.channel_use(visits),
        presence.hours(own, time_zone=time_zone, as_of=as_of),
        presence.satisfaction(seen),
        buying.totals(purchases),
        buying.returned(seen),
        *buying.preferences(purchases),
        buying.assortment(bought, products),
        buying.researched_online(purchases, visits),
        standing.open_baskets(seen, purchases, bought, products, as_of=as_of),
        standing.open_complaints(seen, feedback),
        households.select("customer_id", "household_id", household_customers="customers"),
    )
    return _completed(reduce(_beside, facets, customers), as_of, time_zone)


def _beside(portraits: ir.Table, facet: ir.Table) -> ir.Table:
    return portraits.left_join(facet, "customer_id").drop("customer_id_right")


def _completed(portraits: ir.Table, as_of: datetime, time_zone: str) -> ir.Table:
    """Add what follows from several facets, and nought where there was nothing to count."""
    counts = [
        c.name for c in contract("portraits").columns if c.required and c.name in portraits.columns
    ]
    zeros = {
        name: portraits[name].fill_null(0) for name in counts if portraits[name].type().is_integer()
    }
    returned_amount = _money(portraits["refunded_amount"]) + _money(portraits["receipts_amount"])
    bought_amount = _money(portraits["bought_amount"])
    return portraits.mutate(
        **zeros,
        as_of=ibis.literal(as_of),
        age_years=_age(portraits["birth_on"], as_of, time_zone),
        channels=portraits["channels"].fill_null(NO_NAMES),
        categories=portraits["categories"].fill_null(NO_NAMES),
        revenue_amount=bought_amount - returned_amount,
        returned_amount=returned_amount,
        returns=portraits["refunds"].fill_null(0) + portraits["receipts"].fill_null(0),
        return_share=returned_amount.cast("float64") / bought_amount.cast("float64").nullif(0.0),
        has_open_complaint=portraits["has_open_complaint"].fill_null(False),
    )


def _money(amount: ir.Value) -> ir.DecimalValue:
    return amount.fill_null(0).cast("decimal(18, 4)")


def _age(birth_on: ir.DateValue, as_of: datetime, time_zone: str) -> ir.IntegerValue:
    """Whole years that someone has lived on the calendar day of `as_of`."""
    today = as_of.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(time_zone)).date()
    day_of_birth = birth_on.month() * 100 + birth_on.day()
    had_no_birthday = day_of_birth > today.month * 100 + today.day
    return today.year - birth_on.year() - had_no_birthday.cast("int64")
