"""Where a record stands: whose it is, and before, at or after which purchase it came."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

__all__ = ["placed"]

BEST = ibis.window(
    group_by=["record_table", "record_id", "event"],
    order_by=[ibis.desc("step_position"), "journey_id"],
)


def placed(timeline: ir.Table, steps: ir.Table, *, events: Sequence[str]) -> ir.Table:
    """The moments of these events, with the journey that they fall in.

    Args:
        timeline, steps: as in their contracts.
        events: names as in `timeline`.

    Returns:
        One row a record and event: `record_table`, `record_id`, `event`, `channel`, `customer_id`,
        `occurred_at`, and `journey_id` and `moment`, empty where it falls in no journey.
    """
    moments = timeline.filter(timeline["event"].isin(events)).select(
        "record_table", "record_id", "event", "channel", "customer_id", "occurred_at"
    )
    own = steps.filter(steps["event"].isin(events)).select(
        "journey_id",
        "moment",
        "entered_at",
        "left_at",
        step_customer_id="customer_id",
        step_channel="channel",
        step_event="event",
        step_position="position",
    )
    joined = moments.left_join(
        own,
        [
            moments["customer_id"] == own["step_customer_id"],
            moments["event"] == own["step_event"],
            moments["channel"] == own["step_channel"],
            moments["occurred_at"] >= own["entered_at"],
            moments["occurred_at"] <= own["left_at"],
        ],
    )
    ranked = joined.mutate(rank=ibis.row_number().over(BEST))
    return ranked.filter(ranked["rank"] == 0).select(*moments.columns, "journey_id", "moment")
