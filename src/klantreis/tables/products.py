"""The contract of `products`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="products",
    room="sources",
    meaning="A product that is or was sold.",
    key=("product_id",),
    columns=(
        column(
            "product_id", "string", "stock keeping unit, the same in all channels", required=True
        ),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("name", "string", "name"),
        column("brand", "string", "brand"),
        column("category", "string", "main category"),
        column("subcategory", "string", "category below it"),
        column("price_amount", "money", "normal selling price, VAT included", unit="EUR"),
        column("cost_amount", "money", "purchase price", unit="EUR"),
        column("is_active", "boolean", "whether it is on sale now"),
    ),
)
