"""The contract of `segment_sizes`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="segment_sizes",
    room="segments",
    meaning="How large a segment was at a run, and what its customers were worth.",
    key=("segmentation", "segment", "measured_at"),
    columns=(
        column("segmentation", "string", "the division, as in `memberships`", required=True),
        column("segment", "string", "the group in it", required=True),
        column(
            "measured_at", "timestamp(6)", "moment of measuring of the run", unit="UTC",
            required=True,
        ),
        column("customers", "int64", "how many were in it", unit="customers", required=True),
        column(
            "revenue_amount",
            "money",
            "their completed purchases less returns and refunds, over their whole history; of `rfm` in its window",
            unit="EUR",
            required=True,
        ),
    ),
    period="measured_at",
    order=("segmentation", "segment", "measured_at"),
)  # fmt: skip
