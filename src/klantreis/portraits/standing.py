"""Where customers stand at this moment: an open basket, a complaint without an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from klantreis.tables.vocabulary import ONLINE_CHANNELS

__all__ = ["open_baskets", "open_complaints"]

BASKET_DAYS = 14
SOLVED = ("solved", "closed", "resolved")


def open_baskets(
    timeline: ir.Table,
    purchases: ir.Table,
    bought: ir.Table,
    products: ir.Table,
    *,
    as_of: datetime,
) -> ir.Table:
    """Per customer: what was put in the basket in the last 14 days and not bought since.

    An online purchase empties the basket; a product that was bought since in a store leaves it.
    The value is the normal price of the pieces put in less those taken out.
    """
    recent = timeline.filter(
        timeline["event"].isin(("add_to_cart", "remove_from_cart"))
        & timeline["product_id"].notnull()
        & (timeline["occurred_at"] > as_of - timedelta(days=BASKET_DAYS))
    )
    online = purchases.filter(purchases["channel"].isin(ONLINE_CHANNELS))
    emptied = online.group_by("customer_id").aggregate(emptied_at=online["occurred_at"].max())
    since = recent.left_join(emptied, "customer_id").drop("customer_id_right")
    since = since.filter(
        since["emptied_at"].isnull() | (since["occurred_at"] > since["emptied_at"])
    )
    put_in = since["event"] == "add_to_cart"
    items = since.group_by("customer_id", "product_id").aggregate(
        pieces=since.count(where=put_in) - since.count(where=~put_in),
        put_in_at=since["occurred_at"].max(where=put_in),
    )
    items = items.filter(items["pieces"] > 0)
    later = bought.select("customer_id", "product_id", "last_bought_at")
    items = items.left_join(later, ["customer_id", "product_id"])
    wanted = items.filter(
        items["last_bought_at"].isnull() | (items["last_bought_at"] < items["put_in_at"])
    )
    priced = wanted.select("customer_id", "product_id", "pieces").join(
        products.select("product_id", "price_amount"), "product_id"
    )
    return priced.group_by("customer_id").aggregate(
        open_basket_amount=(priced["pieces"] * priced["price_amount"]).sum()
    )


def open_complaints(timeline: ir.Table, feedback: ir.Table) -> ir.Table:
    """Customers with a ticket or chat that is not solved."""
    unsolved = feedback.filter(
        feedback["kind"].isin(("ticket", "chat")) & ~feedback["status"].isin(SOLVED)
    )
    contacts = timeline.filter(timeline["event"].isin(("ticket", "chat")))
    is_open = contacts.semi_join(unsolved, contacts["record_id"] == unsolved["feedback_id"])
    return is_open.select("customer_id").distinct().mutate(has_open_complaint=ibis.literal(True))
