"""Whom a change touches: the customers whose timeline or portrait has to be made anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.portraits.owners import of_customer, order_customers
from klantreis.portraits.standing import BASKET_DAYS
from klantreis.tables import contract

__all__ = ["of_moments", "of_portraits", "of_timeline"]

Tables = Mapping[str, ir.Table]

OWNED = ("events", "payments", "feedback")  # may hang on an order instead of a person
RECORDS = (*OWNED, "messages")
BASKET = ("add_to_cart", "remove_from_cart")


def of_timeline(now: Tables, before: Tables, changed: Tables, engine: Engine) -> ir.Table:
    """The customers of whom something stands in the timeline differently now.

    Those whose records changed, whose persons came or went, and who have a record about an order
    of which something changed, as it is now and as it was.

    Args:
        now: `links` and the tables with records.
        before: `timeline`, `links` and `survey_answers` as they were.
        changed: the keys that changed of each of `now`.

    Returns:
        Column `customer_id`, each once.
    """
    links = now["links"].filter(now["links"]["customer_id"].notnull())
    buyers = engine.keep(order_customers(links, now["orders"]))
    orders = engine.keep(_altered_orders(now["orders"], changed))
    responses = engine.keep(_responses(now, before, changed))
    owners = [
        *(side["links"].semi_join(changed["links"], "person_id") for side in (now, before)),
        buyers.semi_join(orders, "order_id"),
        _linked(now["messages"].semi_join(changed["messages"], "message_id"), links),
        _linked(now["survey_answers"].semi_join(responses, "response_id"), links),
    ]
    for name in OWNED:
        rows = now[name]
        for keys in (changed[name], orders):
            own = rows.semi_join(keys, keys.columns)
            owners.append(of_customer(own, links, buyers))
    stood = before["timeline"].select("customer_id", "order_id", "record_table", "record_id")
    records = [_records(name, changed[name]) for name in RECORDS]
    records.append(_records("survey_answers", responses))
    owners.append(stood.semi_join(orders, "order_id"))
    owners.append(stood.semi_join(ibis.union(*records), ["record_table", "record_id"]))
    return _numbers(owners, engine)


def of_moments(
    timeline: ir.Table,
    changed_timeline: ir.Table,
    engine: Engine,
    *,
    held_until: datetime,
    as_of: datetime,
) -> ir.Table:
    """The customers of whom a moment changed, or happened since.

    Args:
        timeline: as it is now.
        changed_timeline: the keys of the moments that changed.
        held_until: the moment up to which it was told before.
        as_of: the moment up to which it will be told.

    Returns:
        Column `customer_id`, each once.
    """
    moment = timeline["occurred_at"]
    happened = timeline.filter((moment > held_until) & (moment <= as_of))
    return _numbers([changed_timeline, happened], engine)


def of_portraits(
    now: Tables,
    before: Tables,
    changed: Tables,
    engine: Engine,
    *,
    held_until: datetime,
    as_of: datetime,
) -> ir.Table:
    """The customers whose portrait may have another look now.

    Of whom something changed, and for whom time does it: what lay in the future has happened, and
    what was put in a basket has been there too long.

    Args:
        now: the tables that portraits are made from.
        before: `orders`, `order_lines`, `payments` and `products` as they were.
        changed: the keys that changed of each of `now`.
        held_until: the moment up to which the portraits of before held.
        as_of: the moment up to which they will hold.

    Returns:
        Column `customer_id`, each once.
    """
    timeline = now["timeline"]
    products = engine.keep(_altered_products(now["products"], before["products"]))
    orders = engine.keep(_orders_told_otherwise(now, before, changed, products, held_until, as_of))
    purchases = timeline.filter(timeline["event"] == "purchase")
    contacts = timeline.filter(timeline["record_table"] == "feedback")
    moment, days = timeline["occurred_at"], timedelta(days=BASKET_DAYS)
    in_basket = timeline["event"].isin(BASKET)
    baskets = timeline.filter(in_basket & (moment > held_until - days))
    owners = [
        *(changed[name] for name in ("customers", "households", "timeline")),
        purchases.semi_join(orders, "order_id"),
        contacts.semi_join(_records("feedback", changed["feedback"]), "record_id"),
        baskets.semi_join(products, "product_id"),
        timeline.filter((moment > held_until) & (moment <= as_of)),
        timeline.filter(in_basket & (moment > held_until - days) & (moment <= as_of - days)),
    ]
    return _numbers(owners, engine)


def _altered_orders(orders: ir.Table, changed: Tables) -> ir.Table:
    """Orders that changed, or may be somebody else's; with those that take them back."""
    own = ibis.union(
        changed["orders"].select("order_id"),
        orders.semi_join(changed["links"], "person_id").select("order_id"),
    )
    back = orders.semi_join(own, orders["refers_to_order_id"] == own["order_id"])
    return own.union(back.select("order_id"), distinct=True)


def _responses(now: Tables, before: Tables, changed: Tables) -> ir.Table:
    """Filled-in surveys of which an answer changed."""
    answers = (
        side["survey_answers"]
        .semi_join(changed["survey_answers"], "answer_id")
        .select("response_id")
        for side in (now, before)
    )
    return ibis.union(*answers, distinct=True)


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


def _linked(rows: ir.Table, links: ir.Table) -> ir.Table:
    return links.semi_join(rows, "person_id")


def _records(table: str, keys: ir.Table) -> ir.Table:
    (key,) = keys.columns
    return keys.select(record_table=ibis.literal(table), record_id=keys[key])


def _numbers(owners: list[ir.Table], engine: Engine) -> ir.Table:
    together = ibis.union(*(rows.select("customer_id") for rows in owners), distinct=True)
    return engine.keep(together.filter(together["customer_id"].notnull()))
