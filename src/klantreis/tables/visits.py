"""The contract of `visits`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.occurrences import SAMPLE
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="visits",
    room="portraits",
    meaning="A visit of a customer, or the part of it that was in one channel.",
    key=("customer_id", "session", "channel"),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("session", "int64", "number of the visit, as in `timeline`", required=True),
        column("channel", "string", "where", required=True, allowed=CHANNELS),
        column("began_at", "timestamp(6)", "first moment there", unit="UTC", required=True),
        column("ended_at", "timestamp(6)", "last moment there", unit="UTC", required=True),
        column("opens", "int64", "1 where the visit began, otherwise 0", required=True),
        column("closes", "int64", "1 where the visit ended, otherwise 0", required=True),
        column(
            "later",
            "int64",
            "how many visits of the customer ended later, 10 for ten or more; empty where `closes` is 0",
        ),
        SAMPLE,
    ),
    period="ended_at",
    order=("sample", "later", "ended_at"),
)
