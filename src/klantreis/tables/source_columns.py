"""The contract of `source_columns`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="source_columns",
    room="portraits",
    meaning="Per source, table and column: how the newest import differs from those before it.",
    key=("source", "table_name", "file_kind", "column_name"),
    columns=(
        column("source", "string", "the source", required=True),
        column("table_name", "string", "the table", required=True),
        column(
            "file_kind",
            "string",
            "kind of files that the rows came from; files of one kind are compared",
            required=True,
        ),
        column("column_name", "string", "the column", required=True),
        column(
            "kind",
            "string",
            "what was compared: only whether it is filled, or also its categories or amounts",
            required=True,
            allowed=("filled", "categories", "amounts"),
        ),
        column("newest_rows", "int64", "rows of the newest import", unit="rows", required=True),
        column("newest_filled", "int64", "of which filled", unit="rows", required=True),
        column(
            "earlier_rows",
            "int64",
            "rows of the imports before it that did not come again",
            unit="rows",
            required=True,
        ),
        column("earlier_filled", "int64", "of which filled", unit="rows", required=True),
        column("drift", "float64", "population stability index; empty where nothing is compared"),
        column(
            "chance_drift",
            "float64",
            "index that one in a thousand comparisons exceeds by chance, had nothing changed",
        ),
        column(
            "change",
            "string",
            "what to think of the drift",
            required=True,
            allowed=("much", "little", "as_before", "too_few", "nothing_before"),
        ),
        column(
            "buckets",
            "array<string>",
            "values that came most, or the lower limits of tenths of the earlier amounts",
        ),
        column("newest_in_buckets", "array<int64>", "rows of the newest import in each"),
        column("earlier_in_buckets", "array<int64>", "rows of the imports before it in each"),
    ),
)
