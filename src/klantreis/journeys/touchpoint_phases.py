"""In which phase a touchpoint lies, for what is not a step of a journey itself."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.journeys.phase_models import PhaseModel, phase

__all__ = ["with_phase"]


def with_phase(rows: ir.Table, *, phase_model: PhaseModel) -> ir.Table:
    """Add the phase in which each row's touchpoint lies at its moment.

    Where the model gives the touchpoint itself no phase, the phase of a contact with the service
    desk at that moment stands for it; without a moment there is no phase.

    Args:
        rows: `channel`, `event` and `moment` (as in `steps`, may be empty).
        phase_model: whose phases.

    Returns:
        The rows with `phase`; empty where there is none.
    """
    # Rules are applied to the few combinations that occur, not to every row.
    seen = rows.select("channel", "event", "moment").distinct().mutate(position=2)
    contact = seen.mutate(channel=ibis.literal("service"), event=ibis.literal("ticket"))
    known = seen.mutate(phase=phase(phase_model, seen)).drop("position")
    usual = contact.mutate(usual=phase(phase_model, contact)).select("moment", "usual").distinct()
    both = known.left_join(usual, "moment").drop("moment_right")
    named = both.filter(both["moment"].notnull()).select(
        "channel", "event", "moment", phase=ibis.coalesce(both["phase"], both["usual"])
    )
    joined = rows.left_join(named, ["channel", "event", "moment"])
    return joined.select(*rows.columns, "phase")
