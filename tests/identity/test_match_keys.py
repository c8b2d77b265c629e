"""What records must have in common to be compared."""

from __future__ import annotations

import sys

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop
from tests.identity.test_matches import OTHERS, STATED, two_by_two

CHOOSING = sys.modules["klantreis.identity.match_keys"]


def used(shop: Shop) -> set[str]:
    return {row["name"] for row in shop.keys if row["is_used"]}


@pytest.fixture(scope="module")
def every(duckdb_engine: Engine) -> Shop:
    """Few pairs, compared by all keys."""
    shop = Shop(duckdb_engine)
    shop.customer_of = shop.match([*two_by_two(), *OTHERS], STATED)
    return shop


def test_few_pairs_are_compared_by_every_key_without_choosing(every: Shop) -> None:
    assert all(row["is_used"] and row["found"] is None for row in every.keys)


def test_of_many_pairs_the_keys_that_find_most_for_their_pairs_do_and_find_the_same(
    every: Shop, duckdb_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CHOOSING, "FEW_PAIRS", 0)
    monkeypatch.setattr(CHOOSING, "PAIRS_FOR_ONE", 20)
    shop = Shop(duckdb_engine)
    assert shop.match([*two_by_two(), *OTHERS], STATED) == every.customer_of
    assert used(shop) < used(every)
    assert sum(row["found_more"] for row in shop.keys) == pytest.approx(1.0, abs=0.05)
    assert all(row["found_more"] <= row["found"] + 1e-9 for row in shop.keys)


def test_a_key_that_is_too_dear_for_what_it_finds_is_not_used(
    duckdb_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CHOOSING, "FEW_PAIRS", 0)
    monkeypatch.setattr(CHOOSING, "PAIRS_FOR_ONE", 0)
    shop = Shop(duckdb_engine)
    found = shop.match([*two_by_two(), *OTHERS], STATED)
    assert used(shop) == set()
    assert found["crm:the same name and address"] != found["shop:the same name and address"]
