"""Where journeys stop, per phase, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.journeys.phase_models import PhaseModel

__all__ = ["drop_offs", "wilson"]

Z_95 = 1.959963984540054  # two-sided 95 %
COUNTS = ("reached", "skipped", "returned", "continued", "stopped")


def drop_offs(
    phase_visits: ir.Table,
    journeys: ir.Table,
    *,
    engine: Engine,
    phase_models: Sequence[PhaseModel],
) -> ir.Table:
    """Count, per phase, the ended journeys that reached it, went on and stopped there.

    A journey that bought did not stop anywhere. One that did not, stopped in its last phase. So
    of the journeys that reached a phase some went on, some stopped there, and the rest went back
    to an earlier phase and stopped there. What is at risk in a phase is what a journey that reached
    it brings on average, for each that stopped there.

    Args:
        phase_visits: as in its contract.
        journeys: as in its contract.
        phase_models: the models in use; see `phase_models`.

    Returns:
        As in the contract of `drop_offs`; phases that nobody reached are there too.
    """
    ended = journeys.filter(journeys["outcome"] != "open")
    most = max(len(model.phases) for model in phase_models)
    totals = engine.keep(
        ibis.union(*(_totals(model, phase_visits, ended, most) for model in phase_models))
    )
    rows = ibis.union(
        *(
            _of_phase(model, place, totals)
            for model in phase_models
            for place in range(len(model.phases))
        )
    )
    rows = rows.left_join(_stays(phase_visits, ended), ["phase_model", "phase"])
    share, low, high = wilson(rows["stopped"], rows["reached"])
    return rows.mutate(
        drop_off_share=share,
        drop_off_low=low,
        drop_off_high=high,
        value_at_risk_amount=(rows["stopped"] * rows["brought"] / rows["reached"].nullif(0))
        .fill_null(0.0)
        .cast("decimal(18, 4)"),
    )


def wilson(
    count: ir.IntegerColumn, total: ir.IntegerColumn
) -> tuple[ir.FloatingValue, ir.FloatingValue, ir.FloatingValue]:
    """A share with its 95 % interval; all empty (null) where the total is 0.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
    American Statistical Association 22 (1927).
    """
    n = total.cast("float64").nullif(0.0)
    share = count / n
    middle = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = (share * (1 - share) / n + Z_95**2 / (4 * n * n)).sqrt() * Z_95 / (1 + Z_95**2 / n)
    # At none and at all an end is the share itself; rounding must not pass it.
    low = ibis.cases((share == 0, 0.0), else_=middle - half)
    high = ibis.cases((share == 1, 1.0), else_=middle + half)
    return share, low, high


def _totals(model: PhaseModel, visits: ir.Table, ended: ir.Table, most_phases: int) -> ir.Table:
    """The counts of all phases of a model, in one pass over its journeys."""
    wide = _wide(model, visits, ended)
    places = range(most_phases)
    measures: dict[str, ir.Value] = {"journeys": wide.count()}
    for place in places:
        for name in COUNTS:
            counted = (
                wide.count(where=_conditions(wide, place, len(model.phases))[name])
                if place < len(model.phases)
                else ibis.literal(0, "int64")
            )
            measures[f"{name}_{place}"] = counted
        measures[f"brought_{place}"] = (
            wide["amount"].sum(where=wide[f"first_{place}"].notnull()).fill_null(0.0)
            if place < len(model.phases)
            else ibis.literal(0.0)
        )
    return wide.aggregate(phase_model=ibis.literal(model.id), **measures)


def _wide(model: PhaseModel, visits: ir.Table, ended: ir.Table) -> ir.Table:
    """One row a journey, with the first and last place of each phase in it."""
    own = visits.filter(visits["phase_model"] == model.id)
    own = own.join(ended.select("journey_id", "outcome", "purchase_amount"), "journey_id")
    measures: dict[str, ir.Value] = {}
    for place, phase in enumerate(model.phase_ids):
        here = own["phase"] == phase
        measures[f"first_{place}"] = own["position"].min(where=here)
        measures[f"last_{place}"] = own["position"].max(where=here)
        measures[f"ends_{place}"] = own.count(where=here & own["next_phase"].isnull())
    bought = own["outcome"].max() == "purchase"
    amount = own["purchase_amount"].max().cast("float64")
    return own.group_by("customer_id", "journey_id").aggregate(
        bought=bought, amount=amount, **measures
    )


def _conditions(wide: ir.Table, place: int, phases: int) -> dict[str, ir.BooleanValue]:
    first, last = wide[f"first_{place}"], wide[f"last_{place}"]
    later = [wide[f"last_{number}"] for number in range(place + 1, phases)]
    nowhere = ibis.literal(False)
    was_later = reduce(or_, (other.notnull() for other in later), nowhere)
    later_after = reduce(or_, ((other > first).fill_null(False) for other in later), nowhere)
    stopped = ~wide["bought"] & (wide[f"ends_{place}"] > 0)
    return {
        "reached": first.notnull(),
        "skipped": first.isnull() & was_later,
        "returned": (last > first).fill_null(False),
        "continued": first.notnull() & ~stopped & (wide["bought"] | later_after),
        "stopped": stopped,
    }


def _of_phase(model: PhaseModel, place: int, totals: ir.Table) -> ir.Table:
    own = totals.filter(totals["phase_model"] == model.id)
    return own.select(
        "phase_model",
        "journeys",
        phase=ibis.literal(model.phase_ids[place]),
        position=ibis.literal(place + 1, "int64"),
        brought=own[f"brought_{place}"],
        **{name: own[f"{name}_{place}"] for name in COUNTS},
    )


def _stays(visits: ir.Table, ended: ir.Table) -> ir.Table:
    own = visits.semi_join(ended, "journey_id")
    stay = own["left_at"].delta(own["entered_at"], unit="millisecond") / 1000
    return own.group_by("phase_model", "phase").aggregate(median_stay_seconds=stay.quantile(0.5))
