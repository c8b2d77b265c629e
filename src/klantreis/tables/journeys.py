"""The contract of `journeys`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="journeys",
    room="journeys",
    meaning="One customer's way from first need to aftercare.",
    key=("journey_id",),
    columns=(
        column("journey_id", "string", "customer and journey number", required=True),
        column("customer_id", "int64", "the customer", required=True),
        column("number", "int64", "1 for the customer's first journey", required=True),
        column("started_at", "timestamp(6)", "first step", unit="UTC", required=True),
        column("ended_at", "timestamp(6)", "last step", unit="UTC", required=True),
        column(
            "acted_until",
            "timestamp(6)",
            "end of the last step that the customer took; empty when there was none",
            unit="UTC",
        ),
        column("purchased_at", "timestamp(6)", "first purchase in it", unit="UTC"),
        column(
            "outcome",
            "string",
            "bought, stopped without buying, or still within the lapse period",
            required=True,
            allowed=("purchase", "lapsed", "open"),
        ),
        column("entry_touchpoint", "string", "first touchpoint", required=True),
        column(
            "orientation_channel",
            "string",
            "channel in which the customer did most before the purchase; of equals the first",
        ),
        column("purchase_channel", "string", "channel of the first purchase"),
        column("last_touchpoint", "string", "last touchpoint", required=True),
        column("steps", "int64", "steps", unit="steps", required=True),
        column("channels", "int64", "different channels", unit="channels", required=True),
        column("days_to_purchase", "float64", "from start to first purchase", unit="days"),
        column("purchase_amount", "money", "what was bought", unit="EUR", required=True),
    ),
    period="started_at",
    order=("customer_id", "number"),
)
