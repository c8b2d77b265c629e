"""A journey as a row of stops: channels, touchpoints or phases, each told once while it lasts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.journeys.touchpoints import role

__all__ = ["channel_stops", "phase_stops", "touchpoint_stops"]

IN_ORDER = ibis.window(group_by="journey_id", order_by="position")


def channel_stops(steps: ir.Table) -> ir.Table:
    """The channels of each journey up to its purchase; successive steps in one are one stop.

    What only happened to the customer (a message sent) is no stop, and aftercare is left out.

    Args:
        steps: as in its contract.

    Returns:
        Columns `journey_id`, `position` (in order, with gaps) and `stop`.
    """
    return _stops(steps, steps["channel"])


def touchpoint_stops(steps: ir.Table) -> ir.Table:
    """As `channel_stops`, by touchpoint."""
    return _stops(steps, steps["touchpoint"])


def phase_stops(phase_visits: ir.Table, *, phase_model: str) -> ir.Table:
    """The phases of each journey in one model, to its end.

    Args:
        phase_visits: as in its contract.
        phase_model: id of the model.

    Returns:
        Columns `journey_id`, `position` and `stop`.
    """
    own = phase_visits.filter(phase_visits["phase_model"] == phase_model)
    return own.select("journey_id", "position", stop="phase")


def _stops(steps: ir.Table, stop: ir.StringValue) -> ir.Table:
    beside = steps.filter(
        steps["moment"] != "after", role(steps["event"], steps["channel"]) != "passive"
    ).select("journey_id", "position", stop=stop)
    beside = beside.mutate(before=beside["stop"].lag().over(IN_ORDER))
    return beside.filter(beside["before"].isnull() | (beside["before"] != beside["stop"])).drop(
        "before"
    )
