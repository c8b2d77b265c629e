"""What one row of a file can be, and where each thing that a column means goes then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from klantreis.sources.guessing.totals import FIRST, SIDES, of_side

__all__ = ["SHAPES", "Shape"]

PERSON: Mapping[str, str] = {
    "customer_number": "identifiers.customer_number",
    "email": "persons.email",
    "phone": "persons.phone",
    "mobile": "persons.phone",
    "loyalty_card": "identifiers.loyalty_card",
    "cookie": "identifiers.cookie",
    "first_name": "persons.first_name",
    "prefix": "persons.prefix",
    "last_name": "persons.last_name",
    "full_name": "persons.last_name",
    "gender": "persons.gender",
    "birth_on": "persons.birth_on",
    "birth_day": "persons.birth_on",
    "birth_month": "persons.birth_on",
    "birth_year": "persons.birth_on",
    # Before the parts of it: a column `Adres` may hold either.
    "address": "persons.street",
    "postcode_town": "persons.postcode",
    "street": "persons.street",
    "house_number": "persons.house_number",
    "house_suffix": "persons.house_number",
    "postcode": "persons.postcode",
    "city": "persons.city",
    "country": "persons.country",
    "language": "persons.language",
    "is_business": "persons.is_business",
    "newsletter": "consents.is_granted",
}
ORDER: Mapping[str, str] = {
    "order_id": "orders.order_id",
    "occurred_at": "orders.ordered_at",
    "clock_time": "orders.ordered_at",
    "order_status": "orders.status",
    "total_amount": "orders.total_amount",
    "shipping_amount": "orders.shipping_amount",
    "tax_amount": "orders.tax_amount",
    "refunded_amount": "orders.refunded_amount",
    "fulfilled_at": "orders.fulfilled_at",
    "payment_method": "orders.payment_method",
    "coupon": "orders.coupon",
    "store_id": "orders.store_id",
    "channel": "orders.channel",
}
# What tells when something came back, for how much and where that stands: of the return, not of the order.
RETURN: Mapping[str, str] = {
    "return_id": "orders.order_id",
    "order_id": "orders.refers_to_order_id",
    "returned_at": "orders.ordered_at",
    "occurred_at": "orders.ordered_at",
    "clock_time": "orders.ordered_at",
    "return_status": "orders.status",
    "refunded_amount": "orders.total_amount",
    "total_amount": "orders.total_amount",
    "payment_method": "orders.payment_method",
    "store_id": "orders.store_id",
    "channel": "orders.channel",
    "product_id": "order_lines.product_id",
    "product_name": "order_lines.product_name",
    "quantity": "order_lines.quantity",
    "unit_amount": "order_lines.unit_amount",
    "line_amount": "order_lines.line_amount",
}
# How often and for how much somebody bought: of all sides together, and of each.
TOTALS: Mapping[str, str] = {
    of_side(side, means): f"order_totals.{column}"
    for side in ("", *SIDES)
    for means, column in (
        ("orders_count", "orders"),
        ("orders_amount", "total_amount"),
        (FIRST, FIRST),
        ("last_ordered_at", "last_ordered_at"),
    )
}


@dataclass(frozen=True)
class Shape:
    """One thing that rows can be.

    Attributes:
        name: code.
        table: that it fills first.
        targets: by what a column means, the table and column of ours.
        anchors: of each group one must be there, or the rows are something else.
        channels: where it can have happened, when no column tells; the first is usual. Of persons:
            where was bought that of which totals tell.
    """

    name: str
    table: str
    targets: Mapping[str, str]
    anchors: tuple[tuple[str, ...], ...]
    channels: tuple[str, ...] = ()


# Of two that explain as much of a file, the first is taken.
SHAPES: Mapping[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape(
            "order_line",
            "order_lines",
            {
                **ORDER,
                "line_number": "order_lines.order_line_id",
                "product_id": "order_lines.product_id",
                "product_name": "order_lines.product_name",
                "quantity": "order_lines.quantity",
                "unit_amount": "order_lines.unit_amount",
                "line_amount": "order_lines.line_amount",
                "discount_amount": "order_lines.discount_amount",
                "brand": "products.brand",
                "category": "products.category",
                "subcategory": "products.subcategory",
                **PERSON,
            },
            (
                ("order_id",),
                ("product_id", "product_name"),
                ("quantity", "unit_amount", "line_amount"),
            ),
            ("web", "store", "app", "phone", "other"),
        ),
        Shape(
            "order",
            "orders",
            # A list of purchases calls what was paid its price.
            {
                **ORDER,
                "unit_amount": "orders.total_amount",
                "discount_amount": "orders.discount_amount",
                **PERSON,
            },
            (("order_id", "occurred_at"), ("total_amount", "order_status", "unit_amount")),
            ("web", "store", "app", "phone", "other"),
        ),
        # Only where `returns.are_returns` says so: it knows them from orders that came back later.
        Shape(
            "return",
            "orders",
            {**RETURN, **PERSON},
            (("return_id", "order_id"), ("returned_at", "occurred_at")),
            ("web", "store", "app", "phone", "other"),
        ),
        Shape(
            "payment",
            "payments",
            {
                "payment_id": "payments.payment_id",
                "order_id": "payments.order_id",
                "payment_method": "payments.method",
                "payment_status": "payments.status",
                "total_amount": "payments.amount",
                "occurred_at": "payments.created_at",
                "clock_time": "payments.created_at",
                "changed_at": "payments.changed_at",
                **PERSON,
            },
            # A number, a moment and a status are those of a ticket too, or of anything.
            (
                ("payment_method", "total_amount"),
                ("payment_status", "payment_id"),
                ("occurred_at",),
            ),
        ),
        Shape(
            "event",
            "events",
            {
                "event_name": "events.name",
                "occurred_at": "events.occurred_at",
                "clock_time": "events.occurred_at",
                "session_id": "events.session_id",
                "page": "events.page",
                "product_id": "events.product_id",
                "order_id": "events.order_id",
                "store_id": "events.store_id",
                "traffic_source": "events.traffic_source",
                "traffic_medium": "events.traffic_medium",
                "campaign": "events.campaign",
                "device": "events.device",
                "search_term": "events.search_term",
                "total_amount": "events.amount",
                "channel": "events.channel",
                **PERSON,
            },
            (("event_name",), ("occurred_at",)),
            ("web", "app", "store", "phone", "service", "other"),
        ),
        Shape(
            "appointment",
            "events",
            {
                "appointment_id": "events.event_id",
                "appointment_at": "events.occurred_at",
                "occurred_at": "events.occurred_at",
                "clock_time": "events.occurred_at",
                "appointment_status": "events.name",
                "order_id": "events.order_id",
                "product_id": "events.product_id",
                "store_id": "events.store_id",
                "channel": "events.channel",
                **PERSON,
            },
            (("appointment_id", "appointment_at"), ("appointment_at", "occurred_at")),
            ("store", "service", "phone", "web", "other"),
        ),
        # Before messages: a ticket may be `Open` too.
        Shape(
            "feedback",
            "feedback",
            {
                "feedback_id": "feedback.feedback_id",
                "ticket_id": "feedback.feedback_id",
                "occurred_at": "feedback.occurred_at",
                "clock_time": "feedback.occurred_at",
                "text": "feedback.text",
                "subject": "feedback.subject",
                "score": "feedback.score",
                "product_id": "feedback.product_id",
                "order_id": "feedback.order_id",
                "answered_at": "feedback.answered_at",
                "channel": "feedback.channel",
                **PERSON,
            },
            (("text", "score", "ticket_id"), ("occurred_at",)),
            ("review", "web", "service", "store", "social", "other"),
        ),
        Shape(
            "message",
            "messages",
            {
                "message_action": "messages.action",
                "occurred_at": "messages.occurred_at",
                "clock_time": "messages.occurred_at",
                "campaign": "messages.campaign",
                "subject": "messages.subject",
                "url": "messages.url",
                **PERSON,
            },
            (("message_action",), ("occurred_at",), ("email", "phone", "mobile")),
            ("mail", "app", "phone", "other"),
        ),
        Shape(
            "answer",
            "survey_answers",
            {
                "survey_id": "survey_answers.survey_id",
                "response_id": "survey_answers.response_id",
                "question": "survey_answers.question",
                "answer": "survey_answers.answer",
                "score": "survey_answers.score",
                "occurred_at": "survey_answers.answered_at",
                **PERSON,
            },
            (("question",), ("answer", "score"), ("occurred_at",)),
        ),
        Shape(
            "spend",
            "spend",
            {
                "spend_channel": "spend.channel",
                "campaign": "spend.campaign",
                "occurred_at": "spend.spent_on",
                "cost_amount": "spend.cost_amount",
                "impressions": "spend.impressions",
                "clicks": "spend.clicks",
            },
            (("cost_amount",), ("occurred_at",)),
        ),
        Shape(
            "offer",
            "offers",
            {
                "offer_id": "offers.offer_id",
                "product_id": "offers.product_id",
                "product_name": "offers.product_name",
                "offer_amount": "offers.offer_amount",
                "normal_amount": "offers.normal_amount",
                "mechanic": "offers.mechanic",
                "placement": "offers.placement",
                "store_id": "offers.store_id",
                "starts_on": "offers.starts_on",
                "ends_on": "offers.ends_on",
            },
            (("mechanic", "normal_amount"), ("product_id", "product_name")),
            ("leaflet", "web", "store", "mail", "app", "other"),
        ),
        Shape(
            "stock",
            "stock_levels",
            {
                "product_id": "stock_levels.product_id",
                "location_id": "stock_levels.location_id",
                "occurred_at": "stock_levels.counted_on",
                "quantity": "stock_levels.quantity",
            },
            (("product_id",), ("quantity",), ("location_id", "occurred_at")),
        ),
        Shape(
            "product",
            "products",
            {
                "product_id": "products.product_id",
                "product_name": "products.name",
                "brand": "products.brand",
                "category": "products.category",
                "subcategory": "products.subcategory",
                "unit_amount": "products.price_amount",
                "cost_price": "products.cost_amount",
                "is_active": "products.is_active",
            },
            (("product_id",), ("product_name", "brand", "category", "unit_amount")),
        ),
        Shape(
            "person",
            "persons",
            {
                **PERSON,
                "registered_at": "persons.created_at",
                "changed_at": "persons.updated_at",
                **TOTALS,
                "channel": "order_totals.channel",
            },
            (
                (
                    "customer_number",
                    "email",
                    "loyalty_card",
                    "phone",
                    "mobile",
                    "last_name",
                    "full_name",
                ),
            ),
            ("web", "store", "app", "phone", "other"),
        ),
    )
}
