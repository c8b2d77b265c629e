"""Whom a change touches: the customers whose portrait has to be made anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, happened
from klantreis.portraits.age import had_a_birthday
from klantreis.portraits.standing import BASKET_DAYS
from klantreis.tables import contract

__all__ = ["of_portraits"]

Tables = Mapping[str, ir.Table]

BASKET = ("add_to_cart", "remove_from_cart")


def of_portraits(
    now: Tables,
    before: Tables,
    changed: Tables,
    engine: Engine,
    *,
    held_until: datetime,
    as_of: datetime,
    time_zone: str,
) -> ir.Table:
    """The customers whose portrait may have another look now.

    Of whom something changed, and for whom time does it: what lay in the future has happened, what
    was put in a basket has been there too long, and who had a birthday is a year older.

    Args:
        now: the tables that portraits are made from, and `occurrences`.
        before: `orders`, `order_lines`, `payments` and `products` as they were.
        changed: the keys that changed of each of `now`.
        held_until: the moment up to which the portraits of before held.
        as_of: the moment up to which they will hold.
        time_zone: IANA name; for the age.

    Returns:
        Column `customer_id`, each once.
    """
    timeline, occurrences = now["timeline"], now["occurrences"]
    products = engine.keep(_altered_products(now["products"], before["products"]))
    orders = engine.keep(_orders_told_otherwise(now, before, changed, products, held_until, as_of))
    feedback = changed["feedback"].select(record_id="feedback_id")
    purchases = occurrences.filter(occurrences["event"] == "purchase")
    contacts = timeline.filter(timeline["record_table"] == "feedback")
    moment, days = occurrences["occurred_at"], timedelta(days=BASKET_DAYS)
    in_baskets = occurrences.filter(occurrences["event"].isin(BASKET))
    owners = [
        *(changed[name] for name in ("customers", "households", "timeline", "undated_purchases")),
        had_a_birthday(now["customers"], held_until, as_of, time_zone),
        purchases.semi_join(orders, "order_id"),
        contacts.select("customer_id", "record_id").semi_join(feedback, "record_id"),
        in_baskets.filter(moment > held_until - days).semi_join(products, "product_id"),
        happened(in_baskets, held_until - days, as_of - days),
        happened(occurrences, held_until, as_of),
    ]
    return _numbers(owners, engine)


def _orders_told_otherwise(
    now: Tables,
    before: Tables,
    changed: Tables,
    products: ir.Table,
    held_until: datetime,
    as_of: datetime,
) -> ir.Table:
    """Orders of which what was bought, paid or brought back is told otherwise than before."""
    orders = now["orders"]
    paid_back = orders.filter(
        (orders["refunded_at"] > held_until) & (orders["refunded_at"] <= as_of)
    )
    told = [
        changed["orders"].select("order_id"),
        paid_back.select("order_id"),
        now["order_lines"].semi_join(products, "product_id").select("order_id"),
    ]
    for side in (now, before):
        receipts = side["orders"].semi_join(changed["orders"], "order_id")
        told.append(receipts.select(order_id="refers_to_order_id"))
        for name in ("payments", "order_lines"):
            own = side[name].semi_join(changed[name], contract(name).key)
            told.append(own.select("order_id"))
    return ibis.union(*told, distinct=True)


def _altered_products(now: ir.Table, before: ir.Table) -> ir.Table:
    """Products that are sorted or priced otherwise than before: what a portrait tells of them."""
    told = ["product_id", "category", "brand", "price_amount"]
    fresh, stale = now.select(told), before.select(told)
    return (
        ibis.union(fresh.difference(stale), stale.difference(fresh)).select("product_id").distinct()
    )


def _numbers(owners: list[ir.Table], engine: Engine) -> ir.Table:
    together = ibis.union(*(rows.select("customer_id") for rows in owners), distinct=True)
    return engine.keep(together.filter(together["customer_id"].notnull()))
