"""Records without a shared identifier: by name, address and birth date, or by what people decide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, all_state, person
from tests.rows import Row

HOME = {"street": "Dorpsstraat", "house_number": "12", "postcode": "3011 AB", "city": "Rotterdam"}
BORN = date(1980, 5, 31)
# What another record says otherwise, each of a human being with a name and a home of his own.
ONE_HUMAN_BEING: dict[str, dict[str, Any]] = {
    "the same name and address": {},
    "a slip in the family name": {"last_name": "Hoekstrra"},
    "an initial": {"first_name": "J."},
    "accents and capitals": {"last_name": "SCHÖLTEN"},
    "the street abbreviated, the postcode in small letters": {
        "street": "Beukenstr.",
        "postcode": "1015cd",
    },
    "the house number in the street": {"street": "Molenlaan 6", "house_number": None},
    "day and month of the birth date exchanged": {"birth_on": date(1980, 3, 5)},
    "a double name after marriage": {"last_name": "Kuipers - van der Wal", "birth_on": BORN},
    "names exchanged, the prefix with the family name": {
        "first_name": "van der Zijlstra",
        "last_name": "Jan",
    },
}
TWO_HUMAN_BEINGS: dict[str, dict[str, Any]] = {
    "a partner at the same address": {"first_name": "Wilma"},
    "a father with the same name": {"birth_on": date(1951, 11, 2)},
    "a namesake elsewhere": {
        "street": "Kerkweg",
        "house_number": "3",
        "postcode": "9711 CD",
        "city": "Groningen",
    },
}
NAMES = [
    "Vermeulen",
    "Hoekstra",
    "Postma",
    "Scholten",
    "Brouwer",
    "Timmermans",
    "Dekker",
    "Kuipers",
    "Zijlstra",
    "Martens",
    "Ooms",
    "Terpstra",
]
STREETS = [
    "Dorpsstraat",
    "Parklaan",
    "Havenweg",
    "Torenplein",
    "Beukenstraat",
    "Molenlaan",
    "Zandpad",
    "Kade",
    "Veld",
    "Sluis",
    "Brink",
    "Singel",
]


def jan(person_id: str, **more: Any) -> Row:
    return person(person_id, **{"first_name": "Jan", "last_name": "Vermeulen", **HOME, **more})


def two_by_two() -> list[Row]:
    """Two records for every case: `crm:<case>` and `shop:<case>`."""
    records = []
    for number, (case, other) in enumerate({**ONE_HUMAN_BEING, **TWO_HUMAN_BEINGS}.items()):
        own = {
            "last_name": NAMES[number],
            "street": STREETS[number],
            "house_number": str(number + 1),
            "postcode": f"10{11 + number} CD",
            "city": f"Plaats{'abcdefghijkl'[number]}",
            "birth_on": date(1980, 5, 3) if "day and month" in case else BORN,
        }
        records.append(jan(f"crm:{case}", **own))
        records.append(jan(f"shop:{case}", **{**own, "birth_on": None, **other}))
    return records


# Of the first nothing can be compared; the next two an e-mail address ties already.
OTHERS = [
    person("mail:1"),
    jan("till:1", first_name="Els"),
    jan("till:2", first_name="Els Maria"),
]
STATED = all_state(("till:1", "till:2"), email="els@huis.nl")


@pytest.fixture(scope="module")
def shop(duckdb_engine: Engine) -> Shop:
    shop = Shop(duckdb_engine)
    shop.customer_of = shop.match([*two_by_two(), *OTHERS], STATED)
    return shop


def of_case(shop: Shop, case: str) -> dict[str, Any]:
    (row,) = (row for row in shop.matches if row["left_person_id"] == f"crm:{case}")
    return row


@pytest.mark.parametrize("case", ONE_HUMAN_BEING)
def test_one_human_being_is_known_again_by(shop: Shop, case: str) -> None:
    assert shop.customer_of[f"crm:{case}"] == shop.customer_of[f"shop:{case}"]


@pytest.mark.parametrize("case", TWO_HUMAN_BEINGS)
def test_two_are_not_made_one_for(shop: Shop, case: str) -> None:
    assert shop.customer_of[f"crm:{case}"] != shop.customer_of[f"shop:{case}"]


def test_what_contradicts_is_shown_with_its_reason(duckdb_engine: Engine) -> None:
    father = jan("till:3", birth_on=date(1951, 11, 2))
    shop = Shop(duckdb_engine)
    found = shop.match([jan("crm:1", birth_on=BORN), jan("shop:2"), father])
    assert found["crm:1"] == found["shop:2"] != found["till:3"]
    stopped = {(r["left_person_id"], r["right_person_id"]): r["stopped_by"] for r in shop.matches}
    assert stopped["shop:2", "till:3"] == "conflict"


def test_a_pair_of_one_address_may_be_housemates_and_loses_what_that_explains(shop: Shop) -> None:
    same = of_case(shop, "the same name and address")["weight_housemates"]
    initial = of_case(shop, "an initial")["weight_housemates"]
    assert initial < same < 0


def test_the_weights_of_the_fields_add_up_to_the_weight_of_the_pair(shop: Shop) -> None:
    row = of_case(shop, "the same name and address")
    parts = [row[name] for name in row if name.startswith("weight_") and row[name] is not None]
    assert row["match_weight"] == pytest.approx(sum(parts))
    assert row["weight_birth_date"] is None
    assert row["weight_last_name"] > 5


def test_matched_records_say_so_and_records_that_an_identifier_ties_are_compared_as_one(
    shop: Shop,
) -> None:
    rules = {row["person_id"]: row["rule"] for row in shop.links}
    assert rules["crm:the same name and address"] == "matched"
    assert (rules["mail:1"], rules["till:1"]) == ("alone", "email")
    pairs = {(row["left_person_id"], row["right_person_id"]) for row in shop.matches}
    assert ("till:1", "till:2") not in pairs


def test_few_records_are_judged_by_what_is_assumed(shop: Shop) -> None:
    assert {row["pairs"] for row in shop.model} == {0.0}
    assert "email" not in {row["field"] for row in shop.model}


def test_the_order_of_rows_changes_nothing(shop: Shop, duckdb_engine: Engine) -> None:
    again = Shop(duckdb_engine)
    assert again.match([*two_by_two(), *OTHERS][::-1], STATED[::-1]) == shop.customer_of
    assert again.matches == shop.matches


def test_what_people_decide_goes_before_all_also_through_others(duckdb_engine: Engine) -> None:
    three = [jan("crm:1"), jan("shop:2"), jan("till:3", first_name="J")]
    strangers = [jan("crm:8", last_name="Bakker"), person("shop:9", "Wilma", last_name="Smit")]
    shop = Shop(duckdb_engine)
    found = shop.match(
        [*three, *strangers], same=[("shop:9", "crm:8")], different=[("crm:1", "shop:2")]
    )
    assert found["crm:1"] != found["shop:2"]
    assert found["till:3"] in (found["crm:1"], found["shop:2"])
    assert found["crm:8"] == found["shop:9"]
    reasons = {(r["left_person_id"], r["right_person_id"]): r["stopped_by"] for r in shop.matches}
    assert reasons["crm:1", "shop:2"] == "decision"
