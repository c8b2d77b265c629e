"""The contract of `identifiers`."""

from __future__ import annotations

from klantreis.settings import IDENTIFIER_KINDS
from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="identifiers",
    room="sources",
    meaning="Something that points to a person: an e-mail address, a card, a cookie.",
    key=("person_id", "kind", "value"),
    columns=(
        column("person_id", "string", "the person record that stated it", required=True),
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
            "kind",
            "string",
            "what kind of identifier it is",
            required=True,
            allowed=IDENTIFIER_KINDS,
        ),
        column("value", "string", "as the source wrote it; identity normalises it", required=True),
        column(
            "first_seen_at",
            "timestamp(6)",
            "first time this person was seen with it",
            unit="UTC",
            merge="min",
        ),
        column(
            "last_seen_at",
            "timestamp(6)",
            "last time this person was seen with it",
            unit="UTC",
            merge="max",
        ),
    ),
    period="first_seen_at",
)
