"""The contract of `emotions`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="emotions",
    room="research",
    meaning="One feeling of a customer at a touchpoint.",
    key=("kind", "record_table", "record_id", "event"),
    columns=(
        column("customer_id", "int64", "the customer; empty when nobody knows who"),
        column("felt_at", "timestamp(6)", "when", unit="UTC", required=True),
        column("channel", "string", "where", required=True, allowed=CHANNELS),
        column("event", "string", "what happened, as in `timeline`", required=True),
        column("touchpoint", "string", "channel and event, as `service.ticket`", required=True),
        column(
            "kind",
            "string",
            "a score that was given, what a text says, or what happened to the customer",
            required=True,
            allowed=("score", "text", "behaviour"),
        ),
        column(
            "evidence",
            "string",
            "scores of a survey are asked, other scores and texts measured; the value of a behaviour is assumed",
            required=True,
            allowed=("measured", "asked", "assumed"),
        ),
        column("emotion", "float64", "-2 (very negative) to 2 (very positive)", required=True),
        column("topic", "string", "what it is mostly about, where known"),
        column("record_table", "string", "table that holds the record", required=True),
        column("record_id", "string", "its key there", required=True),
        column(
            "moment",
            "string",
            "before, at or after the purchase of the journey; empty when in none",
            allowed=("before", "purchase", "after"),
        ),
        column("journey_id", "string", "journey in which it was felt; empty when in none"),
    ),
    period="felt_at",
    order=("customer_id", "felt_at"),
)
