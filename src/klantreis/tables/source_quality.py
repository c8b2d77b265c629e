"""The contract of `source_quality`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="source_quality",
    room="portraits",
    meaning="Per source and table: how much there is and how good it is.",
    key=("source", "table_name"),
    columns=(
        column("source", "string", "the source", required=True),
        column("table_name", "string", "the table", required=True),
        column("rows", "int64", "rows", unit="rows", required=True),
        column("first_at", "timestamp(6)", "earliest moment", unit="UTC"),
        column("last_at", "timestamp(6)", "latest moment", unit="UTC"),
        column(
            "missing_share",
            "float64",
            "part of the optional values that are empty, over columns that the source fills at least once",
            unit="share",
        ),
        column("doubled", "int64", "records that came more than once", unit="rows", required=True),
        column(
            "outliers",
            "int64",
            "amounts beyond 3 interquartile ranges from the quartiles",
            unit="rows",
            required=True,
        ),
        column("quarantined", "int64", "records put aside", unit="rows", required=True),
        column(
            "tied_share",
            "float64",
            "part of the rows tied to a customer; empty where the table has no persons",
            unit="share",
        ),
        column(
            "known_share",
            "float64",
            "part of the rows tied to a customer who is known, not only a cookie",
            unit="share",
        ),
    ),
)
