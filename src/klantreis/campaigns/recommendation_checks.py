"""Whether recommendations are any good: measured on purchases that they were not shown."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.campaigns.wanted_products import neighbours, wanted_products
from klantreis.engine import Engine

__all__ = ["recommendation_checks"]

SHOWN = 5
Z_95 = 1.959963984540054  # two-sided 95 %


def recommendation_checks(
    timeline: ir.Table,
    orders: ir.Table,
    order_lines: ir.Table,
    links: ir.Table,
    *,
    engine: Engine,
) -> ir.Table:
    """Hold out each customer's last purchase, and recommend five products without it.

    What a customer did from the day before that purchase on is held out too, so that the basket
    does not give it away. Only products that the customer did not have yet count, in the purchase
    and in the five.

    Returns:
        As in the contract of `recommendation_checks`: our method beside what is bought most.
    """
    wanted = engine.keep(wanted_products(timeline, orders, order_lines, links))
    last = wanted.group_by("customer_id").aggregate(held_from=wanted["bought_at"].max())
    dated = wanted.join(last, "customer_id")
    is_before = dated["held_from"].isnull() | (
        dated["first_at"] < dated["held_from"] - ibis.interval(days=1)
    )
    known = engine.keep(dated.filter(is_before))
    bought = dated.filter(~is_before & (dated["bought_at"] == dated["held_from"]))
    tested = known.select("customer_id").distinct()
    held_out = engine.keep(
        bought.semi_join(tested, "customer_id").select("customer_id", "product_id")
    )
    asked = engine.keep(
        known.semi_join(held_out, "customer_id").select("customer_id", "product_id")
    )
    shown = ibis.union(
        _by_neighbours(asked, engine.keep(neighbours(known))),
        _most_bought(asked, known, engine),
    )
    hit = shown.semi_join(held_out, ["customer_id", "product_id"])
    hits = hit.select("method", "customer_id").distinct()
    counted = hits.group_by("method").aggregate(hits=hits.count())
    everyone = held_out.aggregate(customers=held_out["customer_id"].nunique())
    methods = ibis.memtable({"method": ["neighbours", "most_bought"]})
    return _with_intervals(methods.cross_join(everyone).left_join(counted, "method"))


def _by_neighbours(asked: ir.Table, near: ir.Table) -> ir.Table:
    """The five products with the highest sum of scores over what the customer wanted before."""
    offered = asked.join(near, "product_id").select(
        "customer_id", "score", product_id="neighbour_id"
    )
    fresh = offered.anti_join(asked, ["customer_id", "product_id"])
    summed = fresh.group_by("customer_id", "product_id").aggregate(score=fresh["score"].sum())
    best = ibis.window(group_by="customer_id", order_by=[ibis.desc("score"), "product_id"])
    ranked = summed.mutate(rank=ibis.row_number().over(best))
    return ranked.filter(ranked["rank"] < SHOWN).select(
        "customer_id", "product_id", method=ibis.literal("neighbours")
    )


def _most_bought(asked: ir.Table, known: ir.Table, engine: Engine) -> ir.Table:
    """The five products that most customers wanted, without those that this one has."""
    sizes = known.group_by("product_id").aggregate(wanters=known.count())
    counts = asked.group_by("customer_id").aggregate(products=asked.count())
    # Who has all of the first hundred does not occur: more products are not looked at.
    top = engine.keep(sizes.order_by([ibis.desc("wanters"), "product_id"]).limit(100 + SHOWN))
    fresh = counts.cross_join(top).anti_join(asked, ["customer_id", "product_id"])
    best = ibis.window(group_by="customer_id", order_by=[ibis.desc("wanters"), "product_id"])
    ranked = fresh.mutate(rank=ibis.row_number().over(best))
    return ranked.filter(ranked["rank"] < SHOWN).select(
        "customer_id", "product_id", method=ibis.literal("most_bought")
    )


def _with_intervals(rows: ir.Table) -> ir.Table:
    """The share that was hit with its Wilson interval (Journal of the ASA 22, 1927)."""
    hits = rows["hits"].fill_null(0)
    n = rows["customers"].cast("float64").nullif(0.0)
    share = hits / n
    middle = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = (share * (1 - share) / n + Z_95**2 / (4 * n * n)).sqrt() * Z_95 / (1 + Z_95**2 / n)
    return rows.select(
        "method",
        "customers",
        hits=hits,
        hit_share=share,
        hit_low=ibis.greatest(middle - half, 0.0),
        hit_high=ibis.least(middle + half, 1.0),
    )
