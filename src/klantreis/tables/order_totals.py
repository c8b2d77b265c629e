"""The contract of `order_totals`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="order_totals",
    room="sources",
    meaning="How often and for how much a person record bought on a channel, as a source keeps it in one line. Purchases of that record and channel that `orders` tells one by one are part of it.",
    key=("person_id", "channel"),
    columns=(
        column("person_id", "string", "the person record that bought", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("channel", "string", "where it was bought", required=True, allowed=CHANNELS),
        column(
            "orders",
            "int64",
            "purchases of which the total tells; a line with 0 says nothing",
            unit="orders",
            required=True,
            smallest=0,
        ),
        column("total_amount", "money", "what they brought together", unit="EUR", required=True),
        column(
            "first_ordered_at",
            "timestamp(6)",
            "the first of them, or a moment before which none of them lies; empty when the source does not tell",
            unit="UTC",
        ),
        # The largest of all, because the same line comes again with another moment.
        column(
            "last_ordered_at",
            "timestamp(6)",
            "the last of them",
            unit="UTC",
            required=True,
            merge="max",
        ),
    ),
    period="last_ordered_at",
)
