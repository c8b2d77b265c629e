from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine, connect
from klantreis.identity.quality import IdentityQuality, identity_quality


def scored(engine: Engine, made: Mapping[str, int], truth: Mapping[str, int]) -> IdentityQuality:
    links = ibis.memtable({"person_id": list(made), "customer_id": list(made.values())})
    known = ibis.memtable({"person_id": list(truth), "human_id": list(truth.values())})
    return identity_quality(links, known, engine=engine)


def test_the_example_of_bagga_and_baldwin(duckdb_engine: Engine) -> None:
    truth = {str(n): 1 if n <= 5 else 2 if n <= 7 else 3 for n in range(1, 13)}
    made = {str(n): 1 if n <= 5 else 2 for n in range(1, 13)}
    quality = scored(duckdb_engine, made, truth)
    assert quality.b_cubed_precision == pytest.approx(0.76, abs=0.005)
    assert quality.b_cubed_recall == 1.0
    assert quality.records == 12


def test_only_records_with_a_known_truth_are_judged(duckdb_engine: Engine) -> None:
    quality = scored(duckdb_engine, {"a": 1, "b": 1, "c": 1}, {"a": 7, "b": 7})
    assert quality == IdentityQuality(2, 1.0, 1.0, 1.0, 1.0)
    assert (quality.pairwise_f1, quality.b_cubed_f1) == (1.0, 1.0)


def test_nothing_tied_is_precise_and_finds_nothing(duckdb_engine: Engine) -> None:
    quality = scored(duckdb_engine, {"a": 1, "b": 2}, {"a": 7, "b": 7})
    assert (quality.pairwise_precision, quality.pairwise_recall) == (1.0, 0.0)
    assert (quality.pairwise_f1, quality.b_cubed_recall) == (0.0, 0.5)


@settings(max_examples=10)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=12))
def test_pairs_are_counted_as_by_hand(cells: list[tuple[int, int]]) -> None:
    made = {str(n): customer for n, (customer, _) in enumerate(cells)}
    truth = {str(n): human for n, (_, human) in enumerate(cells)}
    engine = connect("duckdb")
    quality = scored(engine, made, truth)
    engine.close()
    pairs = list(combinations(made, 2))
    tied = [(a, b) for a, b in pairs if made[a] == made[b]]
    real = [(a, b) for a, b in pairs if truth[a] == truth[b]]
    right = [pair for pair in tied if pair in real]
    assert quality.pairwise_precision == pytest.approx(len(right) / len(tied) if tied else 1.0)
    assert quality.pairwise_recall == pytest.approx(len(right) / len(real) if real else 1.0)
