"""The contract of `orders`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="orders",
    room="sources",
    meaning="A purchase or a return, on any channel.",
    key=("order_id",),
    columns=(
        column(
            "order_id",
            "string",
            "source and the source's own number, as `shopify:#1001`",
            required=True,
        ),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column(
            "person_id",
            "string",
            "the person record that it belongs to; empty when the source does not know who",
        ),
        column(
            "kind",
            "string",
            "a sale, or a return with its own receipt",
            required=True,
            allowed=("sale", "return"),
        ),
        column(
            "channel",
            "string",
            "where it was bought or brought back",
            required=True,
            allowed=CHANNELS,
        ),
        column("store_id", "string", "store where it was bought"),
        column(
            "ordered_at", "timestamp(6)", "when it was placed or rung up", unit="UTC", required=True
        ),
        column(
            "status",
            "string",
            "where it stands",
            required=True,
            allowed=("pending", "completed", "cancelled", "failed", "refunded"),
        ),
        column(
            "total_amount",
            "money",
            "what was paid, VAT and shipping included; negative for a return",
            unit="EUR",
            required=True,
        ),
        column("discount_amount", "money", "discount that was given, not negative", unit="EUR"),
        column("shipping_amount", "money", "shipping that was charged", unit="EUR"),
        column("tax_amount", "money", "VAT in the total", unit="EUR"),
        column("refunded_amount", "money", "part of the total that was paid back", unit="EUR"),
        column(
            "refunded_at",
            "timestamp(6)",
            "when it was paid back, where the source says",
            unit="UTC",
        ),
        column("fulfilled_at", "timestamp(6)", "when it left the warehouse", unit="UTC"),
        column("payment_method", "string", "`ideal`, `card`, `cash`, `klarna` ..."),
        column("coupon", "string", "coupon code that was used"),
        column(
            "refers_to_order_id",
            "string",
            "for a return: the order that it takes back, where known",
        ),
    ),
    period="ordered_at",
)
