"""Which touchpoints belong to which phase, and how often they are met."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.journeys.phase_models import PhaseModel, phase

__all__ = ["phase_touchpoints"]


def phase_touchpoints(steps: ir.Table, *, model: PhaseModel) -> ir.Table:
    """Count how often each touchpoint is met in each phase, and in how many journeys.

    Args:
        steps: as in its contract; those of some customers for their touchpoints alone.
        model: the phase model; touchpoints that it gives no phase are left out.

    Returns:
        Columns `phase`, `touchpoint`, `channel`, `event`, `steps` and `journeys`.
    """
    placed = steps.mutate(phase=phase(model, steps))
    placed = placed.filter(placed["phase"].notnull())
    # First by journey: counting different journeys directly is several times slower.
    met = placed.group_by("phase", "touchpoint", "channel", "event", "journey_id").aggregate(
        steps=placed.count()
    )
    return met.group_by("phase", "touchpoint", "channel", "event").aggregate(
        steps=met["steps"].sum().cast("int64"), journeys=met.count()
    )
