"""The contract of `moment_lists`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.occurrences import SAMPLE
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="moment_lists",
    room="portraits",
    meaning="All moments at which one kind of event happened to a customer in a channel.",
    key=("customer_id", "event", "channel"),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("event", "string", "what happened, as in `timeline`", required=True),
        column("channel", "string", "where", required=True, allowed=CHANNELS),
        column("moments", "array<timestamp(6)>", "when, in order", unit="UTC", required=True),
        SAMPLE,
    ),
    order=("sample", "event", "customer_id"),
)
