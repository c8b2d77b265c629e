"""Who wanted which product, and which products are wanted by the same customers."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["neighbours", "wanted_products"]

PRODUCTS_AT_MOST = 100  # of one customer: more is a reseller, and costs the square of it
TOGETHER_AT_LEAST = 3
NEIGHBOURS = 20


def wanted_products(
    timeline: ir.Table, orders: ir.Table, order_lines: ir.Table, links: ir.Table
) -> ir.Table:
    """Every product that a customer bought or put in a basket, with the first and last time.

    Returns:
        `customer_id`, `product_id`, `first_at`, `last_at`, `bought_at` (last purchase; empty when
        it was never bought).
    """
    carted = timeline.filter(
        (timeline["event"] == "add_to_cart") & timeline["product_id"].notnull()
    ).select("customer_id", "product_id", at="occurred_at", bought_at=ibis.null("timestamp(6)"))
    sales = orders.filter((orders["kind"] == "sale") & orders["status"].isin(("completed",)))
    owned = links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")
    lines = order_lines.filter(order_lines["product_id"].notnull()).select("order_id", "product_id")
    sold = sales.select("order_id", "person_id", "ordered_at").join(owned, "person_id")
    sold = sold.join(lines, "order_id").select(
        "customer_id", "product_id", at="ordered_at", bought_at="ordered_at"
    )
    both = carted.union(sold)
    wanted = both.group_by("customer_id", "product_id").aggregate(
        first_at=both["at"].min(), last_at=both["at"].max(), bought_at=both["bought_at"].max()
    )
    counts = wanted.group_by("customer_id").aggregate(products=wanted.count())
    return wanted.anti_join(counts.filter(counts["products"] > PRODUCTS_AT_MOST), "customer_id")


def neighbours(wanted: ir.Table) -> ir.Table:
    """The products that are wanted by the same customers.

    Item-based collaborative filtering with the cosine (Sarwar, Karypis, Konstan and Riedl,
    Item-Based Collaborative Filtering Recommendation Algorithms, WWW 2001); two products that
    fewer than three customers have in common are no neighbours.

    Args:
        wanted: `customer_id` and `product_id`, each pair once.

    Returns:
        As in the contract of `product_neighbours`.
    """
    sizes = wanted.group_by("product_id").aggregate(wanters=wanted.count())
    one = wanted.select("customer_id", "product_id")
    two = wanted.select(other_customer="customer_id", neighbour_id="product_id")
    pairs = one.join(
        two,
        [
            one["customer_id"] == two["other_customer"],
            one["product_id"] != two["neighbour_id"],
        ],
    )
    together = pairs.group_by("product_id", "neighbour_id").aggregate(customers=pairs.count())
    together = together.filter(together["customers"] >= TOGETHER_AT_LEAST)
    others = sizes.select(neighbour_id="product_id", neighbour_wanters="wanters")
    sized = together.join(sizes, "product_id").join(others, "neighbour_id")
    product = sized["wanters"].cast("float64") * sized["neighbour_wanters"]
    scored = sized.mutate(score=sized["customers"] / product.sqrt())
    nearest = ibis.window(group_by="product_id", order_by=[ibis.desc("score"), "neighbour_id"])
    ranked = scored.mutate(rank=ibis.row_number().over(nearest) + 1)
    return ranked.filter(ranked["rank"] <= NEIGHBOURS).select(
        "product_id", "neighbour_id", "rank", "score", "customers"
    )
