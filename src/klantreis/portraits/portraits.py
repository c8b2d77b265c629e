"""The portrait: one row a customer, seen from all sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any, is_few
from klantreis.portraits import buying, presence, standing
from klantreis.portraits.age import age
from klantreis.portraits.touched import of_portraits
from klantreis.tables import Renewal, contract

__all__ = ["Known", "portraits", "portrayed"]
NOT_ASKED = ("page", "campaign")  # of the timeline: read for nobody's portrait
NO_NAMES = ibis.literal([], type="array<string>")


def portraits(
    customers: ir.Table,
    timeline: ir.Table,
    occurrences: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    products: ir.Table,
    payments: ir.Table,
    feedback: ir.Table,
    households: ir.Table,
    undated_purchases: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
    time_zone: str,
    kept_portraits: ir.Table,
    kept_as_of: datetime | None,
    previous_orders: ir.Table,
    previous_order_lines: ir.Table,
    previous_products: ir.Table,
    previous_payments: ir.Table,
    changed_customers: ir.Table,
    changed_timeline: ir.Table,
    changed_orders: ir.Table,
    changed_order_lines: ir.Table,
    changed_payments: ir.Table,
    changed_feedback: ir.Table,
    changed_households: ir.Table,
    changed_undated_purchases: ir.Table,
) -> ir.Table | Renewal:
    """Bring all that is known of each customer together.

    Only the portraits are made anew that a change touches, or that look different because time
    went on (who had a birthday is a year older), unless these are many.

    Args:
        customers: who there are.
        timeline: what happened; moments after `as_of` do not count.
        occurrences: the same, by what happened and when.
        households: who live together.
        undated_purchases: those of which only the number is known.
        as_of: moment up to which the portraits hold, naive UTC.
        time_zone: IANA name; for the hour of the day and the age.
        kept_portraits: as they were made before.
        kept_as_of: the moment up to which those held.
        previous_orders, previous_order_lines, previous_products, previous_payments: as they were
            then.
        changed_customers, changed_timeline, changed_orders, changed_order_lines,
            changed_payments, changed_feedback, changed_households, changed_undated_purchases: what
            has changed since.

    Returns:
        As in the contract of `portraits`.
    """
    now = Known(
        customers,
        timeline,
        orders,
        order_lines,
        products,
        payments,
        feedback,
        households,
        undated_purchases,
    )
    if kept_as_of is None or kept_as_of > as_of or not is_any(kept_portraits, engine):
        return portrayed(now, engine=engine, as_of=as_of, time_zone=time_zone)
    before = {
        "orders": previous_orders,
        "order_lines": previous_order_lines,
        "products": previous_products,
        "payments": previous_payments,
    }
    changed = {
        "customers": changed_customers,
        "timeline": changed_timeline,
        "orders": changed_orders,
        "order_lines": changed_order_lines,
        "payments": changed_payments,
        "feedback": changed_feedback,
        "households": changed_households,
        "undated_purchases": changed_undated_purchases,
    }
    touched = of_portraits(
        vars(now) | {"occurrences": occurrences},
        before,
        changed,
        engine,
        held_until=kept_as_of,
        as_of=as_of,
        time_zone=time_zone,
    )
    if not is_few(touched, customers, engine):
        return portrayed(now, engine=engine, as_of=as_of, time_zone=time_zone)
    own = replace(
        now,
        customers=customers.semi_join(touched, "customer_id"),
        timeline=engine.keep(timeline.drop(*NOT_ASKED).semi_join(touched, "customer_id")),
        undated_purchases=undated_purchases.semi_join(touched, "customer_id"),
    )
    fresh = portrayed(own, engine=engine, as_of=as_of, time_zone=time_zone)
    gone = kept_portraits.semi_join(touched, "customer_id").select("customer_id")
    # Of nearly all of them something is told otherwise; to look for the others takes longer.
    return Renewal(fresh, gone, is_compared=True)


@dataclass(frozen=True)
class Known:
    """The tables that portraits are made from."""

    customers: ir.Table
    timeline: ir.Table
    orders: ir.Table
    order_lines: ir.Table
    products: ir.Table
    payments: ir.Table
    feedback: ir.Table
    households: ir.Table
    undated_purchases: ir.Table


def portrayed(known: Known, *, engine: Engine, as_of: datetime, time_zone: str) -> ir.Table:
    """The portraits of some customers, or all.

    Args:
        known: what portraits are made from; of `customers`, `timeline` and
            `undated_purchases` only who is portrayed.
        as_of, time_zone: as for `portraits`.
    """
    seen = known.timeline.filter(known.timeline["occurred_at"] <= as_of)
    own = presence.own_moments(seen)
    visits = engine.keep(presence.visits(own))
    purchases = engine.keep(buying.purchases(seen, known.orders, known.payments, as_of=as_of))
    bought = engine.keep(buying.bought_lines(purchases, known.order_lines))
    facets = (
        presence.moments_counted(seen),
        presence.channel_use(visits),
        *presence.habits(own, time_zone=time_zone, as_of=as_of),
        presence.satisfaction(seen),
        presence.last_said(seen),
        buying.totals(purchases, known.undated_purchases),
        buying.regularity(purchases),
        buying.returned(seen),
        *buying.preferences(purchases, known.undated_purchases),
        buying.assortment(bought, known.products),
        buying.researched_online(purchases, visits),
        standing.open_baskets(seen, purchases, bought, known.products, as_of=as_of),
        standing.open_complaints(seen, known.feedback),
        known.households.select("customer_id", "household_id", household_customers="customers"),
    )
    return _completed(_beside(known.customers, facets), as_of, time_zone)


def _beside(customers: ir.Table, facets: Sequence[ir.Table]) -> ir.Table:
    # One chain of joins: with each put away by itself, writing the question takes twice as long.
    rows = customers
    for number, facet in enumerate(facets):
        rows = rows.left_join(facet, "customer_id", rname=f"{{name}}_{number}")
    return rows.drop(*(f"customer_id_{number}" for number in range(len(facets))))


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
    dated_amount = _money(portraits["dated_amount"])
    return portraits.mutate(
        **zeros,
        undated_orders=portraits["undated_orders"].fill_null(0),
        age_years=age(portraits["birth_on"], as_of, time_zone),
        channels=portraits["channels"].fill_null(NO_NAMES),
        categories=portraits["categories"].fill_null(NO_NAMES),
        brands=portraits["brands"].fill_null(NO_NAMES),
        revenue_amount=bought_amount - returned_amount,
        returned_amount=returned_amount,
        returns=portraits["refunds"].fill_null(0) + portraits["receipts"].fill_null(0),
        return_share=returned_amount.cast("float64") / dated_amount.cast("float64").nullif(0.0),
        has_open_complaint=portraits["has_open_complaint"].fill_null(False),
    )


def _money(amount: ir.Value) -> ir.DecimalValue:
    return amount.fill_null(0).cast("decimal(18, 4)")
