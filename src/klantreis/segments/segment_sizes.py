"""How large segments are and what they are worth, run after run."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

__all__ = ["segment_sizes"]


def segment_sizes(
    memberships: ir.Table,
    portraits: ir.Table,
    rfm: ir.Table,
    previous_segment_sizes: ir.Table,
    *,
    as_of: datetime,
) -> ir.Table:
    """Add the sizes of now to those of earlier runs.

    These are numbers of people, not people: they stay as they were measured when a customer is
    erased since. Sizes measured at `as_of` or later, by an earlier run over the same data, give way.

    Args:
        memberships, portraits, rfm: as in their contracts.
        previous_segment_sizes: as last published.
        as_of: the moment of measuring (UTC).

    Returns:
        As in the contract of `segment_sizes`.
    """
    moment = ibis.literal(as_of, "timestamp(6)")
    placed = memberships.select("segmentation", "segment", "customer_id")
    spent = portraits.select("customer_id", ever="revenue_amount")
    lately = rfm.select("customer_id", lately="monetary_amount")
    placed = placed.left_join(spent, "customer_id").drop("customer_id_right")
    placed = placed.left_join(lately, "customer_id").drop("customer_id_right")
    amount = ibis.ifelse(placed["segmentation"] == "rfm", placed["lately"], placed["ever"])
    now = placed.group_by("segmentation", "segment").aggregate(
        customers=placed.count(),
        revenue_amount=amount.fill_null(0).sum().cast("decimal(18, 4)"),
    )
    now = now.mutate(measured_at=moment)
    before = previous_segment_sizes.filter(previous_segment_sizes["measured_at"] < moment)
    # Spark reads moments without their precision.
    before = before.mutate(measured_at=before["measured_at"].cast("timestamp(6)"))
    return ibis.union(before.select(*now.columns), now)
