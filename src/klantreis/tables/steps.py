"""The contract of `steps`."""

from __future__ import annotations

from klantreis.tables.contract import Table, column

__all__ = ["TABLE"]

TABLE = Table(
    name="steps",
    room="journeys",
    meaning="A customer at a touchpoint within a journey; repeats in one visit are one step, save where money changed hands.",
    key=("journey_id", "position"),
    columns=(
        column("journey_id", "string", "customer and journey number, as `1234-2`", required=True),
        column("customer_id", "int64", "the customer", required=True),
        column("position", "int64", "1 for the journey's first step", required=True),
        column("touchpoint", "string", "channel and event, as `web.view_item`", required=True),
        column("channel", "string", "channel", required=True),
        column("event", "string", "event", required=True),
        column(
            "moment",
            "string",
            "before, at or after the purchase of this journey",
            required=True,
            allowed=("before", "purchase", "after"),
        ),
        column("repeats", "int64", "timeline moments in the step", unit="moments", required=True),
        column("entered_at", "timestamp(6)", "first of them", unit="UTC", required=True),
        column("left_at", "timestamp(6)", "last of them", unit="UTC", required=True),
        column("next_touchpoint", "string", "touchpoint of the next step; empty at the end"),
        column("wait_seconds", "int64", "from leaving this step to entering the next", unit="s"),
        column("amount", "money", "money that changed hands", unit="EUR"),
    ),
    period="entered_at",
    order=("customer_id", "journey_id", "position"),
)
