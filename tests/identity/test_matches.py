"""Records without a shared identifier: by name, address and birth date, or by what people decide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, groups, person, states
from tests.rows import Row

HOME = {"street": "Dorpsstraat", "house_number": "12", "postcode": "3011 AB", "city": "Rotterdam"}
BORN = date(1980, 5, 31)


def jan(person_id: str, **more: Any) -> Row:
    return person(person_id, **{"first_name": "Jan", "last_name": "Vermeulen", **HOME, **more})


def together(found: dict[str, int | None]) -> bool:
    return len(set(found.values())) == 1


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("the same name and address", {}),
        ("a spelling of the family name", {"last_name": "Vermeulem"}),
        ("an initial, and the prefix kept apart", {"first_name": "J."}),
        ("accents and capitals", {"last_name": "VERMËULEN"}),
        ("the street abbreviated", {"street": "Dorpsstr.", "postcode": "3011ab"}),
        ("the house number in the street", {"street": "Dorpsstraat 12", "house_number": None}),
        ("a slip in the birth date", {"birth_on": date(1980, 5, 13)}),
        ("a double name after marriage", {"last_name": "Vermeulen-de Wit", "birth_on": BORN}),
    ],
)
def test_one_human_being_is_known_again_by(
    engine: Engine, case: str, other: dict[str, Any]
) -> None:
    found = Shop(engine).match([jan("crm:1", birth_on=BORN), jan("shop:2", **other)])
    assert together(found), case


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("a partner at the same address", {"first_name": "Wilma"}),
        ("a father with the same name", {"birth_on": date(1951, 11, 2)}),
        (
            "a namesake elsewhere",
            {"street": "Kerkweg", "house_number": "3", "postcode": "9711 CD", "city": "Groningen"},
        ),
    ],
)
def test_two_are_not_made_one_for(engine: Engine, case: str, other: dict[str, Any]) -> None:
    found = Shop(engine).match([jan("crm:1", birth_on=BORN), jan("shop:2", **other)])
    assert not together(found), case


def test_what_contradicts_is_shown_with_its_reason(engine: Engine) -> None:
    shop = Shop(engine)
    shop.match([jan("crm:1", birth_on=BORN), jan("shop:2", birth_on=date(1951, 11, 2))])
    (row,) = shop.matches
    assert (row["band"], row["is_used"], row["stopped_by"]) == ("match", False, "conflict")


def test_the_weights_of_the_fields_add_up_to_the_weight_of_the_pair(engine: Engine) -> None:
    shop = Shop(engine)
    shop.match([jan("crm:1", birth_on=BORN), jan("shop:2")])
    (row,) = shop.matches
    parts = [row[name] for name in row if name.startswith("weight_") and row[name] is not None]
    assert row["match_weight"] == pytest.approx(sum(parts))
    assert row["weight_birth_on"] is None
    assert row["weight_last_name"] > 5


def test_a_pair_that_somebody_called_different_stays_apart_also_through_others(
    engine: Engine,
) -> None:
    records = [jan("crm:1"), jan("shop:2"), jan("till:3", first_name="J")]
    shop = Shop(engine)
    assert together(shop.match(records))
    found = shop.match(records, different=[("crm:1", "shop:2")])
    assert found["crm:1"] != found["shop:2"]
    assert found["till:3"] in (found["crm:1"], found["shop:2"])


def test_a_pair_that_somebody_called_the_same_is_one_whatever_it_says(engine: Engine) -> None:
    records = [jan("crm:1"), person("shop:2", "Wilma", last_name="Bakker", city="Assen")]
    found = Shop(engine).match(records, same=[("shop:2", "crm:1")])
    assert together(found)


def test_records_without_anything_to_compare_give_no_pairs(engine: Engine) -> None:
    shop = Shop(engine)
    found = shop.match([person("a:1"), person("b:2"), person("c:3", "Jan")])
    assert shop.matches == []
    assert len(set(found.values())) == 3


def test_records_that_identifiers_tie_are_compared_as_one(engine: Engine) -> None:
    shop = Shop(engine)
    records = [jan("crm:1"), jan("shop:2", first_name="Jan Willem")]
    stated = [row for one in records for row in states(str(one["person_id"]), email="jan@huis.nl")]
    assert together(shop.match(records, stated))
    assert shop.matches == []


def test_the_order_of_rows_changes_nothing(engine: Engine) -> None:
    names = ("Jan", "J.", "Johan", "Wilma", "Piet")
    records = [
        jan(f"crm:{n}", first_name=name, birth_on=BORN if n % 2 else None)
        for n, name in enumerate(names)
    ]
    one, other = Shop(engine), Shop(engine)
    assert one.match(records) == other.match(records[::-1])
    assert one.matches == other.matches
    assert groups(one.match(records)) == groups(other.match(records))


def test_few_records_are_judged_by_what_is_assumed(engine: Engine) -> None:
    shop = Shop(engine)
    shop.match([jan("crm:1"), jan("shop:2")])
    assert {row["pairs"] for row in shop.model} == {0.0}
    assert "birth_on" not in {row["field"] for row in shop.model}
