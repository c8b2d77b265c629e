"""The contract of `customer_channels`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="customer_channels",
    room="portraits",
    meaning="A customer on a channel: since when, until when, how often, and what was bought there.",
    key=("customer_id", "channel"),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("channel", "string", "where", required=True, allowed=CHANNELS),
        column(
            "first_at",
            "timestamp(6)",
            "first moment there of the customer's own doing",
            unit="UTC",
            required=True,
        ),
        column(
            "last_at",
            "timestamp(6)",
            "last moment there of the customer's own doing",
            unit="UTC",
            required=True,
        ),
        column(
            "visits",
            "int64",
            "visits in which the customer did something there",
            unit="visits",
            required=True,
        ),
        column("orders", "int64", "completed purchases there", unit="orders", required=True),
        column(
            "bought_amount",
            "money",
            "completed purchases there, before what came back",
            unit="EUR",
            required=True,
        ),
    ),
    period="last_at",
    order=("customer_id", "channel"),
)
