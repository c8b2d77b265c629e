from __future__ import annotations

from datetime import datetime

from klantreis.engine import Engine
from tests.identity.people import Shop, all_state, groups, person

PEOPLE = [
    person("crm:1", created_at=datetime(2026, 1, 1)),
    person("shopify:1", created_at=datetime(2026, 1, 2)),
    person("till:1", created_at=datetime(2026, 1, 3)),
]
STATED = [
    *all_state(["crm:1", "shopify:1"], email="smit@post.nl"),
    *all_state(["shopify:1", "till:1"], loyalty_card="2600015"),
]
UNDECIDED: dict[str, list[tuple[str, str]]] = {"same": [], "different": []}
APART = {"same": [], "different": [("crm:1", "till:1")]}


def test_two_that_people_said_are_different_never_become_one_also_not_through_another(
    duckdb_engine: Engine,
) -> None:
    shop = Shop(duckdb_engine)
    assert len(groups(shop.resolve(PEOPLE, STATED))) == 1
    shop.decided = APART
    found = shop.resolve(PEOPLE, STATED)
    assert groups(found) == {frozenset({"crm:1"}), frozenset({"shopify:1", "till:1"})}


def test_a_merge_that_is_taken_apart_and_brought_back_keeps_all_numbers(
    duckdb_engine: Engine,
) -> None:
    shop = Shop(duckdb_engine)
    assert shop.resolve(PEOPLE, []) == {"crm:1": 1, "shopify:1": 2, "till:1": 3}
    assert set(shop.resolve(PEOPLE, STATED).values()) == {1}
    assert shop.resolves() == {2: 1, 3: 1}
    shop.decided = APART
    assert shop.resolve(PEOPLE, STATED) == {"crm:1": 1, "shopify:1": 2, "till:1": 2}
    assert shop.resolves() == {3: 2}, "where its record is now"
    shop.decided = UNDECIDED
    assert set(shop.resolve(PEOPLE, STATED).values()) == {1}
    assert shop.resolves() == {2: 1, 3: 1}
