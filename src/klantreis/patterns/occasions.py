"""The occasions that joined measures are taken of: each made once for all measures that rest on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine

__all__ = ["OCCASIONS", "Joined", "in_leaflet"]

IN_ORDER = ibis.window(group_by="customer_id", order_by="position")
FIRST_PURCHASES = 2
MILLISECONDS_PER_DAY = 86_400_000


@dataclass(frozen=True)
class Joined:
    """What occasions are made from: tables as in their contracts, and `around` of `around.py`.

    The engine keeps what is used more than once.
    """

    around: ir.Table
    orders: ir.Table
    order_lines: ir.Table
    products: ir.Table
    offers: ir.Table
    journeys: ir.Table
    survey_answers: ir.Table
    links: ir.Table
    engine: Engine


def purchases(joined: Joined) -> ir.Table:
    """Completed purchases, with what they were, came from and led to.

    Beside the columns of `around`: `number` (1 for the customer's first), `earlier_at`,
    `earlier_channel`, `later_at`, `orientation_channel` (of the journey; empty where nothing was
    seen before the purchase, or for a later purchase in it), `discount_amount` and `paid_amount`
    (EUR), `is_returned`, `has_leaflet_offer`, and at the second purchase `categories` in both.
    """
    rows = joined.around.filter(joined.around["kind"] == "purchase")
    rows = rows.mutate(
        number=ibis.row_number().over(IN_ORDER) + 1,
        earlier_at=rows["occurred_at"].lag().over(IN_ORDER),
        earlier_channel=rows["at_channel"].lag().over(IN_ORDER),
        later_at=rows["occurred_at"].lead().over(IN_ORDER),
    )
    rows = numbered = joined.engine.keep(rows)
    bought = joined.journeys.filter(joined.journeys["purchased_at"].notnull())
    oriented = bought.select(
        "customer_id", "orientation_channel", occurred_at="purchased_at"
    ).distinct(on=["customer_id", "occurred_at"])
    rows = _beside(rows, oriented, ["customer_id", "occurred_at"])
    rows = _beside(rows, _sums(joined.orders), ["order_id"])
    shown = in_leaflet(numbered, joined.offers, joined.order_lines).mutate(has_leaflet_offer=True)
    rows = _beside(rows, shown, ["order_id"])
    rows = _beside(rows, _breadth(numbered, joined), ["customer_id"])
    return rows.mutate(
        is_returned=rows["is_returned"].fill_null(False),
        has_leaflet_offer=rows["has_leaflet_offer"].fill_null(False),
        categories=ibis.ifelse(rows["number"] == FIRST_PURCHASES, rows["categories"], None),
    )


def _beside(rows: ir.Table, more: ir.Table, keys: list[str]) -> ir.Table:
    return rows.left_join(more, keys).drop(*(f"{key}_right" for key in keys))


def _sums(orders: ir.Table) -> ir.Table:
    """Money of each sale, and whether something of it is known to have come back."""
    receipts = orders.filter(orders["refers_to_order_id"].notnull())
    taken_back = receipts.select(order_id="refers_to_order_id").distinct().mutate(taken_back=True)
    sales = orders.filter(orders["kind"] == "sale").left_join(taken_back, "order_id")
    is_refunded = (sales["refunded_amount"] > 0).fill_null(False) | (sales["status"] == "refunded")
    return sales.select(
        "order_id",
        paid_amount=sales["total_amount"].cast("float64"),
        discount_amount=sales["discount_amount"].cast("float64"),
        is_returned=is_refunded | sales["taken_back"].fill_null(False),
    )


def in_leaflet(purchases: ir.Table, offers: ir.Table, order_lines: ir.Table) -> ir.Table:
    """Orders with a product that stood in a leaflet on that day."""
    shown = offers.filter((offers["medium"] == "leaflet") & offers["product_id"].notnull())
    shown = shown.select("product_id", "starts_on", "ends_on")
    bought = purchases.select("order_id", bought_on=purchases["occurred_at"].date())
    lines = order_lines.filter(order_lines["quantity"] > 0)
    lines = lines.select("order_id", "product_id").join(bought, "order_id")
    found = lines.join(
        shown,
        [
            lines["product_id"] == shown["product_id"],
            shown["starts_on"] <= lines["bought_on"],
            shown["ends_on"] >= lines["bought_on"],
        ],
    )
    return found.select("order_id").distinct()


def _breadth(purchases: ir.Table, joined: Joined) -> ir.Table:
    """Different categories in a customer's first two purchases together."""
    first = purchases.filter(purchases["number"] <= FIRST_PURCHASES)
    lines = joined.order_lines.filter(joined.order_lines["quantity"] > 0)
    named = lines.select("order_id", "product_id").join(
        joined.products.select("product_id", "category"), "product_id"
    )
    owned = named.join(first.select("order_id", "customer_id"), "order_id")
    each = owned.filter(owned["category"].notnull()).select("customer_id", "category").distinct()
    return each.group_by("customer_id").aggregate(categories=each.count().cast("float64"))


def recommendations(joined: Joined) -> ir.Table:
    """Answers to the NPS question after a purchase: `score` 0 to 10, and where that purchase was.

    Only answers within 90 days after a purchase; `at_channel` is that of the purchase.
    """
    answers = joined.survey_answers.filter(
        (joined.survey_answers["kind"] == "nps") & joined.survey_answers["score"].notnull()
    )
    owned = answers.join(joined.links.select("person_id", "customer_id"), "person_id")
    owned = owned.filter(owned["customer_id"].notnull()).select(
        "response_id", "customer_id", "score", answered_at="answered_at"
    )
    bought = joined.around.filter(joined.around["kind"] == "purchase").select(
        "customer_id", "at_channel", "occurred_at"
    )
    pairs = owned.join(bought, "customer_id")
    near = pairs.filter(
        (pairs["occurred_at"] <= pairs["answered_at"])
        & (pairs["answered_at"] <= pairs["occurred_at"] + ibis.interval(days=90))
    )
    return near.group_by(["response_id", "customer_id"]).aggregate(
        score=near["score"].max(),
        at_channel=near["at_channel"].argmax(near["occurred_at"]),
        occurred_at=near["answered_at"].max(),
    )


def first_contacts(joined: Joined) -> ir.Table:
    """Each customer's first service contact, with `spent_before` and `spent_after` it in 90 days (EUR)."""
    contacts = joined.around.filter(joined.around["kind"] == "contact")
    first = contacts.mutate(number=ibis.row_number().over(IN_ORDER))
    first = first.filter(first["number"] == 0).select(
        "customer_id", "at_channel", "occurred_at", "days_seen"
    )
    bought = joined.around.filter(joined.around["kind"] == "purchase").select(
        "customer_id", "amount", bought_at="occurred_at"
    )
    pairs = first.left_join(bought, "customer_id").drop("customer_id_right")
    waited = pairs["bought_at"].delta(pairs["occurred_at"], unit="millisecond")
    days = waited / MILLISECONDS_PER_DAY
    return pairs.group_by(first.columns).aggregate(
        spent_before=pairs["amount"].sum(where=(days < 0) & (days >= -90)).fill_null(0.0),
        spent_after=pairs["amount"].sum(where=(days > 0) & (days <= 90)).fill_null(0.0),
    )


def moments(joined: Joined) -> ir.Table:
    """All other moments of `around`: visits, returns, opened mails, failed payments ... by `kind`."""
    return joined.around.filter(joined.around["kind"] != "purchase")


OCCASIONS: Mapping[str, Callable[[Joined], ir.Table]] = {
    "purchases": purchases,
    "moments": moments,
    "recommendations": recommendations,
    "first_contacts": first_contacts,
}
