"""The contract of `segment_changes`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="segment_changes",
    room="segments",
    meaning="A customer who came into a segment, from another one or for the first time.",
    key=("segmentation", "customer_id", "changed_at"),
    columns=(
        column("segmentation", "string", "the division, as in `memberships`", required=True),
        column("customer_id", "int64", "the customer", required=True),
        column(
            "changed_at",
            "timestamp(6)",
            "moment of measuring of the run that first saw it",
            unit="UTC",
            required=True,
        ),
        column("from_segment", "string", "the group before; empty for who was in none"),
        column("to_segment", "string", "the group since", required=True),
    ),
    order=("segmentation", "changed_at", "customer_id"),
)
