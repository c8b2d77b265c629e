from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.journeys import channel_paths
from tests.rows import rows_of, stored

AT = datetime(2025, 1, 1)
EVENTS = {"web": "view_item", "app": "search", "store": "purchase", "mail": "sent"}


def steps_of(number: int, *touchpoints: str) -> list[dict[str, Any]]:
    """A customer's journey, told as `web`, `store` (a purchase) or `store.return`."""
    rows = []
    for position, name in enumerate(touchpoints, start=1):
        channel, _, event = name.partition(".")
        event = event or EVENTS[channel]
        moment = "after" if event == "return" else "purchase" if event == "purchase" else "before"
        rows.append(
            {"journey_id": f"{number}-1", "customer_id": number, "position": position}
            | {"touchpoint": f"{channel}.{event}", "channel": channel, "event": event}
            | {"moment": moment, "entered_at": AT, "left_at": AT}
        )
    return rows


def journeys_of(*outcomes: str) -> list[dict[str, Any]]:
    return [
        {"journey_id": f"{number}-1", "customer_id": number, "outcome": outcome}
        | {"started_at": AT, "ended_at": AT}
        for number, outcome in enumerate(outcomes, start=1)
    ]


def asked(
    engine: Engine, steps: list[dict[str, Any]], journeys: list[dict[str, Any]], **more: int
) -> list[tuple[list[str], bool, str, int]]:
    expression = channel_paths(
        rows_of("steps", steps), rows_of("journeys", journeys), **({"length": 3} | more)
    )
    rows = engine.fetch(expression).to_pylist()
    return sorted((r["path"], r["is_cut"], r["outcome"], r["journeys"]) for r in rows)


def test_successive_steps_in_one_channel_are_one_stop(duckdb_engine: Engine) -> None:
    steps = steps_of(1, "web", "web.search", "app", "web", "store")
    found = asked(duckdb_engine, steps, journeys_of("purchase"), length=6)
    assert found == [(["web", "app", "web", "store"], False, "purchase", 1)]


def test_a_message_that_was_only_sent_is_no_stop(duckdb_engine: Engine) -> None:
    steps = steps_of(1, "web", "mail", "web")
    assert asked(duckdb_engine, steps, journeys_of("lapsed")) == [(["web"], False, "lapsed", 1)]


def test_aftercare_is_left_out(duckdb_engine: Engine) -> None:
    steps = steps_of(1, "web", "store", "web.return")
    found = asked(duckdb_engine, steps, journeys_of("purchase"))
    assert found == [(["web", "store"], False, "purchase", 1)]


def test_a_long_way_is_cut_off_and_says_so(duckdb_engine: Engine) -> None:
    steps = steps_of(1, "web", "app", "web", "app")
    found = asked(duckdb_engine, steps, journeys_of("open"))
    assert found == [(["web", "app", "web"], True, "open", 1)]


def test_equal_ways_with_equal_ends_are_counted_together(
    any_engine: Engine, tmp_path: Path
) -> None:
    steps = steps_of(1, "web", "store") + steps_of(2, "web", "store") + steps_of(3, "web")
    steps_table = stored("steps", steps, any_engine, tmp_path)
    ends = stored("journeys", journeys_of("purchase", "purchase", "lapsed"), any_engine, tmp_path)
    rows = any_engine.fetch(channel_paths(steps_table, ends, length=3)).to_pylist()
    assert sorted((row["path"], row["outcome"], row["journeys"]) for row in rows) == [
        (["web"], "lapsed", 1),
        (["web", "store"], "purchase", 2),
    ]


def test_a_part_of_the_customers_can_be_asked(duckdb_engine: Engine) -> None:
    steps = [row for number in range(1, 9) for row in steps_of(number, "web")]
    found = asked(duckdb_engine, steps, journeys_of(*["lapsed"] * 8), one_in=4)
    assert found == [(["web"], False, "lapsed", 2)]


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from(["web", "app", "store"]), min_size=1), min_size=1))
def test_every_journey_takes_exactly_one_way(duckdb_engine: Engine, ways: list[list[str]]) -> None:
    steps = [row for number, way in enumerate(ways, start=1) for row in steps_of(number, *way)]
    found = asked(duckdb_engine, steps, journeys_of(*["lapsed"] * len(ways)))
    assert sum(count for *_, count in found) == len(ways)
    for path, *_ in found:
        assert 1 <= len(path) <= 3
        assert all(one != other for one, other in pairwise(path))
