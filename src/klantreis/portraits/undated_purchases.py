"""Purchases of which only the number is known: what sources keep in one line, less what they date."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.tables import contract

__all__ = ["undated_purchases"]

WHOSE = ["person_id", "channel"]


def undated_purchases(
    order_totals: ir.Table,
    links: ir.Table,
    timeline: ir.Table,
    orders: ir.Table,
    events: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
) -> ir.Table:
    """Take from the totals of each person record what is known purchase by purchase.

    A total covers what its own record bought: the purchases of that record and channel in the
    timeline are part of it. No date is made up for the others. What several records of one
    customer bought is added up.

    Args:
        order_totals: those with a last purchase after `as_of` do not count.
        links: person to customer.
        timeline: its purchases up to `as_of` are those with a day.
        orders, events: whose record each of these is.
        as_of: moment up to which it holds, naive UTC.

    Returns:
        As in the contract of `undated_purchases`.
    """
    if not is_any(order_totals, engine):
        return engine.read([], contract("undated_purchases"))
    counts = (order_totals["orders"] > 0) & (order_totals["last_ordered_at"] <= as_of)
    stated = engine.keep(order_totals.filter(counts))
    dated = _dated(stated, timeline.filter(timeline["occurred_at"] <= as_of), orders, events)
    left = _left_over(stated, engine.keep(dated))
    return _by_customer(left.join(links.select("person_id", "customer_id"), "person_id"))


def _dated(stated: ir.Table, timeline: ir.Table, orders: ir.Table, events: ir.Table) -> ir.Table:
    """Number, money, first and last of the purchases with a day, by person record and channel."""
    bought = events.filter(events["name"] == "purchase")
    records = ibis.union(
        orders.select("person_id", record_id="order_id", record_table=ibis.literal("orders")),
        bought.select("person_id", record_id="event_id", record_table=ibis.literal("events")),
    ).semi_join(stated, "person_id")
    purchases = timeline.filter(timeline["event"] == "purchase").select(
        "record_table", "record_id", "channel", "occurred_at", "amount"
    )
    owned = purchases.join(records, ["record_table", "record_id"])
    return owned.group_by(WHOSE).aggregate(
        dated=owned.count(),
        dated_amount=owned["amount"].sum(),
        first_dated_at=owned["occurred_at"].min(),
        last_dated_at=owned["occurred_at"].max(),
    )


def _left_over(stated: ir.Table, dated: ir.Table) -> ir.Table:
    """The totals less the purchases with a day, where these leave purchases or dates over."""
    joined = stated.left_join(dated, WHOSE)
    orders = ibis.greatest(joined["orders"] - joined["dated"].fill_null(0), 0)
    amount = joined["total_amount"] - joined["dated_amount"].fill_null(0)
    # A first date after the last one tells nothing.
    first_at = joined["first_ordered_at"]
    first_at = ibis.ifelse(first_at <= joined["last_ordered_at"], first_at, ibis.null())
    rows = joined.select(
        "person_id",
        "channel",
        "last_ordered_at",
        "first_dated_at",
        "last_dated_at",
        orders=orders,
        amount=ibis.ifelse((orders > 0) & (amount > 0), amount, 0),
        first_ordered_at=first_at,
    )
    tells_dates = (rows["first_ordered_at"] < rows["first_dated_at"]) | (
        rows["last_ordered_at"] > rows["last_dated_at"]
    )
    return rows.filter((rows["orders"] > 0) | tells_dates.fill_null(False))


def _by_customer(left: ir.Table) -> ir.Table:
    owned = left.filter(left["customer_id"].notnull())
    begins_unknown = (owned["orders"] > 0) & owned["first_ordered_at"].isnull()
    added = owned.group_by("customer_id", "channel").aggregate(
        orders=owned["orders"].sum(),
        amount=owned["amount"].sum().cast("decimal(18, 4)"),
        first_ordered_at=owned["first_ordered_at"].min(),
        last_ordered_at=owned["last_ordered_at"].max(),
        begins_unknown=owned.count(where=begins_unknown),
    )
    # Any of those without a first date may lie before all that is told.
    known = ibis.ifelse(added["begins_unknown"] == 0, added["first_ordered_at"], ibis.null())
    return added.mutate(first_ordered_at=known)
