"""Recency, frequency and money of everybody who bought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from klantreis.segments.quintiles import quintile
from klantreis.segments.refunds import refunds
from klantreis.segments.rfm_groups import rfm_group
from klantreis.settings import RfmLimits

__all__ = ["rfm"]

MILLISECONDS_PER_DAY = 86_400_000
FIFTHS = RfmLimits()


def rfm(
    timeline: ir.Table,
    orders: ir.Table,
    undated_purchases: ir.Table,
    *,
    as_of: datetime,
    rfm_window_days: int,
    rfm_limits: RfmLimits = FIFTHS,
) -> ir.Table:
    """Score every customer who ever bought on recency, frequency and money.

    Scores are quintiles (see `quintile`; recency by the fewest days) among the customers with a purchase in the window, or
    follow the owner's limits. Who bought only before the window has frequency 0, money 0 and
    score 1 three times, and so does not shift the limits of the others.

    Money is what was bought in the window, less what was refunded on those purchases, less
    returns on a receipt of their own in the window. A refund whose order also has such a receipt
    counts once.

    Purchases of which only the number is known count, with their money, for who bought last in the
    window: sources keep such totals over all years, so they may lie before it. Recency is by the
    last purchase that is told, with or without others.

    Args:
        timeline: as in its contract.
        orders: as in its contract.
        undated_purchases: as in its contract; those of which the last is after `as_of` do not count.
        as_of: the moment of measuring (UTC).
        rfm_window_days: the window is (`as_of` minus this, `as_of`], in days.
        rfm_limits: limits between the scores; without any the scores are quintiles.

    Returns:
        As in the contract of `rfm`.
    """
    bought = _bought(timeline, orders, undated_purchases, as_of, rfm_window_days)
    bought = bought.mutate(as_of=ibis.literal(as_of, "timestamp(6)"))
    waited = bought["as_of"].delta(bought["last_order_at"], unit="millisecond")
    bought = bought.mutate(recency_days=waited / MILLISECONDS_PER_DAY)
    is_active = bought["frequency"] > 0
    scored = bought.mutate(
        recency_score=_within(bought["recency_days"], rfm_limits.days, is_active)
        if rfm_limits.days
        else _fifth_least(bought["recency_days"], is_active),
        frequency_score=_score(bought["frequency"], rfm_limits.orders, is_active),
        monetary_score=_score(bought["monetary_amount"], rfm_limits.amount, is_active),
    )
    return scored.mutate(
        segment=rfm_group(
            scored["recency_score"], scored["frequency_score"], scored["monetary_score"]
        )
    )


def _score(
    value: ir.NumericColumn, limits: Sequence[float], is_active: ir.BooleanColumn
) -> ir.IntegerValue:
    """The more the higher: 1 below the first limit, 5 from the last limit on; or quintiles."""
    if not limits:
        return _fifth(value, is_active)
    return ibis.ifelse(is_active, 1 + _passed(value, limits), 1)


def _within(
    days: ir.NumericColumn, limits: Sequence[float], is_active: ir.BooleanColumn
) -> ir.IntegerValue:
    """The fewer days the higher: 5 below the first limit, 1 from the last limit on."""
    return ibis.ifelse(is_active, 5 - _passed(days, limits), 1)


def _passed(value: ir.NumericColumn, limits: Sequence[float]) -> ir.IntegerValue:
    return reduce(add, ((value >= limit).cast("int64") for limit in limits))


def _fifth(value: ir.Column, is_active: ir.BooleanColumn) -> ir.IntegerValue:
    return ibis.ifelse(is_active, quintile(value, within=is_active), 1)


def _fifth_least(value: ir.Column, is_active: ir.BooleanColumn) -> ir.IntegerValue:
    """The fewer the higher, equals with the highest of them: who all bought last today score 5."""
    return ibis.ifelse(is_active, 6 - quintile(value, within=is_active), 1)


def _bought(
    timeline: ir.Table,
    orders: ir.Table,
    undated_purchases: ir.Table,
    as_of: datetime,
    rfm_window_days: int,
) -> ir.Table:
    """One row per customer with a purchase: last purchase, number and money in the window."""
    now = ibis.literal(as_of, "timestamp(6)")
    start = now - ibis.interval(days=rfm_window_days)
    moments = _dated(timeline, orders, now).union(_undated(undated_purchases, now))
    is_purchase = moments["event"] == "purchase"
    # The window of who has purchases without a day is that of their last purchase.
    is_inside = (moments["occurred_at"] > start) & ~moments["is_undated"]
    bought = moments.group_by("customer_id").aggregate(
        last_order_at=moments["occurred_at"].max(where=is_purchase),
        dated=moments["orders"].sum(where=is_purchase & is_inside),
        money=moments["money"].sum(where=is_inside),
        undated=moments["orders"].sum(where=moments["is_undated"]),
        undated_money=moments["money"].sum(where=moments["is_undated"]),
    )
    bought = bought.filter(bought["last_order_at"].notnull())
    is_active = bought["last_order_at"] > start
    orders_told = bought["dated"].fill_null(0) + bought["undated"].fill_null(0)
    money = bought["money"].fill_null(0) + bought["undated_money"].fill_null(0)
    return bought.select(
        "customer_id",
        "last_order_at",
        # Who bought last in the window bought there at least once.
        frequency=ibis.ifelse(is_active, ibis.greatest(orders_told, 1), 0),
        monetary_amount=ibis.ifelse(is_active, money, 0).cast("decimal(18, 4)"),
    )


def _dated(timeline: ir.Table, orders: ir.Table, now: ir.TimestampScalar) -> ir.Table:
    """Purchases and returns, each with its money."""
    moments = timeline.filter(
        timeline["event"].isin(("purchase", "return")) & (timeline["occurred_at"] <= now)
    ).select("customer_id", "occurred_at", "event", "order_id", "amount")
    moments = moments.left_join(refunds(orders, now), "order_id")
    # What came back carries a negative amount; a refund lowers the purchase that it undoes.
    money = moments["amount"].fill_null(0) - ibis.ifelse(
        moments["event"] == "purchase", moments["refunded_amount"].fill_null(0), 0
    )
    return moments.select(
        "customer_id",
        occurred_at=moments["occurred_at"].cast("timestamp(6)"),
        event=moments["event"],
        orders=ibis.literal(1, "int64"),
        money=money.cast("decimal(18, 4)"),
        is_undated=ibis.literal(False),
    )


def _undated(undated_purchases: ir.Table, now: ir.TimestampScalar) -> ir.Table:
    """Purchases of which only the number is known, at the last moment that is told of them."""
    told = undated_purchases.filter(undated_purchases["last_ordered_at"] <= now)
    return told.select(
        "customer_id",
        occurred_at=told["last_ordered_at"].cast("timestamp(6)"),
        event=ibis.literal("purchase"),
        orders=told["orders"],
        money=told["amount"].cast("decimal(18, 4)"),
        is_undated=ibis.literal(True),
    )
