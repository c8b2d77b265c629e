"""The contract of `timeline`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="timeline",
    room="portraits",
    meaning="Everything that happened between a customer and us, in order, over all channels.",
    key=("customer_id", "position"),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("position", "int64", "1 for the customer's first moment, and so on", required=True),
        column("occurred_at", "timestamp(6)", "when", unit="UTC", required=True),
        column("channel", "string", "where", required=True, allowed=CHANNELS),
        column(
            "event", "string", "what happened: `view_item`, `purchase`, `ticket` ...", required=True
        ),
        column(
            "session",
            "int64",
            "number of the visit: a new one after 30 minutes of silence",
            required=True,
        ),
        column("record_table", "string", "table that holds the record", required=True),
        column("record_id", "string", "its key there", required=True),
        column("product_id", "string", "product that it is about"),
        column("order_id", "string", "order that it is about"),
        column("store_id", "string", "store where it happened"),
        column("page", "string", "page, screen or place"),
        column("campaign", "string", "campaign that brought or was the moment"),
        column("amount", "money", "money that changed hands; negative for a return", unit="EUR"),
        column("score", "float64", "score that was given, on -1 (worst) to 1 (best)"),
        column("text", "string", "search term, subject or first 200 characters of what was said"),
    ),
    period="occurred_at",
    order=("customer_id", "position"),
)
