from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine, connect
from tests.identity.people import Shop, all_state, groups, in_world, person, states
from tests.rows import Row

CASES: dict[str, tuple[Sequence[Row], Sequence[Row], Sequence[set[str]]]] = {
    "one e-mail address in two sources is one customer": (
        [person("crm:1"), person("shopify:a"), person("shopify:b")],
        [
            *states("crm:1", email="Ann@Post.nl "),
            *states("shopify:a", email="ann@post.nl"),
            *states("shopify:b", email="bob@post.nl"),
        ],
        [{"crm:1", "shopify:a"}, {"shopify:b"}],
    ),
    "identifiers tie in chains over sources": (
        [
            person(i)
            for i in ("crm:1", "ga4:c:x", "ga4:u:9", "reviews:1", "shopify:a", "till:card:26")
        ],
        [
            *states("crm:1", loyalty_card="26-0001-50", email="ann@post.nl"),
            *states("till:card:26", loyalty_card="0026000150"),
            *states("shopify:a", email="ann@post.nl", user_id="901", order="#1001"),
            *states("reviews:1", order="1001"),
            *states("ga4:u:9", user_id="901", cookie="c.1"),
            *states("ga4:c:x", cookie="c.1"),
        ],
        [{"crm:1", "ga4:c:x", "ga4:u:9", "reviews:1", "shopify:a", "till:card:26"}],
    ),
    "customer numbers mean nothing outside their source": (
        [person("crm:1"), person("erp:1")],
        [*states("crm:1", customer_number="17"), *states("erp:1", customer_number="17")],
        [{"crm:1"}, {"erp:1"}],
    ),
    "a card of partners who each had receipts mailed ties neither by address": (
        [
            person("crm:1", "Ann", last_name="Smit"),
            person("shopify:b", "Bob", last_name="Smit"),
            person("till:card:26"),
        ],
        [
            *all_state(["crm:1", "till:card:26"], loyalty_card="2600015"),
            *all_state(["crm:1", "till:card:26"], email="ann@post.nl"),
            *all_state(["shopify:b", "till:card:26"], email="bob@post.nl"),
        ],
        [{"crm:1", "till:card:26"}, {"shopify:b"}],
    ),
    "a visitor with orders of two people ties neither": (
        [person("shopify:a", "Ann"), person("shopify:b", "Bob"), person("app:1")],
        [
            *all_state(["shopify:a", "app:1"], order="#1001"),
            *all_state(["shopify:b", "app:1"], order="#1002"),
        ],
        [{"shopify:a"}, {"shopify:b"}, {"app:1"}],
    ),
    "a card on which one customer gave two addresses ties both": (
        [person("shopify:a", "Ann"), person("shopify:b", "Ann"), person("till:card:26")],
        [
            *states("till:card:26", loyalty_card="2600015"),
            *all_state(["shopify:a", "till:card:26"], email="ann@post.nl"),
            *all_state(["shopify:b", "till:card:26"], email="ann@werk.nl"),
        ],
        [{"shopify:a", "shopify:b", "till:card:26"}],
    ),
    "a record without a name under a card of noughts is nobody, with a name someone": (
        [person("till:card:0"), person("crm:1", "Ann"), person("shopify:a")],
        [
            *all_state(["till:card:0", "crm:1"], loyalty_card="0000000000000"),
            *all_state(["till:card:0", "shopify:a"], email="ann@post.nl"),
        ],
        [{"crm:1"}, {"shopify:a"}],
    ),
    "a record of which everything is junk is nobody": (
        [person("till:email:test@test.nl"), person("ga4:u:null"), person("crm:1", "Ann")],
        [
            *all_state(["till:email:test@test.nl", "crm:1"], email="test@test.nl"),
            *states("ga4:u:null", user_id="null"),
        ],
        [{"crm:1"}],
    ),
}


@pytest.fixture(scope="module")
def shop(duckdb_engine: Engine) -> Shop:
    """All cases, side by side."""
    persons, identifiers = [], []
    for world, (people, stated, _) in enumerate(CASES.values(), start=10):
        persons += in_world(world, people)
        identifiers += in_world(world, stated)
    hashed = hashlib.sha256(b"hashed@post.nl").hexdigest().upper()
    resolved = Shop(duckdb_engine)
    resolved.resolve(
        [*persons, person("crm:h"), person("ads:h")],
        [
            *identifiers,
            *states("crm:h", email="Hashed@post.nl"),
            *states("ads:h", email_sha256=hashed),
        ],
    )
    return resolved


@pytest.mark.parametrize("name", CASES)
def test_who_is_together(shop: Shop, name: str) -> None:
    world = 10 + list(CASES).index(name)
    own = {
        row["person_id"].removesuffix(f"~{world}"): row["customer_id"]
        for row in shop.links
        if row["person_id"].endswith(f"~{world}")
    }
    assert groups(own) == {frozenset(records) for records in CASES[name][2]}


def test_a_hashed_address_counts_as_the_address_itself(shop: Shop) -> None:
    tied = [row for row in shop.links if row["person_id"] in ("crm:h", "ads:h")]
    assert len({row["customer_id"] for row in tied}) == 1
    assert {row["rule"] for row in tied} == {"email"}


def test_the_surest_kind_names_the_tie(shop: Shop) -> None:
    rules = {row["person_id"]: row["rule"] for row in shop.links}
    assert rules["crm:1~11"] == "loyalty_card"
    assert rules["ga4:c:x~11"] == "cookie"
    assert rules["reviews:1~11"] == "order"
    assert rules["shopify:a~11"] == "user_id"
    assert rules["erp:1~12"] == "alone"


def test_numbers_follow_the_age_of_the_oldest_record(duckdb_engine: Engine) -> None:
    customer_of = Shop(duckdb_engine).resolve(
        [
            person("b:1", created_at=datetime(2026, 1, 2)),
            person("a:1", created_at=datetime(2026, 1, 3)),
            person("d:1"),
            person("c:1", created_at=datetime(2026, 1, 1)),
        ],
        all_state(["a:1", "c:1"], email="x@post.nl"),
    )
    assert customer_of == {"a:1": 1, "c:1": 1, "b:1": 2, "d:1": 3}


KINDS: dict[str, list[str]] = {
    "email": ["a@post.nl", "B@post.nl ", "b@post.nl", "test@test.nl"],
    "phone": ["0612345678", "+31612345678", "0201234567"],
    "loyalty_card": ["2600011", "0002600011", "2600111"],
    "cookie": ["c.111", "c.222"],
    "device": ["d.1"],
}
RECORDS = [f"{source}:{n}" for source in ("crm", "shopify", "till", "app") for n in range(2)]
VALUES = [(kind, value) for kind, values in KINDS.items() for value in values]
ON_DEVICE = [(kind, value) for kind, value in VALUES if kind in ("cookie", "device")]


def statements(values: Sequence[tuple[str, str]]) -> st.SearchStrategy[list[Any]]:
    stated = st.tuples(st.sampled_from(RECORDS), st.sampled_from(values))
    return st.lists(stated, max_size=14, unique=True)


NAMES = st.lists(st.sampled_from([None, "Ann", "A.", "Bob"]), min_size=8, max_size=8)
MIXED_WORLDS = st.lists(st.tuples(NAMES, statements(VALUES)), min_size=20, max_size=40)
DEVICE_WORLDS = st.lists(st.tuples(NAMES, statements(ON_DEVICE)), min_size=5, max_size=20)


def rows_of_worlds(worlds: Sequence[Any]) -> tuple[list[Row], list[Row]]:
    persons: list[Row] = []
    identifiers: list[Row] = []
    for world, (names, stated) in enumerate(worlds, start=10):
        named = [person(r, n, last_name=n and "Smit") for r, n in zip(RECORDS, names, strict=True)]
        persons += in_world(world, named)
        identifiers += in_world(
            world,
            [row for record, (kind, value) in stated for row in states(record, **{kind: value})],
        )
    return persons, identifiers


def shuffled(rows: Sequence[Row], random: Random) -> list[Row]:
    copied = list(rows)
    random.shuffle(copied)
    return copied


def named_alike(users: Iterable[str], names: Mapping[str, str]) -> bool:
    """Whether these users bear one name, told in full; a lone user always does."""
    first, *others = [names[user] for user in users]
    return not others or (first in ("Ann", "Bob") and {first} == set(others))


@settings(max_examples=2)
@given(MIXED_WORLDS, DEVICE_WORLDS, st.randoms(use_true_random=False))
def test_always_every_record_once_the_same_again_in_any_order_and_a_device_ties_namesakes_only(
    mixed: list[Any], on_devices: list[Any], random: Random
) -> None:
    persons, identifiers = rows_of_worlds([*mixed, *on_devices])
    last = range(10 + len(mixed), 10 + len(mixed) + len(on_devices))
    users = [f"crm:{n}~{world}" for world in last for n in range(2)]
    identifiers += [row for n, user in enumerate(users) for row in states(user, user_id=f"7{n:03}")]
    engine = connect("duckdb")
    shop = Shop(engine)
    customer_of = shop.resolve(persons, identifiers)
    assert set(customer_of) == {row["person_id"] for row in persons}
    names = {row["person_id"]: row["first_name"] for row in persons}
    assert all(
        named_alike(sorted(tied), names) for tied in groups({u: customer_of[u] for u in users})
    )

    strangers = [person(f"new:{n}", created_at=datetime(2000, 1, 1)) for n in range(3)]
    tie = all_state(["new:1", "new:2"], email="new@elders.nl")
    again = shop.resolve(
        shuffled([*persons, *strangers], random), shuffled([*identifiers, *tie], random)
    )
    assert {person_id: again[person_id] for person_id in customer_of} == customer_of
    assert {again[f"new:{n}"] for n in range(3)}.isdisjoint(customer_of.values())
    assert shop.merges == []

    afresh = Shop(engine).resolve(shuffled(persons, random), shuffled(identifiers, random))
    assert afresh == customer_of
    engine.close()
