"""The order of moments in a timeline, and the visits that they make."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["numbered"]

# Of the same moment the advertisement comes before the page that it led to; for the rest the record
# breaks ties, so that the order never depends on how the rows came in.
IN_ORDER = ibis.window(
    group_by="customer_id",
    order_by=[
        "occurred_at",
        ibis._["event"] != "ad_click",
        "record_table",
        "record_id",
        "event",
    ],
)


def numbered(moments: ir.Table, session_minutes: int) -> ir.Table:
    """The moments with `position` and `session`, both from 1 for each customer.

    Args:
        moments: `customer_id`, `occurred_at`, `event`, `record_table`, `record_id` and whatever
            else; all of each customer.
        session_minutes: silence after which a new visit begins, in minutes.
    """
    placed = moments.mutate(
        position=ibis.row_number().over(IN_ORDER) + 1,
        previous_at=moments["occurred_at"].lag().over(IN_ORDER),
    )
    silence = ibis.interval(minutes=session_minutes)
    is_new_visit = placed["previous_at"].isnull() | (
        placed["occurred_at"] > placed["previous_at"] + silence
    )
    visits = ibis.cumulative_window(group_by="customer_id", order_by="position")
    return placed.mutate(session=is_new_visit.cast("int64").sum().over(visits))
