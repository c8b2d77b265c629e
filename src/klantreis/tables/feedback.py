"""The contract of `feedback`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="feedback",
    room="sources",
    meaning="What a person said: a review, a ticket, a chat, a mention, a note.",
    key=("feedback_id",),
    columns=(
        column("feedback_id", "string", "unique in all sources", required=True),
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
            "what kind of statement",
            required=True,
            allowed=("review", "ticket", "chat", "mention", "note"),
        ),
        column("channel", "string", "where it was said", required=True, allowed=CHANNELS),
        column("occurred_at", "timestamp(6)", "when it was said", unit="UTC", required=True),
        column("subject", "string", "title"),
        column("text", "string", "what was said"),
        column("language", "string", "ISO 639-1 code, where the source says"),
        column("score", "float64", "score as given"),
        column("score_max", "float64", "highest score of the scale"),
        column("product_id", "string", "product that it is about"),
        column("order_id", "string", "order that it is about"),
        column("status", "string", "where it stands: `open`, `solved` ..."),
        column("answered_at", "timestamp(6)", "when it was first answered", unit="UTC"),
    ),
    period="occurred_at",
)
