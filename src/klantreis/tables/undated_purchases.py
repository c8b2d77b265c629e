"""The contract of `undated_purchases`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="undated_purchases",
    room="portraits",
    meaning="Purchases of a customer on a channel of which is only known how many there were, what they brought, and between which moments they lie: the totals that sources keep, less what they tell one by one.",
    key=("customer_id", "channel"),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("channel", "string", "where it was bought", required=True, allowed=CHANNELS),
        column(
            "orders",
            "int64",
            "purchases of which the day is not known; 0 when only a date of the total lies outside those of the purchases that are known one by one",
            unit="orders",
            required=True,
        ),
        column("amount", "money", "what these brought", unit="EUR", required=True),
        column(
            "first_ordered_at",
            "timestamp(6)",
            "first purchase, as the totals say; empty when a total with purchases left does not",
            unit="UTC",
        ),
        column(
            "last_ordered_at",
            "timestamp(6)",
            "last purchase, as the totals say",
            unit="UTC",
            required=True,
        ),
    ),
    order=("customer_id", "channel"),
)
