"""Many small worlds that grow, change and shrink: the same comes out as from everything at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, groups, in_world, person, states
from tests.rows import Row

WORLDS = range(10, 50)
TIMES = 3
FIRST = ("Ann", "Bob", "Eve", "Jan", "Jo", None, None)
LAST = ("Smit", "Bos", "Vos", None)
BORN = (None, date(1980, 1, 1), date(1990, 5, 5))
VALUES: Mapping[str, tuple[str, ...]] = {
    "email": ("a@p.nl", "b@p.nl", "c@p.nl", "d@p.nl", "e@p.nl", "test@test.nl"),
    "phone": ("0612345601", "0201234502", "0612345603", "0000000000"),
    "loyalty_card": ("2600015", "2600016", "2600017"),
    "cookie": ("k1", "k2", "k3", "k4"),
    "order": ("o1", "o2", "o3", "o4", "o5"),
    "customer_number": ("1", "2"),
}


class World:
    """Records that come, change and go."""

    def __init__(self) -> None:
        self.persons: dict[str, Row] = {}
        self.said: dict[tuple[str, str, str], Row] = {}
        self.different: list[tuple[str, str]] = []

    def goes_on(self, time: int, drawn: Random) -> None:
        for number in range(drawn.randint(3, 9) if not time else drawn.randint(0, 4)):
            self.comes(f"{drawn.choice(['crm', 'shop', 'till'])}:{time}-{number}", drawn)
        known = sorted(self.persons)
        if time and drawn.random() < 0.5:
            changed = drawn.choice(known)
            self.persons[changed] = {**self.persons[changed], "first_name": drawn.choice(FIRST)}
        if time and drawn.random() < 0.3:
            gone = drawn.choice(known)
            del self.persons[gone]
            self.said = {key: row for key, row in self.said.items() if key[0] != gone}
        if time and self.said and drawn.random() < 0.3:
            del self.said[drawn.choice(sorted(self.said))]
        if drawn.random() < 0.5:
            pairs = combinations(sorted(self.said), 2)
            alike = [(a[0], b[0]) for a, b in pairs if a[0] != b[0] and a[1] == b[1]]
            self.different = [drawn.choice(alike)] if alike and drawn.random() < 0.7 else []

    def comes(self, person_id: str, drawn: Random) -> None:
        names = {"last_name": drawn.choice(LAST), "birth_on": drawn.choice(BORN)}
        self.persons[person_id] = person(person_id, drawn.choice(FIRST), **names)
        for kind in drawn.sample(sorted(VALUES), drawn.randint(1, 2)):
            for row in states(person_id, **{kind: drawn.choice(VALUES[kind])}):
                self.said[person_id, kind, row["value"]] = row


@pytest.fixture(scope="module")
def grown_and_whole(duckdb_engine: Engine) -> tuple[Shop, Shop]:
    """The same worlds, come bit by bit and all at once."""
    drawn, worlds = Random(1), {number: World() for number in WORLDS}
    grown, whole = (Shop(duckdb_engine, limit=4, goes_on=goes_on) for goes_on in (True, False))
    for time in range(TIMES):
        for world in worlds.values():
            if not time or drawn.random() < 0.5:
                world.goes_on(time, drawn)
        known = worlds.items()
        persons = [row for number, one in known for row in in_world(number, one.persons.values())]
        said = [row for number, one in known for row in in_world(number, one.said.values())]
        apart = [
            (f"{a}~{number}", f"{b}~{number}") for number, one in known for a, b in one.different
        ]
        grown.decided = {"same": (), "different": apart}
        grown.customer_of = grown.resolve(persons, said)
    whole.decided = grown.decided
    whole.customer_of = whole.resolve(persons, said)
    return grown, whole


def of_kinds(shop: Shop, *, shared: bool) -> set[tuple[Any, ...]]:
    return {
        (row["kind"], row["value"], row["reason"], row["persons"])
        for row in shop.blocked
        if (row["reason"] == "shared") == shared
    }


def without_worlds(shop: Shop, left_out: set[str]) -> list[tuple[Any, ...]]:
    circles: dict[int, str] = {}
    for row in sorted(shop.groups, key=lambda row: row["person_id"]):
        circles.setdefault(row["circle"], row["person_id"])
    return [
        (row["person_id"], row["rule"], row["is_nobody"], row["is_parted"], circles[row["circle"]])
        for row in shop.groups
        if row["person_id"].split("~")[1] not in left_out
    ]


def test_what_is_blocked_is_the_same_and_what_was_shared_stays_shared(
    grown_and_whole: tuple[Shop, Shop],
) -> None:
    grown, whole = grown_and_whole
    assert of_kinds(grown, shared=False) == of_kinds(whole, shared=False)
    assert of_kinds(grown, shared=True) >= of_kinds(whole, shared=True)
    assert {row["reason"] for row in whole.blocked} == {"junk", "shared", "conflict"}


def test_records_are_grouped_as_if_all_had_come_at_once(
    grown_and_whole: tuple[Shop, Shop],
) -> None:
    grown, whole = grown_and_whole
    # What a device that was once shared no longer ties makes a difference in its own world only.
    still = of_kinds(grown, shared=True) - of_kinds(whole, shared=True)
    worlds = {str(value)[-2:] for _, value, *_ in still}
    assert len(worlds) < len(WORLDS) / 4
    assert without_worlds(grown, worlds) == without_worlds(whole, worlds)
    ours, theirs = (
        {one for one in groups(shop.customer_of) if next(iter(one)).split("~")[1] not in worlds}
        for shop in (grown, whole)
    )
    assert ours == theirs
    assert any(row["is_parted"] for row in whole.groups)
