"""Purchase histories of customers at a moment, and what they bought in the time after it."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.segments.clv.histories import Histories
from klantreis.segments.refunds import refunds

__all__ = ["HISTORY", "day_number", "histories", "purchase_days", "seen_at"]

MILLISECONDS_PER_DAY = 86_400_000
EPOCH = datetime(1970, 1, 1)
# What tells histories apart for a purchase model, in whole days.
HISTORY = ("frequency", "recency_days", "age_days")


def day_number(moment: datetime) -> int:
    """The day of a moment (UTC), counted from 1970."""
    return (moment - EPOCH).days


def purchase_days(timeline: ir.Table, orders: ir.Table, *, as_of: datetime) -> ir.Table:
    """One row for each customer and day (UTC) on which money changed hands.

    A refund lowers the purchase that it undoes; a return on a receipt of its own counts on its
    own day.

    Returns:
        Columns `customer_id`, `day` (days from 1970), `is_purchase` and `amount`.
    """
    now = ibis.literal(as_of, "timestamp(6)")
    rows = timeline.filter(
        timeline["event"].isin(("purchase", "return")) & (timeline["occurred_at"] <= now)
    ).select("customer_id", "occurred_at", "event", "order_id", "amount")
    rows = rows.left_join(refunds(orders, now), "order_id")
    since = rows["occurred_at"].delta(ibis.literal(EPOCH, "timestamp(6)"), unit="millisecond")
    is_purchase = rows["event"] == "purchase"
    paid_back = ibis.ifelse(is_purchase, rows["refunded_amount"].fill_null(0), 0)
    each = rows.select(
        "customer_id",
        day=(since // MILLISECONDS_PER_DAY).cast("int64"),
        is_purchase=is_purchase,
        amount=rows["amount"].fill_null(0) - paid_back,
    )
    return each.group_by(["customer_id", "day"]).aggregate(
        is_purchase=each["is_purchase"].any(), amount=each["amount"].sum()
    )


def seen_at(days: ir.Table, until: int, *, later_days: int = 0) -> ir.Table:
    """One row for each customer who had bought by the end of the day `until`.

    Returns:
        `customer_id`; `frequency` (days with a purchase after the first), `recency_days`,
        `age_days`; `amount` so far; and of the `later_days` after it: `later_orders` (days with
        a purchase), `later_amount`, and `later_after_days` to the first of them.
    """
    is_before, is_purchase = days["day"] <= until, days["is_purchase"]
    is_later = ~is_before & (days["day"] <= until + later_days)
    bought = is_before & is_purchase
    rows = days.group_by("customer_id").aggregate(
        order_days=days.count(where=bought),
        first_day=days["day"].min(where=bought),
        last_day=days["day"].max(where=bought),
        amount=_money(days["amount"].sum(where=is_before)),
        later_orders=days.count(where=is_later & is_purchase),
        later_amount=_money(days["amount"].sum(where=is_later)),
        later_day=days["day"].min(where=is_later & is_purchase),
    )
    rows = rows.filter(rows["order_days"] > 0)
    return rows.select(
        "customer_id",
        "order_days",
        "amount",
        "later_orders",
        "later_amount",
        frequency=rows["order_days"] - 1,
        recency_days=rows["last_day"] - rows["first_day"],
        age_days=ibis.literal(until, "int64") - rows["first_day"],
        later_after_days=rows["later_day"] - until,
    )


def _money(total: ir.DecimalScalar) -> ir.FloatingScalar:
    """Summed as decimals, so that the order of the rows is of no account."""
    return total.fill_null(0).cast("float64")


def histories(seen: ir.Table, engine: Engine) -> tuple[Histories, pa.Table]:
    """The different histories with how many customers have each, and what those bought later.

    Returns:
        The histories; and of the same rows `customers`, `later_orders`, `later_squares` (sum of
        their squares), `later_buyers` and `later_amount`.
    """
    later = seen["later_orders"]
    rows = seen.group_by(list(HISTORY)).aggregate(
        customers=seen.count(),
        later_orders=later.sum(),
        later_squares=(later * later).sum(),
        later_buyers=seen.count(where=later > 0),
        later_amount=seen["later_amount"].sum(),
    )
    # A fixed order gives the same sums, to the last digit, on each run.
    told = engine.fetch(rows.order_by(list(HISTORY)))
    columns = (told[name].to_numpy() for name in (*HISTORY, "customers"))
    return Histories.of(*columns), told
