"""Who lives together, and that they stay several customers."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

import pytest

from klantreis import identity
from klantreis.engine import Engine
from tests.identity.people import Shop, person, states
from tests.rows import Row, afresh, at_hand, made, rows_of

KADE = {"street": "Lange Kade", "house_number": "12", "postcode": "1011 AB", "city": "Amsterdam"}
WEG = {"street": "Kerkweg", "house_number": "3", "postcode": "3011 CD", "city": "Rotterdam"}
SINT = {"street": "Dorpsstraat", "house_number": "7", "postcode": "9000", "city": "Gent"}
LANDLINE, MOBILE = "020-6123456", "06-12345678"
THEN, NOW = datetime(2024, 1, 1), datetime(2026, 1, 1)
PEOPLE: dict[str, Row] = {
    "ann": {"last_name": "Hoekstra", **KADE},
    "bob": {"last_name": "Hoekstra", **KADE, "postcode": "1011ab", "street": "Lange kade 12"},
    "eve": {"last_name": "de Wit", **KADE},
    "tom": {"last_name": "Postma", **KADE},
    "lee": {"last_name": "Hoekstra", **WEG},
    "kim": {"last_name": "Bakker - Scholten", **WEG},
    "jan": {"last_name": "Scholten", **WEG, "postcode": None},
    "pia": {"last_name": "Brouwer", **SINT},
    "luc": {"last_name": "Brouwer", **SINT},
    "gus": {"last_name": "Brouwer", **SINT, "street": "Kerkstraat"},
    "ida": {"last_name": "Brouwer", "city": "Gent"},
}
PHONES = {"eve": LANDLINE, "bob": LANDLINE, "tom": MOBILE, "lee": MOBILE}


def lived(
    engine: Engine, people: dict[str, Row], stated: list[Row] | None = None
) -> dict[str, dict[str, Any]]:
    """The households of people who are one customer each, by name."""
    persons = [person(f"crm:{name}", name.title(), **row) for name, row in people.items()]
    shop = Shop(engine)
    shop.match(persons, stated or [])
    links = {f"crm:{name}": number for number, name in enumerate(people, start=1)}
    rows = identity.households(
        at_hand("person_profiles", shop.told, engine),
        at_hand(
            "links",
            [{"person_id": one, "customer_id": number} for one, number in links.items()],
            engine,
        ),
        at_hand("persons", persons, engine),
        engine=engine,
        **afresh(identity.households),
    )
    found = {row["customer_id"]: row for row in made("households", rows, engine)}
    return {name: found[links[f"crm:{name}"]] for name in people if links[f"crm:{name}"] in found}


@pytest.fixture(scope="module")
def found(duckdb_engine: Engine) -> dict[str, dict[str, Any]]:
    stated = [row for name, value in PHONES.items() for row in states(f"crm:{name}", phone=value)]
    return lived(duckdb_engine, PEOPLE, stated)


def test_who_shares_an_address_and_a_name_or_a_landline_is_one_household(
    found: dict[str, dict[str, Any]],
) -> None:
    homes: dict[int, set[str]] = {}
    for name, row in found.items():
        homes.setdefault(row["household_id"], set()).add(name)
    together = [{"ann", "bob", "eve"}, {"kim", "jan"}, {"pia", "luc"}]
    assert [members for members in homes.values() if len(members) > 1] == together
    assert {name: found[name]["customers"] for name in ("ann", "tom", "kim", "gus")} == {
        "ann": 3,
        "tom": 1,
        "kim": 2,
        "gus": 1,
    }


def test_the_reason_stands_beside_it(found: dict[str, dict[str, Any]]) -> None:
    reasons = {
        n: (found[n]["shares_name"], found[n]["shares_phone"]) for n in ("ann", "bob", "eve")
    }
    assert reasons == {"ann": (True, False), "bob": (True, True), "eve": (False, True)}


def test_of_whom_no_whole_address_is_known_nothing_is_said(
    found: dict[str, dict[str, Any]],
) -> None:
    assert "ida" not in found


def test_who_moved_lives_at_the_last_address(duckdb_engine: Engine) -> None:
    persons = [
        person("crm:1", "Ann", last_name="Hoekstra", **KADE, created_at=THEN, updated_at=THEN),
        person("web:1", "Ann", last_name="Hoekstra", **WEG, created_at=NOW),
        person("crm:2", "Bob", last_name="Hoekstra", **KADE, created_at=THEN),
    ]
    shop = Shop(duckdb_engine)
    shop.match(persons)
    owners = {"crm:1": 1, "web:1": 1, "crm:2": 2}
    links = [{"person_id": one, "customer_id": number} for one, number in owners.items()]
    rows = identity.households(
        rows_of("person_profiles", shop.told),
        rows_of("links", links),
        rows_of("persons", persons),
        engine=duckdb_engine,
        **afresh(identity.households),
    )
    assert [row["customers"] for row in made("households", rows, duckdb_engine)] == [1, 1]


def test_a_home_for_many_is_no_household(duckdb_engine: Engine) -> None:
    many = {f"p{n}": {"last_name": "Jansen", **KADE} for n in range(11)}
    assert lived(duckdb_engine, {**many, "lee": PEOPLE["lee"]}).keys() == {"lee"}


def some_record(number: int, drawn: Random) -> dict[str, Any]:
    """What a record says, of a town so small that many share a street, a number or a name."""
    return {
        "person_id": f"crm:{number}",
        "record": number,
        "group": number,
        "last_a": drawn.choice(("bos", "vos", None)),
        "phone": drawn.choice(("0201234567", "0612345678", None)),
        "street": drawn.choice(("kade", "kade", "weg", None)),
        "number": drawn.choice(("1", "2", None)),
        "postcode": drawn.choice(("1011ab", "1012cd", "9000", None)),
        "town": drawn.choice(("edam", "gent", None)),
    }


@pytest.mark.parametrize("seed", range(3))
def test_who_moves_in_or_out_changes_homes_as_a_look_at_everybody_would(
    duckdb_engine: Engine, seed: int
) -> None:
    drawn = Random(seed)
    told = {number: some_record(number, drawn) for number in range(1, 90)}
    owners = {number: drawn.randint(1, 60) for number in told}
    grown, whole = (Shop(duckdb_engine, goes_on=goes_on) for goes_on in (True, False))
    for _ in range(4):
        tables: dict[str, list[dict[str, Any]]] = {
            "person_profiles": list(told.values()),
            "persons": [{"person_id": row["person_id"]} for row in told.values()],
            "links": [
                {"person_id": told[number]["person_id"], "customer_id": owner}
                for number, owner in owners.items()
                if number in told
            ],
        }
        for shop in (grown, whole):
            shop.before = dict(shop.tables)
            shop.tables |= tables
            shop.make(identity.households)
        assert grown.tables["households"] == whole.tables["households"]
        for number in drawn.sample(sorted(told), 5):
            told[number] = some_record(number, drawn)
        for number in drawn.sample(sorted(told), 2):
            del told[number]
        for number in drawn.sample(sorted(owners), 3):
            owners[number] = drawn.randint(1, 70)
