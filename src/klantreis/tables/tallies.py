"""The contract of `tallies`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.occurrences import SAMPLE
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="tallies",
    room="portraits",
    meaning="How often one kind of event happened to a customer in a channel, over the whole history.",
    key=("customer_id", "event", "channel"),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("event", "string", "what happened, as in `timeline`", required=True),
        column("channel", "string", "where", required=True, allowed=CHANNELS),
        column("times", "int64", "how often", unit="moments", required=True),
        column("amount", "money", "money that changed hands; empty when none did", unit="EUR"),
        column("first_at", "timestamp(6)", "the first time", unit="UTC", required=True),
        column("last_at", "timestamp(6)", "the last time", unit="UTC", required=True),
        SAMPLE,
    ),
    period="last_at",
    order=("sample", "event", "customer_id"),
)
