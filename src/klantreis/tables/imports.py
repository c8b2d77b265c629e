"""The contract of `imports`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="imports",
    room="sources",
    meaning="One file that was taken in: what it was and what came of it.",
    key=("file_id", "table_name"),
    columns=(
        column(
            "file_id",
            "string",
            "SHA-256 of the file's content, first 16 hexadecimal digits",
            required=True,
        ),
        column("source", "string", "source folder", required=True),
        column("path", "string", "file, relative to the workspace", required=True),
        column("connector", "string", "connector that read it", required=True),
        column("table_name", "string", "table that the rows went to", required=True),
        column("rows_read", "int64", "records in the file", unit="rows", required=True),
        column("rows_loaded", "int64", "rows that went to the table", unit="rows", required=True),
        column("rows_quarantined", "int64", "records put aside", unit="rows", required=True),
        column(
            "rows_doubled", "int64", "records that the file held twice", unit="rows", required=True
        ),
        column("encoding", "string", "encoding that was recognised"),
        column("separator", "string", "separator that was recognised"),
        column("decimal_sign", "string", "decimal sign that was recognised"),
        column("time_zone", "string", "time zone in which its times were read"),
        column("file_kind", "string", "which of the connector's kinds of files it is"),
        column(
            "headings",
            "array<string>",
            "names of its columns, in order; empty for JSON, whose records name their own",
        ),
        column("headings_read", "array<string>", "those of them that the connector reads"),
        column("first_at", "timestamp(6)", "earliest moment in it", unit="UTC"),
        column("last_at", "timestamp(6)", "latest moment in it", unit="UTC"),
        column("imported_at", "timestamp(6)", "when", unit="UTC", required=True),
    ),
    period="imported_at",
)
