"""The contract of `memberships`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="memberships",
    room="segments",
    meaning="Which customer is in which segment.",
    key=("segmentation", "customer_id"),
    columns=(
        column(
            "segmentation",
            "string",
            "the division: `rfm`, `value`, `channel`, `category`, `age`, `household`, `language`, `tenure`, `rhythm`, `discount` or `daypart`",
            required=True,
        ),
        column("segment", "string", "the group in it", required=True),
        column("customer_id", "int64", "the customer", required=True),
        column("as_of", "timestamp(6)", "moment of measuring", unit="UTC", required=True),
    ),
    order=("segmentation", "segment", "customer_id"),
)
