"""What must always hold of matching by name and address, from records to customers."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from klantreis.engine import connect
from klantreis.settings import IdentifierSettings
from tests.identity.people import Shop, person, states
from tests.length import at_length
from tests.rows import Row

HOMES = [
    {"street": "Lange Kade", "house_number": "12", "postcode": "1011 AB", "city": "Amsterdam"},
    {"street": "Kerkweg", "house_number": "3", "postcode": "3011 CD", "city": "Rotterdm"},
    {},
]
RECORD = st.fixed_dictionaries(
    {
        "first_name": st.sampled_from(["Ann", "A.", "Anna", "Bob", None]),
        "last_name": st.sampled_from(["Hoekstra", "Hoekstrra", "van der Wal"]),
        "birth_on": st.sampled_from([date(1980, 5, 31), date(1980, 5, 13), date(1951, 1, 2), None]),
        "home": st.sampled_from(HOMES),
        "card": st.sampled_from(["2600015", "2600016", ""]),
    }
)
RULES = {"loyalty_card": IdentifierSettings(unique=True)}


def rows_of_records(records: list[dict[str, Any]]) -> tuple[list[Row], list[Row]]:
    persons, identifiers = [], []
    for number, told in enumerate(records):
        name = f"crm:{number:02}"
        first = told["first_name"]
        who = {"last_name": told["last_name"], "birth_on": told["birth_on"]}
        persons.append(person(name, first, **who, **told["home"]))
        if told["card"]:
            identifiers += states(name, loyalty_card=f"{told['card']}{number % 5}")
    return persons, identifiers


@at_length
@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(
    st.lists(RECORD, min_size=20, max_size=40),
    st.lists(st.integers(0, 19), min_size=4, max_size=4, unique=True),
    st.randoms(use_true_random=False),
)
def test_always_everybody_the_same_in_any_order_and_never_who_is_apart(
    records: list[dict[str, Any]], decided: list[int], random: Random
) -> None:
    persons, identifiers = rows_of_records(records)
    names = [f"crm:{number:02}" for number in sorted(decided)]
    different = [(names[0], names[1]), (names[2], names[3])]
    engine = connect("duckdb")
    shop = Shop(engine, rules=RULES)
    customer_of = shop.match(persons, identifiers, different=different)
    assert set(customer_of) == {row["person_id"] for row in persons}, "no record is lost"
    assert all(customer_of[one] != customer_of[other] for one, other in different)
    cards: dict[int | None, set[str]] = defaultdict(set)
    shared = {value for value, reason in shop.reasons().items() if reason == "shared"}
    for row in identifiers:
        if row["value"] in shared:
            continue  # it is nobody's own
        cards[customer_of[str(row["person_id"])]].add(str(row["value"]))
    assert all(len(some) == 1 for some in cards.values()), "one card a customer"

    random.shuffle(persons)
    random.shuffle(identifiers)
    assert shop.match(persons, identifiers, different=different[::-1]) == customer_of
    assert shop.merges == []
    engine.close()
