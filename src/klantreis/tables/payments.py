"""The contract of `payments`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="payments",
    room="sources",
    meaning="An attempt to pay.",
    key=("payment_id",),
    columns=(
        column("payment_id", "string", "unique in all sources", required=True),
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
        column("order_id", "string", "order that is paid"),
        column("method", "string", "`ideal`, `creditcard`, `klarna` ..."),
        column(
            "status",
            "string",
            "where it stands, in Mollie's words",
            required=True,
            allowed=("open", "pending", "authorized", "paid", "failed", "canceled", "expired"),
        ),
        column("amount", "money", "amount", unit="EUR"),
        column("created_at", "timestamp(6)", "when it was started", unit="UTC", required=True),
        column("changed_at", "timestamp(6)", "when it got this status", unit="UTC"),
    ),
    period="created_at",
)
