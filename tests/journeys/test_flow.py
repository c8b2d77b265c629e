from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from hypothesis import given, settings

from klantreis.engine import Engine
from klantreis.journeys import (
    channel_stops,
    flow,
    phase_stops,
    touchpoint_stops,
    variants,
)
from tests.journeys.cases import Made, Moment, made_from
from tests.journeys.test_steps import moments_of_many, moments_of_some

WAYS = {
    1: ("web.view_item", "store.purchase"),
    2: ("web.view_item", "web.search", "store.purchase"),
    3: ("web.view_item",),
    4: ("mail.clicked", "web.view_item", "app.view_item", "web.add_to_cart"),
}


def shop(engine: Engine) -> Made:
    return made_from(
        engine,
        [
            Moment(customer, day, touchpoint)
            for customer, way in WAYS.items()
            for day, touchpoint in enumerate(way)
        ],
    )


def links(made: Made, stops: Any, **limits: int) -> dict[tuple[int, str, str], int]:
    rows = made.engine.fetch(flow(stops, made.journeys, **limits)).to_pylist()
    found = {(row["step"], row["source"], row["target"]): row["journeys"] for row in rows}
    assert len(found) == len(rows)
    return found


def test_the_flow_is_unrolled_step_by_step_to_the_ends(duckdb_engine: Engine) -> None:
    made = shop(duckdb_engine)
    assert links(made, channel_stops(made.steps)) == {
        (0, "start", "web"): 3,
        (0, "start", "mail"): 1,
        (1, "web", "store"): 2,
        (1, "web", "lapse_end"): 1,
        (1, "mail", "web"): 1,
        (2, "store", "purchase_end"): 2,
        (2, "web", "app"): 1,
        (3, "app", "web"): 1,
        (4, "web", "lapse_end"): 1,
    }


def test_only_the_first_levels_are_unrolled(duckdb_engine: Engine) -> None:
    made = shop(duckdb_engine)
    assert links(made, channel_stops(made.steps), levels=1) == {
        (0, "start", "web"): 3,
        (0, "start", "mail"): 1,
        (1, "web", "store"): 2,
        (1, "web", "lapse_end"): 1,
        (1, "mail", "web"): 1,
    }


def test_what_is_rare_on_a_level_is_the_rest_there(duckdb_engine: Engine) -> None:
    made = shop(duckdb_engine)
    found = links(made, channel_stops(made.steps), levels=2, most=1)
    assert found[0, "start", "rest"] == 1
    assert found[1, "rest", "rest"] == 1
    assert found[1, "web", "store"] == 2
    assert found[2, "rest", "app"] == 1


def test_phases_flow_as_channels_do(duckdb_engine: Engine) -> None:
    made = shop(duckdb_engine)
    stops = phase_stops(made.phase_visits, phase_model="see_think_do_care")
    found = links(made, stops, levels=1)
    assert found == {
        (0, "start", "see"): 1,
        (0, "start", "think"): 3,
        (1, "see", "think"): 1,
        (1, "think", "do"): 2,
        (1, "think", "lapse_end"): 1,
    }


def test_variants_are_the_ways_taken_most_with_their_ends(duckdb_engine: Engine) -> None:
    made = shop(duckdb_engine)
    rows = duckdb_engine.fetch(variants(channel_stops(made.steps), made.journeys, length=3))
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        (["web", "store"], False, 2, 2, 0, 0),
        (["mail", "web", "app"], True, 1, 0, 1, 0),
        (["web"], False, 1, 0, 1, 0),
    ]


def test_only_so_many_variants_are_told(duckdb_engine: Engine) -> None:
    made = shop(duckdb_engine)
    rows = duckdb_engine.fetch(variants(touchpoint_stops(made.steps), made.journeys, most=2))
    assert rows.num_rows == 2


def check(made: Made) -> None:
    journeys = len(made.rows("journeys"))
    stops = channel_stops(made.steps)
    found = links(made, stops, levels=3, most=2)
    entering: Counter[tuple[int, str]] = Counter()
    leaving: Counter[tuple[int, str]] = Counter()
    widths: dict[int, set[str]] = defaultdict(set)
    for (step, source, target), count in found.items():
        leaving[step, source] += count
        if not target.endswith("_end"):
            entering[step + 1, target] += count
            widths[step + 1].add(target)
    assert leaving[0, "start"] == journeys
    assert {k: v for k, v in entering.items() if k[0] <= 3} == {
        k: v for k, v in leaving.items() if k[0]
    }
    assert all(len(names) <= 3 for names in widths.values())
    rows = made.engine.fetch(variants(stops, made.journeys, most=10_000)).to_pylist()
    assert sum(row["journeys"] for row in rows) == journeys
    assert all(r["journeys"] == r["bought"] + r["lapsed"] + r["still_open"] for r in rows)


@settings(max_examples=4)
@given(moments=moments_of_some)
def test_what_enters_a_level_leaves_it(duckdb_engine: Engine, moments: list[Moment]) -> None:
    check(made_from(duckdb_engine, moments))


def test_it_does_for_many_customers_too(duckdb_engine: Engine) -> None:
    check(made_from(duckdb_engine, moments_of_many(300)))
