"""The contract of `source_days`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="source_days",
    room="portraits",
    meaning="Per source, table and day: how many rows, and whether it is strange that there are none.",
    key=("source", "table_name", "happened_on"),
    columns=(
        column("source", "string", "the source", required=True),
        column("table_name", "string", "the table", required=True),
        column(
            "happened_on",
            "date",
            "the day; days without rows are only there when they are part of a gap",
            required=True,
        ),
        column("rows", "int64", "rows of that day", unit="rows", required=True),
        column(
            "is_gap",
            "boolean",
            "whether the day is part of a stretch without rows that the source's rhythm does not explain",
            required=True,
        ),
        column(
            "expected_rows",
            "float64",
            "of a gap: rows on that weekday in the eight weeks before and after it, on average",
            unit="rows",
        ),
        column(
            "chance",
            "float64",
            "of a gap: probability of so many days without rows, at the source's own rhythm",
            unit="probability",
        ),
    ),
    period="happened_on",
)
