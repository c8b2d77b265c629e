"""The contract of `questions`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="questions",
    room="research",
    meaning="A topic that a statement is about: what a customer asks or needs.",
    key=("statement_id", "topic"),
    columns=(
        column("statement_id", "string", "table and key of the record", required=True),
        column("topic", "string", "topic, as in the topic list", required=True),
        column("customer_id", "int64", "the customer; empty when nobody knows who"),
        column("said_at", "timestamp(6)", "when", unit="UTC", required=True),
        column("record_table", "string", "`feedback`, `survey_answers` or `notes`", required=True),
        column("record_id", "string", "its key there", required=True),
        column("channel", "string", "where it was said", required=True, allowed=CHANNELS),
        column("event", "string", "how: `ticket`, `review`, `survey`, `note` ...", required=True),
        column("language", "string", "`nl` or `en`, as stated, else by its words", required=True),
        column(
            "kind",
            "string",
            "wants to know something, or wants something",
            required=True,
            allowed=("question", "need"),
        ),
        column(
            "evidence",
            "string",
            "said by customers themselves, answered when asked, or written down by one of us",
            required=True,
            allowed=("measured", "asked", "assumed"),
        ),
        column(
            "moment",
            "string",
            "before, at or after the purchase: of the journey, else as the topic usually is",
            required=True,
            allowed=("before", "purchase", "after"),
        ),
        column("journey_id", "string", "journey in which it was said; empty when in none"),
        column(
            "is_problem",
            "boolean",
            "whether the topic is something that went wrong, rather than a need",
            required=True,
        ),
        column("keywords", "int64", "keywords of the topic found", unit="words", required=True),
        column(
            "is_main", "boolean", "whether the statement is about this topic most", required=True
        ),
    ),
    period="said_at",
    order=("topic", "said_at"),
)
