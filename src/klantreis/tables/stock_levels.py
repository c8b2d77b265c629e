"""The contract of `stock_levels`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="stock_levels",
    room="sources",
    meaning="How much of a product there was at a place on a day.",
    key=("product_id", "location_id", "counted_on"),
    columns=(
        column("product_id", "string", "the product", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("location_id", "string", "store or warehouse", required=True),
        column("counted_on", "date", "the day", required=True),
        column("quantity", "float64", "how many were there", unit="pieces", required=True),
    ),
    period="counted_on",
)
