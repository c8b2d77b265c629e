"""The contract of `messages`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column
from klantreis.tables.vocabulary import CHANNELS

__all__ = ["TABLE"]

TABLE = Table(
    name="messages",
    room="sources",
    meaning="Something that happened to a message that we sent to a person.",
    key=("message_id",),
    columns=(
        column("message_id", "string", "unique for message, person and action", required=True),
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
        column("campaign", "string", "campaign or flow"),
        column("channel", "string", "how it was sent", required=True, allowed=CHANNELS),
        column(
            "action",
            "string",
            "what happened",
            required=True,
            allowed=(
                "sent",
                "held_out",
                "opened",
                "clicked",
                "bounced",
                "unsubscribed",
                "complained",
            ),
        ),
        column("subject", "string", "subject line"),
        column("url", "string", "link that was clicked"),
        column("occurred_at", "timestamp(6)", "when", unit="UTC", required=True),
    ),
    period="occurred_at",
)
