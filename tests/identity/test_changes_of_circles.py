"""One thing changes among records that are resolved: it comes out as if it had always been so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, all_state, groups, in_world, person, states
from tests.rows import Row

FIRST_WORLD = 10
LONG_AGO = datetime(2020, 1, 1)
TILL = [f"till:{n}" for n in range(5)]  # one more than may share a card


def without_name(*more: str) -> list[Row]:
    return [person(one, created_at=LONG_AGO) for one in (*TILL, *more)]


def under_one_card(*more: str) -> list[Row]:
    return all_state((*TILL, *more), loyalty_card="2600011")


@dataclass(frozen=True)
class Case:
    """Persons and identifiers at first, and then; who is together then with whom, of some."""

    persons: Sequence[Row]
    said: Sequence[Row]
    persons_then: Sequence[Row]
    said_then: Sequence[Row]
    together: Sequence[set[str]]


ANN, BOB = person("crm:ann", "Ann"), person("crm:bob", "Bob")
BOTH = all_state(["crm:ann", "crm:bob"], email="a@p.nl")
CHAIN = [
    *all_state(["crm:1", "shop:1"], email="a@p.nl"),
    *all_state(["shop:1", "web:1"], email="b@p.nl"),
]
CHAINED = [person("crm:1"), person("shop:1"), person("web:1")]

CASES = {
    "nobody who gets a name is one with who states the same": Case(
        [*without_name("till:x"), ANN],
        [*under_one_card("till:x"), *all_state(["till:x", "crm:ann"], email="a@p.nl")],
        [*without_name(), person("till:x", "Ann", created_at=LONG_AGO), ANN],
        [*under_one_card("till:x"), *all_state(["till:x", "crm:ann"], email="a@p.nl")],
        [{"till:x", "crm:ann"}],
    ),
    "nobody who hands in the till's card is one with who states the same": Case(
        [*without_name("till:x"), ANN],
        [*under_one_card("till:x"), *all_state(["till:x", "crm:ann"], email="a@p.nl")],
        [*without_name("till:x"), ANN],
        [*under_one_card(), *all_state(["till:x", "crm:ann"], email="a@p.nl")],
        [{"till:x", "crm:ann"}],
    ),
    "someone who loses the name under the till's card is nobody": Case(
        [*without_name(), person("till:x", "Ann", created_at=LONG_AGO), ANN],
        [*under_one_card("till:x"), *all_state(["till:x", "crm:ann"], email="a@p.nl")],
        [*without_name("till:x"), ANN],
        [*under_one_card("till:x"), *all_state(["till:x", "crm:ann"], email="a@p.nl")],
        [{"crm:ann"}],
    ),
    "what nobody states no longer stays in conflict between others": Case(
        [*without_name("till:x"), ANN, BOB],
        [*under_one_card("till:x"), *BOTH, *states("till:x", email="a@p.nl")],
        [*without_name("till:x"), ANN, BOB],
        [*under_one_card("till:x"), *BOTH],
        [{"crm:ann"}, {"crm:bob"}],
    ),
    "what nobody stated who is gone stays in conflict between others": Case(
        [*without_name("till:x"), ANN, BOB],
        [*under_one_card("till:x"), *BOTH, *states("till:x", email="a@p.nl")],
        [*without_name(), ANN, BOB],
        [*under_one_card(), *BOTH],
        [{"crm:ann"}, {"crm:bob"}],
    ),
    "a conflict ends with who contradicts": Case(
        [ANN, BOB, person("web:ann", "Ann")],
        [*BOTH, *states("web:ann", email="a@p.nl")],
        [ANN, person("web:ann", "Ann")],
        [*states("crm:ann", email="a@p.nl"), *states("web:ann", email="a@p.nl")],
        [{"crm:ann", "web:ann"}],
    ),
    "who comes between two circles makes them one": Case(
        [CHAINED[0], CHAINED[2]],
        [CHAIN[0], CHAIN[3]],
        CHAINED,
        CHAIN,
        [{"crm:1", "shop:1", "web:1"}],
    ),
    "a circle falls apart without what held it together": Case(
        CHAINED, CHAIN, CHAINED, [*CHAIN[:2], CHAIN[3]], [{"crm:1", "shop:1"}, {"web:1"}]
    ),
    "a circle falls apart without who held it together": Case(
        CHAINED, CHAIN, [CHAINED[0], CHAINED[2]], [CHAIN[0], CHAIN[3]], [{"crm:1"}, {"web:1"}]
    ),
    "who is nobody still ties nobody, whatever is added": Case(
        [*without_name("till:x"), ANN],
        [*under_one_card("till:x"), *states("crm:ann", email="a@p.nl")],
        [*without_name("till:x"), ANN],
        [*under_one_card("till:x"), *all_state(["till:x", "crm:ann"], email="a@p.nl")],
        [{"crm:ann"}],
    ),
}


@pytest.fixture(scope="module")
def changed_and_whole(duckdb_engine: Engine) -> tuple[Shop, Shop]:
    """All cases side by side: changed since they were resolved, and resolved as they are then."""
    changed, whole = (Shop(duckdb_engine, limit=4, goes_on=goes_on) for goes_on in (True, False))
    first, then = (
        [
            [
                row
                for world, rows in enumerate(of_case, FIRST_WORLD)
                for row in in_world(world, rows)
            ]
            for of_case in parts
        ]
        for parts in (
            ([one.persons for one in CASES.values()], [one.said for one in CASES.values()]),
            (
                [one.persons_then for one in CASES.values()],
                [one.said_then for one in CASES.values()],
            ),
        )
    )
    changed.resolve(first[0], first[1])
    for shop in (changed, whole):
        shop.customer_of = shop.resolve(then[0], then[1])
    return changed, whole


def of_world(rows: Sequence[dict[str, Any]], name: str, *columns: str) -> list[tuple[Any, ...]]:
    world = str(FIRST_WORLD + list(CASES).index(name))
    key = "person_id" if "person_id" in columns else "value"
    own = [row for row in rows if row[key].split("@")[0].endswith(world)]
    return sorted(tuple(row[column] for column in columns) for row in own)


@pytest.mark.parametrize("name", CASES)
def test_who_is_together(changed_and_whole: tuple[Shop, Shop], name: str) -> None:
    world = f"~{FIRST_WORLD + list(CASES).index(name)}"
    for shop in changed_and_whole:
        own = {
            person_id.removesuffix(world): number
            for person_id, number in shop.customer_of.items()
            if person_id.endswith(world)
        }
        assert groups(own) == {frozenset(records) for records in CASES[name].together}


@pytest.mark.parametrize("name", CASES)
def test_what_is_known_of_the_circles(changed_and_whole: tuple[Shop, Shop], name: str) -> None:
    changed, whole = changed_and_whole
    told = ("kind", "value", "reason", "persons")
    assert of_world(changed.blocked, name, *told) == of_world(whole.blocked, name, *told)
    told = ("person_id", "rule", "is_nobody", "is_parted")
    assert of_world(changed.groups, name, *told) == of_world(whole.groups, name, *told)
