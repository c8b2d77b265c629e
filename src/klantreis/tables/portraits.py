"""The contract of `portraits`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="portraits",
    room="portraits",
    meaning="All that is known of a customer, seen from all sides, up to the last moment in the data: one row a customer.",
    key=("customer_id",),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("is_known", "boolean", "as in `customers`", required=True),
        column("name", "string", "as in `customers`"),
        column("email", "string", "as in `customers`"),
        column("phone", "string", "as in `customers`"),
        column("loyalty_card", "string", "as in `customers`"),
        column("gender", "string", "as in `customers`"),
        column("age_years", "int64", "age at the last moment in the data", unit="years"),
        column("postcode", "string", "as in `customers`"),
        column("city", "string", "as in `customers`"),
        column("language", "string", "as in `customers`"),
        column(
            "household_id",
            "int64",
            "number of the household, as in `households`; empty without a whole address",
        ),
        column(
            "household_customers",
            "int64",
            "customers who live together with this one, this one included: 1 when nobody else is known there; empty without a whole address",
            unit="customers",
        ),
        column("may_email", "boolean", "as in `customers`", required=True),
        column("sources", "array<string>", "sources that know the customer", required=True),
        column("first_seen_at", "timestamp(6)", "first moment in the timeline", unit="UTC"),
        column("last_seen_at", "timestamp(6)", "last moment in the timeline", unit="UTC"),
        column("events", "int64", "moments in the timeline", unit="moments", required=True),
        column(
            "sessions",
            "int64",
            "visits in which the customer did something (not: was sent a message or a parcel)",
            unit="visits",
            required=True,
        ),
        column(
            "channels", "array<string>", "channels in use, in alphabetical order", required=True
        ),
        column(
            "preferred_channel", "string", "channel with most visits; the most recent of equals"
        ),
        column("preferred_purchase_channel", "string", "channel with most revenue"),
        column("preferred_store_id", "string", "store with most purchases"),
        column("preferred_payment_method", "string", "method used most"),
        column("preferred_category", "string", "category with most revenue"),
        column(
            "preferred_hour",
            "int64",
            "hour of the day with most moments of the customer's own doing, in the workspace's time zone",
            unit="hour",
        ),
        column("first_order_at", "timestamp(6)", "first completed purchase", unit="UTC"),
        column("last_order_at", "timestamp(6)", "last completed purchase", unit="UTC"),
        column("orders", "int64", "completed purchases", unit="orders", required=True),
        column(
            "orders_web",
            "int64",
            "completed purchases in webshop and app",
            unit="orders",
            required=True,
        ),
        column(
            "orders_store", "int64", "completed purchases in stores", unit="orders", required=True
        ),
        column(
            "revenue_amount",
            "money",
            "completed purchases less returns and refunds",
            unit="EUR",
            required=True,
        ),
        column(
            "average_order_amount",
            "money",
            "completed purchases divided by their number",
            unit="EUR",
        ),
        column(
            "average_days_between_orders",
            "float64",
            "mean time between completed purchases",
            unit="days",
        ),
        column("products", "int64", "different products bought", unit="products", required=True),
        column(
            "categories", "array<string>", "categories bought, in alphabetical order", required=True
        ),
        column(
            "discount_share",
            "float64",
            "part of the purchases' normal price given as discount",
            unit="share",
        ),
        column(
            "returns",
            "int64",
            "purchases that were wholly or partly brought back, and returns on a receipt of their own",
            unit="returns",
            required=True,
        ),
        column("returned_amount", "money", "money paid back", unit="EUR", required=True),
        column(
            "return_share",
            "float64",
            "money paid back divided by completed purchases",
            unit="share",
        ),
        column(
            "payments_failed",
            "int64",
            "payments that failed, expired or were cancelled",
            unit="payments",
            required=True,
        ),
        column("mails_sent", "int64", "messages sent", unit="messages", required=True),
        column("mails_opened", "int64", "messages opened", unit="messages", required=True),
        column("mails_clicked", "int64", "messages clicked", unit="messages", required=True),
        column("tickets", "int64", "service tickets and chats", unit="contacts", required=True),
        column("reviews", "int64", "reviews written", unit="reviews", required=True),
        column("review_score", "float64", "mean review score, on -1 to 1"),
        column("mentions", "int64", "social mentions", unit="mentions", required=True),
        column("nps_score", "float64", "last answer to the NPS question, 0 to 10"),
        column(
            "last_said_at",
            "timestamp(6)",
            "last time the customer said something about us",
            unit="UTC",
        ),
        column(
            "open_basket_amount",
            "money",
            "value in the basket when something was put in during the last 14 days and not bought since",
            unit="EUR",
        ),
        column("has_open_complaint", "boolean", "whether a ticket is not solved", required=True),
        column(
            "research_online_buy_offline_orders",
            "int64",
            "store purchases with an online visit in the 14 days before (ROPO)",
            unit="orders",
            required=True,
        ),
    ),
    period="last_seen_at",
    order=("customer_id",),
)
