"""What customers bought, how and where, and what came back: facets from purchases and returns."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.portraits.preference import most
from klantreis.tables.vocabulary import ONLINE_CHANNELS

__all__ = [
    "assortment",
    "bought_lines",
    "preferences",
    "purchases",
    "regularity",
    "researched_online",
    "returned",
    "totals",
]

MOMENT, MONEY = "timestamp(6)", "decimal(18, 4)"  # engines differ in what they call these
SECONDS_A_DAY = 86_400
MILLISECONDS_A_MINUTE = 60_000
RESEARCH_DAYS = 14
PAID = ("paid", "authorized")


def purchases(
    timeline: ir.Table, orders: ir.Table, payments: ir.Table, *, as_of: datetime
) -> ir.Table:
    """Completed purchases of customers, with discount, payment method and what was paid back."""
    moments = timeline.filter(timeline["event"] == "purchase").select(
        "customer_id", "occurred_at", "channel", "store_id", "order_id", "amount"
    )
    paid = payments.filter(payments["status"].isin(PAID) & payments["order_id"].notnull())
    methods = paid.group_by("order_id").aggregate(method=paid["method"].max())
    receipts = orders.filter((orders["kind"] == "return") & orders["refers_to_order_id"].notnull())
    told = receipts.select(order_id="refers_to_order_id").distinct().mutate(has_receipt=True)
    known = (
        orders.select(
            "order_id",
            "status",
            "discount_amount",
            "refunded_amount",
            "refunded_at",
            "payment_method",
        )
        .left_join(methods, "order_id")
        .drop("order_id_right")
        .left_join(told, "order_id")
        .drop("order_id_right")
    )
    joined = moments.left_join(known, "order_id").drop("order_id_right")
    whole = ibis.ifelse(joined["status"] == "refunded", joined["amount"], None)
    paid_back = ibis.coalesce(joined["refunded_amount"], whole)
    # A return on a receipt of its own tells the same money; it is counted once.
    is_told = joined["has_receipt"].fill_null(False)
    is_later = (joined["refunded_at"] > as_of).fill_null(False)
    return joined.select(
        "customer_id",
        "occurred_at",
        "channel",
        "store_id",
        "order_id",
        "amount",
        "discount_amount",
        method=ibis.coalesce(joined["method"], joined["payment_method"]),
        paid_back_amount=ibis.ifelse(is_told | is_later | (paid_back <= 0), None, paid_back),
    )


def totals(purchases: ir.Table, undated: ir.Table) -> ir.Table:
    """Per customer: number, first and last, money, rhythm and discount of the purchases.

    Args:
        purchases: those with a day.
        undated: those of which only the number is known; discount and rest are not told of these.
    """
    rows = _beside_undated(purchases, undated)
    bought = rows.group_by("customer_id").aggregate(
        first_told_at=rows["first_at"].min(),
        last_order_at=rows["last_at"].max(),
        begins_unknown=rows.count(where=(rows["undated"] > 0) & rows["first_at"].isnull()),
        orders=rows["orders"].sum(),
        undated_orders=rows["undated"].sum(),
        orders_web=rows["orders"].sum(where=rows["channel"].isin(ONLINE_CHANNELS)),
        orders_store=rows["orders"].sum(where=rows["channel"] == "store"),
        bought_amount=rows["amount"].sum(),
        dated_amount=rows["amount"].sum(where=rows["undated"] == 0),
        discount_amount=rows["discount_amount"].sum(),
        told=rows["discount_amount"].count(),
        discounted=rows.count(where=rows["discount_amount"] > 0),
        refunds=rows["paid_back_amount"].count(),
        refunded_amount=rows["paid_back_amount"].sum(),
    )
    # A purchase of which nothing is told may lie before the first that is.
    known = ibis.ifelse(bought["begins_unknown"] == 0, bought["first_told_at"], ibis.null())
    bought = bought.mutate(first_order_at=known)
    span = bought["last_order_at"].delta(bought["first_order_at"], unit="second") / SECONDS_A_DAY
    normal = bought["dated_amount"] + bought["discount_amount"]
    return bought.mutate(
        average_order_amount=bought["bought_amount"] / bought["orders"],
        average_days_between_orders=span / (bought["orders"] - 1).nullif(0),
        discount_share=bought["discount_amount"].cast("float64")
        / normal.cast("float64").nullif(0.0),
        offer_share=bought["discounted"].cast("float64") / bought["told"].nullif(0),
    )


def _beside_undated(purchases: ir.Table, undated: ir.Table) -> ir.Table:
    """One row a purchase with a day, and one for all others of a customer on a channel."""
    dated = purchases.select(
        "customer_id",
        "channel",
        first_at=purchases["occurred_at"].cast(MOMENT),
        last_at=purchases["occurred_at"].cast(MOMENT),
        orders=ibis.literal(1, "int64"),
        undated=ibis.literal(0, "int64"),
        amount=purchases["amount"].cast(MONEY),
        discount_amount=purchases["discount_amount"].cast(MONEY),
        paid_back_amount=purchases["paid_back_amount"].cast(MONEY),
    )
    others = undated.select(
        "customer_id",
        "channel",
        first_at=undated["first_ordered_at"].cast(MOMENT),
        last_at=undated["last_ordered_at"].cast(MOMENT),
        orders=undated["orders"],
        undated=undated["orders"],
        amount=undated["amount"].cast(MONEY),
        discount_amount=ibis.null().cast(MONEY),
        paid_back_amount=ibis.null().cast(MONEY),
    )
    return dated.union(others)


def regularity(purchases: ir.Table) -> ir.Table:
    """Per customer with three purchases or more: how irregular these come.

    In whole minutes, so that the sums are exact in any order of rows.
    """
    in_order = ibis.window(group_by="customer_id", order_by=["occurred_at", "order_id"])
    earlier = purchases["occurred_at"].lag().over(in_order)
    waits = purchases.select(
        "customer_id",
        wait=purchases["occurred_at"].delta(earlier, unit="millisecond") // MILLISECONDS_A_MINUTE,
    )
    sums = waits.group_by("customer_id").aggregate(
        n=waits["wait"].count(),
        total=waits["wait"].sum(),
        squares=(waits["wait"] * waits["wait"]).sum(),
    )
    sums = sums.filter((sums["n"] >= 2) & (sums["total"] > 0))
    n, total = sums["n"].cast("float64"), sums["total"].cast("float64")
    variance = (sums["squares"] - total * total / n) / (n - 1)
    spread = ibis.greatest(variance, 0.0).sqrt()
    return sums.select("customer_id", order_interval_variation=spread / (total / n))


def returned(timeline: ir.Table) -> ir.Table:
    """Per customer: returns on a receipt of their own, and their money."""
    moments = timeline.filter(timeline["event"] == "return")
    return moments.group_by("customer_id").aggregate(
        receipts=moments.count(), receipts_amount=-moments["amount"].sum()
    )


def preferences(purchases: ir.Table, undated: ir.Table) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Per customer: the channel with most revenue, and the store and payment method used most.

    Args:
        purchases, undated: as for `totals`.
    """
    rows = _beside_undated(purchases, undated)
    revenue = rows.group_by("customer_id", "channel").aggregate(
        measure=rows["amount"].sum().fill_null(0), last_at=rows["last_at"].max()
    )
    chosen = [most(revenue, "channel", ["measure", "last_at"], name="preferred_purchase_channel")]
    for value, name in (
        ("store_id", "preferred_store_id"),
        ("method", "preferred_payment_method"),
    ):
        counted = purchases.group_by("customer_id", value).aggregate(
            measure=purchases.count(), last_at=purchases["occurred_at"].max()
        )
        chosen.append(most(counted, value, ["measure", "last_at"], name=name))
    channel, store, method = chosen
    return channel, store, method


def bought_lines(purchases: ir.Table, order_lines: ir.Table) -> ir.Table:
    """Per customer and product: revenue, and when it was last bought."""
    lines = order_lines.filter((order_lines["quantity"] > 0) & order_lines["product_id"].notnull())
    owned = lines.select("order_id", "product_id", "line_amount").join(
        purchases.select("order_id", "customer_id", "occurred_at"), "order_id"
    )
    return owned.group_by("customer_id", "product_id").aggregate(
        revenue=owned["line_amount"].sum(), last_bought_at=owned["occurred_at"].max()
    )


def assortment(bought: ir.Table, products: ir.Table) -> ir.Table:
    """Per customer: different products, categories and brands, and those with most revenue."""
    told = bought.group_by("customer_id").aggregate(products=bought.count())
    for sort, plural in (("category", "categories"), ("brand", "brands")):
        placed = bought.join(products.select("product_id", sort), "product_id")
        placed = placed.filter(placed[sort].notnull())
        sums = placed.group_by("customer_id", sort).aggregate(revenue=placed["revenue"].sum())
        named = sums.group_by("customer_id").aggregate(sums[sort].collect().sort().name(plural))
        preferred = most(sums, sort, ["revenue"], name=f"preferred_{sort}")
        for facet in (named, preferred):
            told = told.left_join(facet, "customer_id").drop("customer_id_right")
    return told


def researched_online(purchases: ir.Table, visits: ir.Table) -> ir.Table:
    """Per customer: store purchases with an online visit in the 14 days before (ROPO)."""
    in_store = purchases.filter(purchases["channel"] == "store").select(
        "customer_id", "occurred_at", "order_id"
    )
    online = visits.filter(visits["channel"].isin(ONLINE_CHANNELS))
    researched = in_store.semi_join(
        online,
        [
            in_store["customer_id"] == online["customer_id"],
            online["started_at"] < in_store["occurred_at"],
            online["ended_at"] + ibis.interval(days=RESEARCH_DAYS) >= in_store["occurred_at"],
        ],
    )
    return researched.group_by("customer_id").aggregate(
        research_online_buy_offline_orders=researched.count()
    )
