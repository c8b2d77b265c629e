"""Whose a record is: the customer of its person, else of the order that it is about."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["of_customer", "order_customers"]


def order_customers(links: ir.Table, orders: ir.Table) -> ir.Table:
    """The customer of each order that has one.

    A return without a person belongs to the customer of the order that it takes back.

    Returns:
        Columns `order_id` and `customer_id`, one row an order.
    """
    stated = orders.select("order_id", "person_id", "refers_to_order_id").left_join(
        links.select("person_id", "customer_id"), "person_id"
    )
    known = stated.filter(stated["customer_id"].notnull()).select("order_id", "customer_id")
    unknown = stated.filter(
        stated["customer_id"].isnull() & stated["refers_to_order_id"].notnull()
    ).select("order_id", "refers_to_order_id")
    bought = known.view()
    brought_back = unknown.join(bought, unknown["refers_to_order_id"] == bought["order_id"])
    return known.union(
        brought_back.select(order_id=unknown["order_id"], customer_id=bought["customer_id"])
    )


def of_customer(records: ir.Table, links: ir.Table, buyers: ir.Table) -> ir.Table:
    """The records with `customer_id`, empty where a record ties to nobody.

    Args:
        records: has `person_id` and `order_id`, either of which may be empty.
        links: person to customer.
        buyers: order to customer, as `order_customers` returns it.

    Returns:
        All columns of the records, `customer_id`, and `has_buyer`: whether the order that it is
        about is one of ours and has a customer.
    """
    person = links.select(linked_person_id="person_id", linked_customer_id="customer_id")
    buyer = buyers.select(bought_order_id="order_id", bought_customer_id="customer_id")
    joined = records.left_join(person, records["person_id"] == person["linked_person_id"])
    joined = joined.left_join(buyer, joined["order_id"] == buyer["bought_order_id"])
    return joined.mutate(
        customer_id=ibis.coalesce(joined["linked_customer_id"], joined["bought_customer_id"]),
        has_buyer=joined["bought_customer_id"].notnull(),
    ).select(*records.columns, "customer_id", "has_buyer")
