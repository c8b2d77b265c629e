"""Who went from which group to which between two moments."""

from __future__ import annotations

import ibis.expr.types as ir

__all__ = ["movements"]


def movements(before: ir.Table, after: ir.Table) -> ir.Table:
    """Every customer who had bought by the later moment, with the group then and now.

    Args:
        before, after: `rfm` as of two moments, the later one second.

    Returns:
        `customer_id`, `source` (the group then; empty for who had not bought yet), `target` (the
        group at the later moment) and `amount` (money in the window at the later moment, EUR).
    """
    then = before.select("customer_id", source="segment")
    now = after.select("customer_id", target="segment", amount=after["monetary_amount"])
    return now.left_join(then, "customer_id").drop("customer_id_right")
