"""Stays in the phases of every registered phase model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine, Kept, by_customer
from klantreis.journeys.numbering import customers_of
from klantreis.journeys.phase_models import PhaseModel, phase
from klantreis.journeys.places import place
from klantreis.tables import EVERYONE, Portion, Renewal

__all__ = ["phase_visits"]

NEEDED = (
    "customer_id", "journey_id", "position", "touchpoint", "channel", "event", "moment",
    "entered_at", "left_at",
)  # fmt: skip
# The customer comes first: numbers are compared faster than names, and seldom tie.
JOURNEY = ["customer_id", "model_number", "journey_id"]
IN_ORDER = ibis.window(group_by=JOURNEY, order_by="position")
WHOLE_JOURNEY = ibis.window(group_by=JOURNEY)
SO_FAR = ibis.window(group_by=JOURNEY, order_by="position", preceding=None, following=0)


def phase_visits(
    steps: ir.Table,
    *,
    engine: Engine,
    phase_models: Sequence[PhaseModel],
    portion: Portion = EVERYONE,
    kept_phase_visits: ir.Table,
    changed_steps: ir.Table,
) -> ir.Table | Renewal:
    """Follow every journey through the phases of every phase model.

    Steps without a phase in a model are passed over in it; consecutive steps of one phase are one
    visit. Nothing forces an order: phases may be skipped and may come back. Only customers are
    followed anew of whom a step changed, unless these are many.

    Args:
        steps: as in its contract.
        phase_models: the models in use; see `phase_models`.
        portion: whose visits, when all are followed.
        kept_phase_visits: the visits of before.
        changed_steps: the steps that changed since.

    Returns:
        As in the contract of `phase_visits`.
    """
    return by_customer(
        partial(_followed, engine=engine, phase_models=phase_models),
        steps.select(*NEEDED),
        Kept("phase_visits", kept_phase_visits, customers_of(changed_steps)),
        engine=engine,
        portion=portion,
    )


def _followed(steps: ir.Table, engine: Engine, phase_models: Sequence[PhaseModel]) -> ir.Table:
    seen = engine.keep(_touchpoints(steps))
    touchpoints = engine.keep(
        ibis.union(*(_phases(seen, *pair) for pair in enumerate(phase_models)))
    )
    most = max(len(model.phases) for model in phase_models)
    return _named(_visits(_phased(steps, touchpoints), most), engine.table(_names(phase_models)))


def _touchpoints(steps: ir.Table) -> ir.Table:
    """Every combination that occurs: rules are applied to hundreds of rows, not to millions."""
    place = ibis.least(steps["position"], 2)  # only the entry differs from the rest
    seen = steps.select("channel", "event", "moment", position=place).distinct()
    return seen.mutate(
        touchpoint=seen["channel"] + "." + seen["event"], is_entry=seen["position"] == 1
    )


def _phases(seen: ir.Table, number: int, model: PhaseModel) -> ir.Table:
    numbers = [(own, order) for order, own in enumerate(model.phase_ids)]
    with_phase = seen.mutate(
        model_number=ibis.literal(number, "int64"),
        phase_number=phase(model, seen).cases(*numbers, else_=None).cast("int64"),
    )
    return with_phase.filter(with_phase["phase_number"].notnull()).select(
        "touchpoint", "moment", "is_entry", "model_number", "phase_number"
    )


def _phased(steps: ir.Table, touchpoints: ir.Table) -> ir.Table:
    narrow = steps.select(
        "customer_id",
        "journey_id",
        "position",
        "touchpoint",
        "moment",
        "entered_at",
        "left_at",
        is_entry=steps["position"] == 1,
    )
    return narrow.join(touchpoints, ["touchpoint", "moment", "is_entry"]).drop(
        "touchpoint", "moment", "is_entry"
    )


def _visits(steps: ir.Table, most_phases: int) -> ir.Table:
    """One row a visit: the first step of each run in one phase, and what follows it."""
    steps = steps.mutate(
        place=place(IN_ORDER),
        all_steps=steps.count().over(WHOLE_JOURNEY),
        last_at=steps["left_at"].max().over(WHOLE_JOURNEY),
        earlier_phase=steps["phase_number"].lag().over(IN_ORDER),
        earlier_left_at=steps["left_at"].lag().over(IN_ORDER),
    )
    goes_on = (steps["earlier_phase"] == steps["phase_number"]).fill_null(False)
    first = steps.filter(~goes_on)
    first = first.mutate(
        visit_number=place(IN_ORDER),
        next_number=first["phase_number"].lead().over(IN_ORDER),
        next_at=first["entered_at"].lead().over(IN_ORDER),
        next_place=first["place"].lead().over(IN_ORDER),
        next_earlier_left_at=first["earlier_left_at"].lead().over(IN_ORDER),
        **{
            f"visits_{order}": first.count(where=first["phase_number"] == order).over(SO_FAR)
            for order in range(most_phases)
        },
    )
    left_at = first["next_earlier_left_at"].fill_null(first["last_at"])
    return first.select(
        *JOURNEY,
        "phase_number",
        "next_number",
        "entered_at",
        position=first["visit_number"],
        visit=first["phase_number"].cases(
            *((order, first[f"visits_{order}"]) for order in range(most_phases))
        ),
        left_at=left_at,
        steps=first["next_place"].fill_null(first["all_steps"] + 1) - first["place"],
        wait_seconds=first["next_at"].delta(left_at, unit="millisecond") // 1000,
    )


def _names(models: Sequence[PhaseModel]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "model_number": number,
                "phase_number": order,
                "phase_model": model.id,
                "phase": own,
            }
            for number, model in enumerate(models)
            for order, own in enumerate(model.phase_ids)
        ]
    )


def _named(visits: ir.Table, names: ir.Table) -> ir.Table:
    following = names.select("model_number", next_number="phase_number", next_phase="phase").view()
    named = visits.join(names, ["model_number", "phase_number"])
    return named.left_join(following, ["model_number", "next_number"]).drop(
        "model_number", "model_number_right", "phase_number", "next_number", "next_number_right"
    )
