"""The contract of `target_groups`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="target_groups",
    room="personas",
    meaning="Which customer is in which target group, from which personas are made.",
    key=("customer_id",),
    columns=(
        column("customer_id", "int64", "the customer", required=True),
        column("target_group", "string", "main need (a topic), or segment", required=True),
    ),
    order=("target_group", "customer_id"),
)
