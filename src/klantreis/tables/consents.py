"""The contract of `consents`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="consents",
    room="sources",
    meaning="A person's yes or no to one purpose, from a moment on.",
    key=("consent_id",),
    columns=(
        column("consent_id", "string", "unique in all sources", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("person_id", "string", "who", required=True),
        column(
            "purpose",
            "string",
            "what for",
            required=True,
            allowed=(
                "email_marketing",
                "sms_marketing",
                "post_marketing",
                "profiling",
                "analytics",
            ),
        ),
        column("is_granted", "boolean", "yes or no", required=True),
        column("stated_at", "timestamp(6)", "when it was stated", unit="UTC", required=True),
    ),
    period="stated_at",
)
