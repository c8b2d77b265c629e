"""The contract of `quarantine`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="quarantine",
    room="sources",
    meaning="A row, or a value of it, that could not be taken in; nothing is thrown away.",
    key=("quarantine_id",),
    columns=(
        column("quarantine_id", "string", "unique: file, line and column", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("path", "string", "file, relative to the workspace", required=True),
        column(
            "line",
            "int64",
            "line in the file, the heading is line 1; element number for JSON arrays",
            required=True,
        ),
        column("column", "string", "column in the file; empty when the whole row is unreadable"),
        column(
            "reason",
            "string",
            "why",
            required=True,
            allowed=(
                "unreadable",
                "missing",
                "not_a_number",
                "not_a_time",
                "not_allowed",
                "duplicate",
                "too_long",
                "total",
            ),
        ),
        column("found", "string", "what stood there, at most 1,000 characters"),
        column("allowed", "string", "what is allowed there, shown by an example; `*` is any value"),
        column("row", "string", "the row as it was, at most 4,000 characters"),
        column("table_name", "string", "table that it was meant for"),
        column("imported_at", "timestamp(6)", "when", unit="UTC", required=True),
    ),
    period="imported_at",
)
