"""The contract of `order_lines`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="order_lines",
    room="sources",
    meaning="One product in an order.",
    key=("order_line_id",),
    columns=(
        column("order_line_id", "string", "order and line number", required=True),
        column(
            "source", "string", "name of the source folder that the record came from", required=True
        ),
        column(
            "file_id",
            "string",
            "import file that the record came from; see the import log",
            required=True,
        ),
        column("order_id", "string", "the order", required=True),
        column("product_id", "string", "the product"),
        column("product_name", "string", "name as it stood on the order"),
        column(
            "quantity",
            "float64",
            "how many; negative when brought back",
            unit="pieces",
            required=True,
        ),
        column(
            "unit_amount", "money", "price of one piece before discount, VAT included", unit="EUR"
        ),
        column("discount_amount", "money", "discount on the line, not negative", unit="EUR"),
        column(
            "line_amount",
            "money",
            "what the line adds to the total; negative when brought back",
            unit="EUR",
            required=True,
        ),
    ),
)
