"""What customers' purchases left over, where purchase prices are known."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from klantreis.segments.refunds import refunds

__all__ = ["ASSUMED_VAT", "margins"]

ASSUMED_VAT = 0.21  # the normal rate in the Netherlands and Belgium, where an order tells none


def margins(
    orders: ir.Table,
    order_lines: ir.Table,
    products: ir.Table,
    links: ir.Table,
    *,
    now: datetime,
    window_days: int,
) -> ir.Table:
    """Margin per customer on completed orders and returns in the window, without VAT.

    Margin is what a line brought without VAT less the purchase price of its products, which is
    taken to be without VAT. What was paid back on a purchase lowers price and cost alike: the
    goods are taken to have come back. Shipping is left out.

    Args:
        orders, order_lines, products, links: as in their contracts.
        now: end of the window, which is (`now` minus `window_days`, `now`].
        window_days: length of the window.

    Returns:
        `customer_id`, `sold_amount` (all lines), `known_amount` (lines of products with a
        purchase price), `assumed_amount` (lines of orders that tell no VAT) and `margin_amount`
        (on the known ones), all in EUR without VAT, as floats.
    """
    lines = order_lines.select("order_id", "product_id", "quantity", "line_amount").join(
        _kept(orders, links, now, window_days), "order_id"
    )
    costs = products.select("product_id", cost="cost_amount")
    lines = lines.left_join(costs, "product_id")
    sold = lines["line_amount"].cast("float64") * lines["net_share"] * lines["kept_share"]
    spent = lines["cost"].cast("float64") * lines["quantity"] * lines["kept_share"]
    has_cost = lines["cost"].notnull()
    return lines.group_by("customer_id").aggregate(
        sold_amount=sold.sum(),
        known_amount=sold.sum(where=has_cost).fill_null(0.0),
        assumed_amount=sold.sum(where=~lines["tells_vat"]).fill_null(0.0),
        margin_amount=(sold - spent).sum(where=has_cost).fill_null(0.0),
    )


def _kept(orders: ir.Table, links: ir.Table, now: datetime, window_days: int) -> ir.Table:
    """Orders of customers with the part of them that was kept, and the part that is no VAT."""
    moment = ibis.literal(now, "timestamp(6)")
    since = ibis.literal(now - timedelta(days=window_days), "timestamp(6)")
    done = orders.filter(
        (orders["status"] == "completed")
        & (orders["ordered_at"] > since)
        & (orders["ordered_at"] <= moment)
    )
    back = refunds(orders, moment)
    done = done.left_join(back, "order_id").drop("order_id_right")
    owners = links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")
    done = done.join(owners, "person_id")
    total, tax = done["total_amount"].cast("float64"), done["tax_amount"].cast("float64")
    tells_vat = tax.notnull() & (total != 0)
    paid_back = done["refunded_amount_right"].cast("float64").fill_null(0.0)
    return done.select(
        "order_id",
        "customer_id",
        tells_vat=tells_vat,
        net_share=ibis.ifelse(tells_vat, 1 - tax / total.nullif(0), 1 / (1 + ASSUMED_VAT)),
        kept_share=ibis.ifelse(total > 0, 1 - paid_back / total.nullif(0), 1.0),
    )
