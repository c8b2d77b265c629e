"""How much of what the simulated retailer planted comes back in the measured journeys."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from klantreis import Workspace, portraits
from klantreis.engine import connect
from klantreis.pipeline import Step
from klantreis.tables import conform, contract
from tests.journeys.cases import Made
from tests.rows import afresh

MODEL = "inspiration_to_feedback"
PHASES = ("inspiration", "orientation", "purchase")
NEAR = timedelta(minutes=30)


@dataclass(frozen=True)
class Recovery:
    """Planted and measured, over the planted journeys that ended and left traces.

    Attributes:
        journeys: how many those are.
        found: part of them with a measured journey of that person that starts at that time.
        outcome_right: of those found and ended, the part with the right outcome.
        phase_right: of those that rightly did not buy, the part that stops in the right phase.
        stops: per phase the part of the stopped journeys that stops there, planted and measured.
        drop_off: per phase the part of those who reached it that stops there, likewise.
    """

    journeys: int
    found: float
    outcome_right: float
    phase_right: float
    stops: Mapping[str, tuple[float, float]]
    drop_off: Mapping[str, tuple[float, float]]


def recovery(shop: Workspace) -> Recovery:
    """Measure the journeys of a simulated shop with everybody recognised, and compare.

    Who is who is taken from the truth, so that only this room is judged; the identity room has
    a test of its own.
    """
    planted = [row for row in _truth(shop, "journeys") if not row["is_open"]]
    made = _measured(shop)
    known = _orders_with_a_buyer(shop)
    seen = [row for row in planted if row["drop_off_phase"] or row["order_id"] in known]
    matched = _matched(seen, made.rows("journeys"))
    ended = [
        (truth, journey)
        for truth, journey in matched
        if journey is not None and journey["outcome"] != "open"
    ]
    last = {
        row["journey_id"]: row["phase"]
        for row in made.rows("phase_visits")
        if row["phase_model"] == MODEL and row["next_phase"] is None
    }
    stopped = [
        (truth["drop_off_phase"], last[journey["journey_id"]])
        for truth, journey in ended
        if truth["drop_off_phase"] and journey["outcome"] == "lapsed"
    ]
    right = [bool(t["drop_off_phase"]) == (j["outcome"] == "lapsed") for t, j in ended]
    drop_offs = {row["phase"]: row for row in made.rows("drop_offs") if row["phase_model"] == MODEL}
    return Recovery(
        journeys=len(seen),
        found=_share(journey is not None for _, journey in matched),
        outcome_right=_share(right),
        phase_right=_share(planned == measured for planned, measured in stopped),
        stops=_stops(seen, drop_offs),
        drop_off=_drop_off(seen, drop_offs),
    )


def _truth(shop: Workspace, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(
        shop.folder / "truth" / f"{name}.parquet"
    ).to_pylist()
    return rows


def _people(shop: Workspace) -> dict[str, int]:
    return {row["person_id"]: row["human_id"] for row in _truth(shop, "records")}


def _orders_with_a_buyer(shop: Workspace) -> set[str]:
    people = _people(shop)
    orders = shop.rows(shop.table("orders").select("order_id", "person_id"))
    return {row["order_id"] for row in orders if row["person_id"] in people}


def _measured(shop: Workspace) -> Made:
    published = shop.published
    assert published is not None
    engine = connect("duckdb")
    step = Step(portraits.timeline)
    tables: dict[str, ir.Table] = {
        name: engine.read(shop.store.absolute(published.tables[name].files), contract(name))
        for name in step.reads
    }
    people = _people(shop)
    tables["links"] = ibis.memtable(
        {
            "person_id": list(people),
            "customer_id": list(people.values()),
            "rule": ["known"] * len(people),
        }
    )
    given = {**vars(shop.settings), "engine": engine, "as_of": published.as_of}
    nothing = afresh(portraits.timeline)
    asked = (name for name in step.asks if name != "portion" and name not in nothing)
    timeline = portraits.timeline(**tables, **{name: given[name] for name in asked}, **nothing)
    timeline = engine.keep(conform(timeline, contract("timeline")))
    return Made(engine, timeline, published.as_of)


def _matched(
    planted: list[dict[str, Any]], journeys: Iterable[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    by_customer = defaultdict(list)
    for journey in journeys:
        by_customer[journey["customer_id"]].append(journey)
    return [
        (
            truth,
            next(
                (
                    journey
                    for journey in by_customer[truth["human_id"]]
                    if abs(journey["started_at"] - truth["started_at"]) <= NEAR
                ),
                None,
            ),
        )
        for truth in planted
    ]


def _stops(
    planted: list[dict[str, Any]], drop_offs: Mapping[str, dict[str, Any]]
) -> dict[str, tuple[float, float]]:
    truth = Counter(row["drop_off_phase"] for row in planted if row["drop_off_phase"])
    total = sum(drop_offs[phase]["stopped"] for phase in PHASES)
    return {
        phase: (truth[phase] / truth.total(), drop_offs[phase]["stopped"] / total)
        for phase in PHASES
    }


def _drop_off(
    planted: list[dict[str, Any]], drop_offs: Mapping[str, dict[str, Any]]
) -> dict[str, tuple[float, float]]:
    order = {phase: place for place, phase in enumerate((*PHASES, "aftercare"))}
    shares = {}
    for phase in PHASES:
        reached = [
            row
            for row in planted
            if order[row["entry_phase"]] <= order[phase] <= order[row["furthest_phase"]]
        ]
        stopped = _share(row["drop_off_phase"] == phase for row in reached)
        shares[phase] = (stopped, drop_offs[phase]["drop_off_share"])
    return shares


def _share(those: Iterable[bool]) -> float:
    listed = list(those)
    return sum(listed) / len(listed)
