"""The contract of `product_neighbours`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="product_neighbours",
    room="campaigns",
    meaning="A product that customers of another product also wanted: what to show beside it.",
    key=("product_id", "neighbour_id"),
    columns=(
        column("product_id", "string", "the product", required=True),
        column("neighbour_id", "string", "the product beside it", required=True),
        column("rank", "int64", "1 for the nearest", required=True),
        column(
            "score",
            "float64",
            "cosine of the two products' customers, from 0 (none in common) to 1 (the same ones)",
            required=True,
        ),
        column("customers", "int64", "who wanted both", unit="customers", required=True),
    ),
    order=("product_id", "rank"),
)
