"""What was paid back on purchases."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["refunds"]


def refunds(orders: ir.Table, now: ir.TimestampScalar) -> ir.Table:
    """What was paid back on orders, where no return receipt of its own tells it already."""
    told = orders.filter(
        (orders["kind"] == "return")
        & orders["status"].isin(("completed", "refunded"))
        & orders["refers_to_order_id"].notnull()
    ).select(order_id="refers_to_order_id")
    whole = ibis.ifelse(orders["status"] == "refunded", orders["total_amount"], None)
    paid_back = orders.select(
        "order_id", "refunded_at", refunded_amount=ibis.coalesce(orders["refunded_amount"], whole)
    )
    known = paid_back.filter(
        (paid_back["refunded_amount"] > 0) & ~(paid_back["refunded_at"] > now).fill_null(False)
    )
    return known.anti_join(told, "order_id").select("order_id", "refunded_amount")
