from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from klantreis import segments
from klantreis.engine import Engine
from klantreis.journeys import phase_models
from tests.journeys.cases import Made, Moment, made_from, timeline_rows, walk
from tests.journeys.test_steps import moments_of_many, moments_of_some
from tests.length import at_length
from tests.rows import stored

MINUTE = 1 / 1440
MODEL = "see_think_do_care"
ENDS = {"purchase": "purchase_end", "lapsed": "lapse_end", "open": "open_end"}


def of_model(made: Made, table: str, model: str = MODEL) -> list[dict[str, Any]]:
    return [row for row in made.rows(table) if row["phase_model"] == model]


def phases(engine: Engine, *moments: tuple[float, str] | tuple[float, str, int]) -> list[Any]:
    visits = of_model(made_from(engine, walk(*moments)), "phase_visits")
    return [(row["phase"], row["visit"], row["steps"]) for row in visits]


def test_consecutive_steps_of_one_phase_are_one_visit(duckdb_engine: Engine) -> None:
    assert phases(
        duckdb_engine,
        (0, "ads.ad_click"),
        (1, "web.view_item"),
        (1 + MINUTE, "web.search"),
        (2, "web.add_to_cart"),
        (3, "store.purchase", 9),
        (5, "review.review"),
    ) == [("see", 1, 1), ("think", 1, 2), ("do", 1, 2), ("care", 1, 1)]


def test_a_phase_may_be_skipped_and_may_come_back(duckdb_engine: Engine) -> None:
    assert phases(
        duckdb_engine,
        (0, "web.view_item"),
        (1, "web.add_to_cart"),
        (2, "web.search"),
        (3, "web.purchase", 9),
    ) == [("think", 1, 1), ("do", 1, 1), ("think", 2, 1), ("do", 2, 1)]


def test_steps_without_a_phase_do_not_break_a_visit(duckdb_engine: Engine) -> None:
    made = made_from(
        duckdb_engine,
        walk((0, "web.view_item"), (1, "mail.sent"), (2, "web.page_view"), (3, "web.search")),
    )
    (visit,) = of_model(made, "phase_visits")
    first, *_, last = made.rows("steps")
    assert (visit["phase"], visit["steps"]) == ("think", 2)
    assert (visit["entered_at"], visit["left_at"]) == (first["entered_at"], last["left_at"])


def test_coming_in_is_a_phase_only_at_the_start(duckdb_engine: Engine) -> None:
    assert phases(
        duckdb_engine, (0, "mail.clicked"), (1, "web.view_item"), (2, "ads.ad_click")
    ) == [
        ("see", 1, 1),
        ("think", 1, 1),
    ]


def test_transitions_count_times_journeys_customers_and_waits(duckdb_engine: Engine) -> None:
    moments = [
        *walk((0, "web.view_item"), (1, "web.search"), (2, "web.view_item"), (4, "web.search")),
        *(Moment(2, day, name) for day, name in ((0, "web.view_item"), (6, "web.search"))),
    ]
    rows = made_from(duckdb_engine, moments).rows("transitions")
    found = {(r["source"], r["target"]): r for r in rows if r["level"] == "touchpoint"}
    there, back = (
        found["web.view_item", "web.search"],
        found["web.search", "web.view_item"],
    )
    assert (there["transitions"], there["journeys"], there["customers"]) == (3, 2, 2)
    assert there["median_wait_seconds"] == 2 * 86_400
    assert there["p90_wait_seconds"] == pytest.approx((2 + 0.8 * 4) * 86_400)
    assert (back["transitions"], back["journeys"]) == (1, 1)
    assert found["start", "web.view_item"]["journeys"] == 2
    assert found["web.search", "lapse_end"]["transitions"] == 2
    assert found["web.search", "lapse_end"]["median_wait_seconds"] is None


def test_drop_off_is_counted_where_a_journey_without_purchase_stops(
    duckdb_engine: Engine,
) -> None:
    moments = [
        *(Moment(1, day, name) for day, name in ((0, "ads.ad_click"), (1, "web.view_item"))),
        *(Moment(2, day, name) for day, name in ((0, "web.view_item"), (1, "web.add_to_cart"))),
        *(Moment(3, day, name) for day, name in ((0, "web.add_to_cart"), (1, "web.view_item"))),
        Moment(4, 0, "web.view_item"),
        Moment(4, 1, "web.purchase", 40),
        Moment(5, 0, "store.purchase", 20),
        Moment(6, 424, "web.view_item"),
    ]
    rows = {row["phase"]: row for row in of_model(made_from(duckdb_engine, moments), "drop_offs")}
    counts = ("journeys", "reached", "skipped", "returned", "continued", "stopped")
    assert {phase: tuple(row[name] for name in counts) for phase, row in rows.items()} == {
        "see": (5, 1, 4, 0, 1, 0),
        "think": (5, 4, 1, 0, 2, 2),
        "do": (5, 4, 0, 0, 2, 1),
        "care": (5, 0, 0, 0, 0, 0),
    }
    assert rows["think"]["drop_off_share"] == 0.5
    assert rows["think"]["value_at_risk_amount"] == Decimal(20)
    assert (rows["care"]["drop_off_share"], rows["care"]["drop_off_low"]) == (None, None)


def test_the_interval_is_the_one_of_the_segments_room(duckdb_engine: Engine) -> None:
    moments = [Moment(c, d, n) for c in range(1, 9) for d, n in ((0, "web.view_item"),)]
    moments += [Moment(c, 2, "web.purchase", 5) for c in (1, 2, 3)]
    row = next(
        r for r in of_model(made_from(duckdb_engine, moments), "drop_offs") if r["phase"] == "think"
    )
    interval = segments.wilson(5, 8)
    assert row["drop_off_share"] == pytest.approx(interval.share)
    assert row["drop_off_low"] == pytest.approx(interval.low)
    assert row["drop_off_high"] == pytest.approx(interval.high)


def test_a_shop_without_journeys_has_drop_offs_of_nobody(duckdb_engine: Engine) -> None:
    made = made_from(duckdb_engine, [])
    assert made.rows("transitions") == []
    rows = made.rows("drop_offs")
    assert len(rows) == sum(len(model.phases) for model in phase_models())
    assert {(row["journeys"], row["stopped"], row["drop_off_share"]) for row in rows} == {
        (0, 0, None)
    }


@settings(max_examples=4)
@given(moments=moments_of_some)
def test_what_always_holds(duckdb_engine: Engine, moments: list[Moment]) -> None:
    check(duckdb_engine, moments)


def test_it_holds_for_many_customers_too(duckdb_engine: Engine) -> None:
    check(duckdb_engine, moments_of_many(300))


def check(engine: Engine, moments: list[Moment]) -> None:
    made = made_from(engine, moments)
    tables = {name: made.rows(name) for name in ("steps", "journeys", "phase_visits")}
    check_journeys(tables["steps"], tables["journeys"])
    for model in phase_models():
        visits = [row for row in tables["phase_visits"] if row["phase_model"] == model.id]
        check_visits(visits, tables["journeys"])
        check_drop_offs(of_model(made, "drop_offs", model.id), visits, tables["journeys"])
    check_transitions(made.rows("transitions"), tables)


def check_journeys(steps: list[dict[str, Any]], journeys: list[dict[str, Any]]) -> None:
    counted = Counter(row["journey_id"] for row in steps)
    assert counted == {row["journey_id"]: row["steps"] for row in journeys}
    for row in journeys:
        own = [step for step in steps if step["journey_id"] == row["journey_id"]]
        assert row["channels"] == len({step["channel"] for step in own})
        assert row["started_at"] == min(step["entered_at"] for step in own)
        assert (row["outcome"] == "purchase") == any(s["moment"] == "purchase" for s in own)


def check_visits(visits: list[dict[str, Any]], journeys: list[dict[str, Any]]) -> None:
    by_journey: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in visits:
        by_journey[row["journey_id"]].append(row)
    assert set(by_journey) == {row["journey_id"] for row in journeys}
    for own in by_journey.values():
        assert [row["position"] for row in own] == list(range(1, len(own) + 1))
        assert [row["next_phase"] for row in own] == [*(r["phase"] for r in own[1:]), None]
        assert all(row["next_phase"] != row["phase"] for row in own)
        seen: Counter[str] = Counter()
        for row in own:
            seen[row["phase"]] += 1
            assert row["visit"] == seen[row["phase"]]
            assert row["entered_at"] <= row["left_at"]
            assert (row["wait_seconds"] is None) == (row["next_phase"] is None)


def check_drop_offs(
    rows: list[dict[str, Any]], visits: list[dict[str, Any]], journeys: list[dict[str, Any]]
) -> None:
    order = {row["phase"]: row["position"] for row in rows}
    ended = {j["journey_id"]: j["outcome"] for j in journeys if j["outcome"] != "open"}
    paths = defaultdict(list)
    for visit in visits:
        if visit["journey_id"] in ended:
            paths[visit["journey_id"]].append(visit["phase"])
    for row in rows:
        phase = row["phase"]
        with_it = {name: path for name, path in paths.items() if phase in path}
        stopped = {n for n, p in with_it.items() if ended[n] == "lapsed" and p[-1] == phase}
        later = {
            name
            for name, path in with_it.items()
            if any(order[other] > order[phase] for other in path[path.index(phase) + 1 :])
        }
        bought = {name for name in with_it if ended[name] == "purchase"}
        assert row["journeys"] == len(ended)
        assert row["reached"] == len(with_it)
        assert row["returned"] == sum(path.count(phase) > 1 for path in with_it.values())
        assert row["stopped"] == len(stopped)
        assert row["continued"] == len((bought | later) - stopped)
        assert row["skipped"] == sum(
            phase not in path and max(order[p] for p in path) > order[phase]
            for path in paths.values()
        )
        assert row["reached"] >= row["continued"] + row["stopped"]
        if row["reached"]:
            assert 0 <= row["drop_off_low"] <= row["drop_off_share"] <= row["drop_off_high"] <= 1
    assert sum(row["stopped"] for row in rows) == sum(o == "lapsed" for o in ended.values())


def check_transitions(
    transitions: list[dict[str, Any]], tables: dict[str, list[dict[str, Any]]]
) -> None:
    journeys = tables["journeys"]
    outcomes = Counter(ENDS[row["outcome"]] for row in journeys)
    levels: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in transitions:
        levels[row["level"], row["phase_model"]].append(row)
        assert row["transitions"] >= row["journeys"] >= row["customers"] >= 1
    assert len(levels) in (0, 1 + len(phase_models()))
    for (level, model), rows in levels.items():
        assert sum(row["journeys"] for row in rows if row["source"] == "start") == len(journeys)
        ends: Counter[str] = Counter()
        for row in rows:
            if row["target"] in ENDS.values():
                ends[row["target"]] += row["transitions"]
        assert ends == outcomes
        parts = tables["steps"] if level == "touchpoint" else tables["phase_visits"]
        own = [row for row in parts if level == "touchpoint" or row["phase_model"] == model]
        # Each step, or stay, is left once: to the next one or to an end.
        left = sum(row["transitions"] for row in rows if row["source"] != "start")
        assert left == len(own)


@at_length
@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_spark_gives_the_same_tables(
    spark_engine: Engine, duckdb_engine: Engine, tmp_path: Path
) -> None:
    moments = moments_of_many(12)
    here = made_from(duckdb_engine, moments)
    there = Made(spark_engine, stored("timeline", timeline_rows(moments), spark_engine, tmp_path))
    for name in ("steps", "journeys", "phase_visits", "transitions", "drop_offs"):
        assert [rounded(row) for row in there.rows(name)] == [
            rounded(row) for row in here.rows(name)
        ], name


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Engines add and divide in another order; the twelfth digit may differ."""
    return {k: round(v, 9) if isinstance(v, float) else v for k, v in row.items()}
