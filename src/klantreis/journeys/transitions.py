"""How often one touchpoint or phase directly follows another."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine

__all__ = ["END_BY_OUTCOME", "NO_MODEL", "START", "end_of", "transitions"]

START = "start"
END_BY_OUTCOME = {"purchase": "purchase_end", "lapsed": "lapse_end", "open": "open_end"}
NO_MODEL = "-"
PAIR = ["level", "phase_model", "source", "target"]


def transitions(
    steps: ir.Table, phase_visits: ir.Table, journeys: ir.Table, *, engine: Engine
) -> ir.Table:
    """Count the directly-follows relation on the level of touchpoints and of phases.

    Every journey leaves `start` once and comes to one of the three ends once.

    Args:
        steps: as in its contract.
        phase_visits: as in its contract.
        journeys: as in its contract.

    Returns:
        As in the contract of `transitions`.
    """
    pairs = ibis.union(
        _between_touchpoints(steps),
        _pairs(journeys, target=journeys["entry_touchpoint"]),
        _pairs(journeys, source=journeys["last_touchpoint"], target=end_of(journeys["outcome"])),
        *_between_phases(phase_visits, journeys),
    )
    counted = pairs.group_by(PAIR).aggregate(
        transitions=pairs.count(),
        median_wait_seconds=pairs["wait_seconds"].quantile(0.5),
        p90_wait_seconds=pairs["wait_seconds"].quantile(0.9),
    )
    counted = engine.keep(counted.mutate(pair=ibis.row_number().over(order_by=PAIR)))
    return counted.join(_reach(pairs, counted), "pair")


def end_of(outcome: ir.StringValue) -> ir.StringValue:
    """The end that a journey with this outcome comes to."""
    return outcome.cases(*END_BY_OUTCOME.items())


def _pairs(
    rows: ir.Table,
    *,
    target: ir.StringValue,
    source: ir.StringValue | None = None,
    phase_model: ir.StringValue | None = None,
    wait_seconds: ir.IntegerValue | None = None,
) -> ir.Table:
    at_phases = phase_model is not None
    return rows.select(
        "customer_id",
        "journey_id",
        level=ibis.literal("phase" if at_phases else "touchpoint"),
        phase_model=ibis.literal(NO_MODEL) if phase_model is None else phase_model,
        source=ibis.literal(START) if source is None else source,
        target=target,
        wait_seconds=ibis.null("int64") if wait_seconds is None else wait_seconds,
    )


def _between_touchpoints(steps: ir.Table) -> ir.Table:
    followed = steps.filter(steps["next_touchpoint"].notnull())
    return _pairs(
        followed,
        source=followed["touchpoint"],
        target=followed["next_touchpoint"],
        wait_seconds=followed["wait_seconds"],
    )


def _between_phases(visits: ir.Table, journeys: ir.Table) -> tuple[ir.Table, ...]:
    first = visits.filter(visits["position"] == 1)
    followed = visits.filter(visits["next_phase"].notnull())
    last = visits.filter(visits["next_phase"].isnull())
    last = last.join(journeys.select("journey_id", "outcome"), "journey_id")
    return (
        _pairs(first, phase_model=first["phase_model"], target=first["phase"]),
        _pairs(
            followed,
            phase_model=followed["phase_model"],
            source=followed["phase"],
            target=followed["next_phase"],
            wait_seconds=followed["wait_seconds"],
        ),
        _pairs(
            last,
            phase_model=last["phase_model"],
            source=last["phase"],
            target=end_of(last["outcome"]),
        ),
    )


def _reach(pairs: ir.Table, counted: ir.Table) -> ir.Table:
    """In how many journeys and of how many customers: counted upwards, without large sets."""
    # By number: four names in millions of groups would take several times the memory.
    numbered = pairs.join(counted.select("pair", *PAIR), PAIR)
    by_journey = numbered.group_by("customer_id", "journey_id", "pair").aggregate()
    by_customer = by_journey.group_by("customer_id", "pair").aggregate(journeys=by_journey.count())
    return by_customer.group_by("pair").aggregate(
        journeys=by_customer["journeys"].sum(), customers=by_customer.count()
    )
