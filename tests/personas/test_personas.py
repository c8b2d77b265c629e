from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis import personas
from klantreis.engine import Engine
from klantreis.personas.clustering import merges, overlap, partition
from tests.rows import Row, at_hand, made

NOW = datetime(2026, 3, 1)


def told(customer: int, *topics: str, **more: Any) -> list[Row]:
    return [
        {
            "statement_id": f"s{customer}{topic}",
            "topic": topic,
            "customer_id": customer,
            "evidence": "measured",
            **more,
        }
        for topic in topics
    ]


def speakers(count: int, *topics: str, first: int = 1) -> list[Row]:
    return [row for number in range(first, first + count) for row in told(number, *topics)]


# Bargain hunters ask after price and offers, those in a hurry after delivery and stock.
SHOP = [
    *speakers(60, "price", "sale"),
    *speakers(50, "sale", "price", "coupon", first=101),
    *speakers(55, "delivery", "stock", first=201),
    *speakers(45, "stock", "delivery", "pickup", first=301),
    *speakers(5, "sustainability", first=401),
]


def groups_of(engine: Engine, questions: Sequence[Row], by: str = "need") -> list[dict[str, Any]]:
    members = [{"segmentation": "channel", "segment": "online", "customer_id": 1}]
    result = personas.target_groups(
        at_hand("questions", questions, engine),
        at_hand("memberships", members, engine),
        persona_groups=by,
    )
    return made("target_groups", result, engine)


def test_a_customer_belongs_to_the_need_that_sets_it_apart(any_engine_at_length: Engine) -> None:
    rows = groups_of(any_engine_at_length, SHOP)
    group = {row["customer_id"]: row["target_group"] for row in rows}
    assert (group[101], group[301]) == ("coupon", "pickup")
    assert 401 not in group  # five speakers are too few for a group


def test_a_problem_is_no_need(duckdb_engine: Engine) -> None:
    broken = [row for n in range(1, 61) for row in told(n, "damaged", is_problem=True)]
    assert groups_of(duckdb_engine, broken) == []


def test_with_enough_answers_to_a_survey_only_those_count(duckdb_engine: Engine) -> None:
    asked = [row for n in range(1, 451) for row in told(n, "price", evidence="asked")]
    rows = groups_of(duckdb_engine, [*asked, *speakers(60, "stock", first=1001)])
    assert {row["target_group"] for row in rows} == {"price"}


def test_groups_can_be_those_of_a_segmentation(duckdb_engine: Engine) -> None:
    assert groups_of(duckdb_engine, SHOP, by="channel") == []  # one speaker is too few


def by_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: int(row["position"]))


@pytest.fixture
def grouped(duckdb_engine: Engine) -> tuple[Any, Any]:
    questions = at_hand("questions", SHOP, duckdb_engine)
    rows = groups_of(duckdb_engine, SHOP)
    return questions, at_hand("target_groups", rows, duckdb_engine)


def test_overlap_is_the_smaller_shares_over_the_larger(
    duckdb_engine: Engine, grouped: tuple[Any, Any]
) -> None:
    rows = made(
        "need_overlaps", personas.need_overlaps(*grouped, engine=duckdb_engine), duckdb_engine
    )
    found = {(row["target_group"], row["other_group"]): row["overlap"] for row in rows}
    assert found["coupon", "delivery"] == 0
    assert found["coupon", "price"] == pytest.approx(2 / 3)
    assert all(row["low"] <= row["overlap"] <= row["high"] for row in rows)


def test_groups_whose_needs_overlap_become_one_persona(
    duckdb_engine: Engine, grouped: tuple[Any, Any]
) -> None:
    result = personas.personas(*grouped, engine=duckdb_engine, persona_count=0)
    rows = by_place(made("personas", result, duckdb_engine))
    assert [sorted(row["target_groups"]) for row in rows] == [
        ["coupon", "price"],
        ["delivery", "pickup"],
    ]
    assert rows[0]["stability"] > 0.9
    assert {"price", "sale"} <= set(rows[0]["needs"])


def test_what_is_lost_adds_up_to_everything(
    duckdb_engine: Engine, grouped: tuple[Any, Any]
) -> None:
    result = personas.persona_merges(*grouped, engine=duckdb_engine)
    rows = made("persona_merges", result, duckdb_engine)
    assert [row["personas_left"] for row in rows] == [3, 2, 1]
    assert sum(row["lost_share"] for row in rows) == pytest.approx(1)
    assert rows[-1]["lost_so_far"] == pytest.approx(1)
    assert rows[1]["lost_so_far"] < 0.5 < rows[2]["lost_share"]


def test_every_customer_is_scored_and_probabilities_add_up(
    any_engine_at_length: Engine, grouped: tuple[Any, Any], duckdb_engine: Engine
) -> None:
    _, groups = grouped
    result = personas.personas(*grouped, engine=duckdb_engine, persona_count=0)
    made_of = by_place(made("personas", result, duckdb_engine))
    portraits = [
        {
            "customer_id": row["customer_id"],
            "as_of": NOW,
            "preferred_channel": "store" if row["customer_id"] < 200 else "web",
            "sources": [],
            "channels": [],
            "categories": [],
        }
        for row in [*made("target_groups", groups, duckdb_engine), {"customer_id": 9_000}]
    ]
    result = personas.persona_memberships(
        at_hand("personas", made_of, any_engine_at_length),
        at_hand(
            "target_groups", made("target_groups", groups, duckdb_engine), any_engine_at_length
        ),
        at_hand("questions", SHOP, any_engine_at_length),
        at_hand("portraits", portraits, any_engine_at_length),
        engine=any_engine_at_length,
        as_of=NOW,
    )
    rows = made("persona_memberships", result, any_engine_at_length)
    totals: dict[int, float] = {}
    for row in rows:
        totals[row["customer_id"]] = totals.get(row["customer_id"], 0) + row["probability"]
    assert len(totals) == len(portraits)
    assert all(total == pytest.approx(1) for total in totals.values())
    best = {row["customer_id"]: row for row in rows if row["is_member"]}
    assert (best[1]["persona_id"], best[1]["basis"]) == (made_of[0]["persona_id"], "needs")
    assert (best[9_000]["persona_id"], best[9_000]["basis"]) == (
        made_of[1]["persona_id"],
        "behaviour",
    )


def test_without_needs_there_are_no_personas(duckdb_engine: Engine) -> None:
    nothing = at_hand("questions", [], duckdb_engine), at_hand("target_groups", [], duckdb_engine)
    for name in ("need_overlaps", "persona_merges"):
        assert (
            made(name, getattr(personas, name)(*nothing, engine=duckdb_engine), duckdb_engine) == []
        )
    none = personas.personas(*nothing, engine=duckdb_engine, persona_count=0)
    assert made("personas", none, duckdb_engine) == []


counts = st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=3), min_size=2, max_size=6)


@given(counts)
def test_merging_never_splits_what_was_together(told_counts: list[list[int]]) -> None:
    told_of = np.asarray(told_counts, float)
    done = merges(told_of, told_of.sum(axis=1) + 1)
    groups = len(told_counts)
    for count in range(groups, 1, -1):
        finer, coarser = partition(done, groups, count), partition(done, groups, count - 1)
        assert len(set(finer)) == count
        assert len(set(zip(finer, coarser, strict=True))) == count


@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_overlap_is_the_same_both_ways_and_lies_between_0_and_1(
    one: list[float], other: list[float]
) -> None:
    there = overlap(np.asarray(one), np.asarray(other))
    assert there == overlap(np.asarray(other), np.asarray(one))
    assert 0 <= there <= 1
