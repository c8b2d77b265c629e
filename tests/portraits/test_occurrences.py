"""The moments of everybody, sorted by what happened and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import pvariance
from typing import Any

import ibis
import pytest

from klantreis.engine import Engine
from klantreis.portraits import occurrences
from klantreis.tables import SAMPLED_OF, Renewal, contract, is_sampled
from tests.rows import afresh, made, rows_of, stored

NAME = "occurrences"


def moment(customer: int, position: int, event: str, day: int, **more: Any) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "position": position,
        "occurred_at": datetime(2026, 1, day),
        "channel": "web",
        "event": event,
        "session": 1,
        "record_table": "events",
        "record_id": f"{customer}-{position}",
        **more,
    }


TIMELINE = [
    moment(1, 1, "view_item", 1, page="/tafels"),
    moment(1, 2, "purchase", 9, amount=20),
    moment(2, 1, "purchase", 3, amount=10),
    moment(2, 2, "view_item", 4),
]


def test_every_moment_is_there_once_and_at_rest_those_of_one_kind_stand_together(
    any_engine: Engine, tmp_path: Path
) -> None:
    expression = occurrences(
        stored("timeline", TIMELINE, any_engine, tmp_path),
        engine=any_engine,
        kept_occurrences=stored(NAME, [], any_engine, tmp_path / "before"),
        came_timeline=stored("timeline", [], any_engine, tmp_path / "came"),
        gone_timeline=stored("timeline", [], any_engine, tmp_path / "gone"),
    )
    assert not isinstance(expression, Renewal)
    assert len(made(NAME, expression, any_engine)) == len(TIMELINE)
    written = any_engine.write(expression, contract(NAME), tmp_path / "written")
    rows = any_engine.fetch(any_engine.read(written.files, contract(NAME))).to_pylist()
    assert [(row["event"], row["occurred_at"].day) for row in rows] == [
        ("purchase", 3), ("purchase", 9), ("view_item", 1), ("view_item", 4)
    ]  # fmt: skip
    assert (rows[2]["page"], rows[1]["amount"]) == ("/tafels", 20)


def test_only_moments_that_changed_are_put_anew(duckdb_engine: Engine) -> None:
    came = [moment(2, 1, "purchase", 5), moment(3, 1, "chat", 6)]
    gone = [{"customer_id": 2, "position": 1}, {"customer_id": 2, "position": 2}]
    renewal = occurrences(
        rows_of("timeline", [*TIMELINE[:2], *came]),
        engine=duckdb_engine,
        kept_occurrences=rows_of(NAME, [without_record(row) for row in TIMELINE]),
        came_timeline=rows_of("timeline", came),
        gone_timeline=rows_of("timeline", gone).select("customer_id", "position"),
    )
    assert isinstance(renewal, Renewal)
    fresh = made(NAME, renewal.fresh, duckdb_engine)
    assert [(row["customer_id"], row["position"], row["event"]) for row in fresh] == [
        (2, 1, "purchase"), (3, 1, "chat")
    ]  # fmt: skip
    assert duckdb_engine.fetch(renewal.gone.order_by("position")).to_pylist() == gone


def without_record(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in row if not name.startswith("record_")}


def test_the_customers_of_whom_is_estimated_stand_apart(any_engine: Engine, tmp_path: Path) -> None:
    everyone = [moment(number, 1, "purchase", 1) for number in range(2000)]
    expression = occurrences(
        stored("timeline", everyone, any_engine, tmp_path), engine=any_engine, **afresh(occurrences)
    )
    assert not isinstance(expression, Renewal)
    written = any_engine.write(expression, contract(NAME), tmp_path / "written")
    rows = any_engine.fetch(any_engine.read(written.files, contract(NAME))).to_pylist()
    sampled = [row["sample"] for row in rows]
    assert sampled == sorted(sampled)
    # Four standard deviations of a draw by chance.
    assert sum(sampled) == pytest.approx(len(everyone) / SAMPLED_OF, abs=39)
    # Numbers that follow on each other are in it evenly, and not at one distance.
    numbers = sorted(row["customer_id"] for row in rows if row["sample"])
    assert len({after - before for before, after in pairwise(numbers)}) > 10


@pytest.mark.parametrize("distance", [1, 4096, 10**6, 75_014_510])
def test_customers_at_one_distance_are_in_the_sample_as_if_by_chance(
    duckdb_engine: Engine, distance: int
) -> None:
    groups, size = 400, 20
    everyone = ibis.range(groups * size).unnest().name("place").as_table()
    number = everyone["place"] // size * 7 + everyone["place"] % size * distance
    drawn = everyone.mutate(group=everyone["place"] // size, is_drawn=is_sampled(number))
    counted = drawn.group_by("group").aggregate(drawn=drawn["is_drawn"].sum())
    found = [row["drawn"] for row in duckdb_engine.fetch(counted).to_pylist()]
    # The variance of counts tells whether members of a group come in together or keep others out.
    by_chance = size / SAMPLED_OF * (1 - 1 / SAMPLED_OF)
    assert pvariance(found) == pytest.approx(by_chance, rel=0.3)
