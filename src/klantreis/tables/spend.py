"""The contract of `spend`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="spend",
    room="sources",
    meaning="What advertising cost on one day in one campaign.",
    key=("spend_id",),
    columns=(
        column("spend_id", "string", "unique in all sources", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("channel", "string", "`google_ads`, `meta` ...", required=True),
        column("campaign", "string", "campaign"),
        column("spent_on", "date", "the day", required=True),
        column("cost_amount", "money", "what it cost", unit="EUR", required=True),
        column("impressions", "int64", "times shown", unit="views"),
        column("clicks", "int64", "times clicked", unit="clicks"),
    ),
    period="spent_on",
)
