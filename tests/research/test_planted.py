"""What was planted in the simulated shop comes back: topics, and how people felt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from klantreis import Workspace

# What a complaint of the simulation is about, in the words of the topic list.
PLANTED = {
    "late_parcel": "late_parcel",
    "damaged": "damaged",
    "wrong_item": "wrong_item",
    "refund_slow": "refund",
    "payment_failed": "payment",
    "cancelled": "cancellation",
    "warranty": "warranty",
    "store_visit": "store",
    "product_question": "product_details",
    "stock_question": "stock",
    "delivery_question": "delivery",
}


@pytest.fixture
def spoken(shop: Workspace) -> dict[str, dict[str, Any]]:
    truth = pq.read_table(shop.folder / "truth" / "emotions.parquet").to_pylist()
    return {row["feedback_id"]: row for row in truth if row["feedback_id"]}


def test_most_complaints_go_to_the_topic_that_they_were_written_about(
    shop: Workspace, spoken: dict[str, dict[str, Any]]
) -> None:
    rows = shop.rows(shop.table("questions"))
    wanted = {key: PLANTED[row["topic"]] for key, row in spoken.items() if row["topic"] in PLANTED}
    main = {row["record_id"]: row["topic"] for row in rows if row["is_main"]}
    among = {(row["record_id"], row["topic"]) for row in rows}
    assert len(wanted) > 40
    assert np.mean([main.get(key) == topic for key, topic in wanted.items()]) > 0.8
    assert np.mean([(key, topic) in among for key, topic in wanted.items()]) > 0.9


def test_the_sign_of_what_people_say_comes_back(
    shop: Workspace, spoken: dict[str, dict[str, Any]]
) -> None:
    rows = shop.rows(shop.table("emotions"))
    pairs = [
        (row["emotion"], spoken[row["record_id"]]["emotion"])
        for row in rows
        if row["kind"] == "text" and row["record_id"] in spoken
    ]
    felt, planted = np.array(pairs).T
    assert len(pairs) > 40
    assert np.corrcoef(felt, planted)[0, 1] > 0.6
    told = planted != 0
    assert np.mean(np.sign(felt[told]) == np.sign(planted[told])) > 0.8


def test_needs_and_feelings_are_counted_per_phase_and_group(shop: Workspace) -> None:
    needs = shop.research.needs("phase", segmentation="channel")
    assert {"think", "care"} <= {row["phase"] for row in needs}
    assert all(0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in needs)
    everything = shop.fetch(shop.table("questions").count().as_table())[0][0].as_py()
    assert sum(row["statements"] for row in shop.research.needs()) == everything


def test_a_late_parcel_feels_bad_and_a_review_mostly_good(shop: Workspace) -> None:
    felt = {row["touchpoint"]: row for row in shop.research.emotion("touchpoint")}
    assert felt["review.review"]["mean"] > 0.2
    assert felt["other.delivery_delayed"]["mean"] == -1
    assert all(row["low"] <= row["mean"] <= row["high"] for row in felt.values() if row["n"] > 1)


def test_some_of_what_went_wrong_came_right(shop: Workspace) -> None:
    rows = shop.research.recoveries(within_days=30)
    assert rows
    assert all(row["came_right"] <= row["spoke"] <= row["went_wrong"] for row in rows)
    assert sum(row["came_right"] for row in rows) > 0
