from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine, connect
from tests.identity.people import Shop, all_state, in_world, person, states
from tests.rows import Row

EARLY, LATE = datetime(2025, 1, 1), datetime(2026, 1, 1)
PAIR = ("crm:1", "shopify:a")
TIE = all_state(PAIR, email="ann@post.nl")


def said(person_id: str, yes: bool, at: datetime, purpose: str = "email_marketing") -> Row:
    return {
        "consent_id": f"{person_id} {at} {yes}",
        "person_id": person_id,
        "purpose": purpose,
        "is_granted": yes,
        "stated_at": at,
    }


PERSONS: list[Row] = [
    *in_world(
        10,
        [
            person(
                "crm:1",
                "Ann",
                prefix="van der",
                last_name="Berg",
                gender="female",
                birth_on=date(1980, 1, 1),
                created_at=EARLY,
                updated_at=EARLY,
            ),
            person(
                "shopify:a",
                "Anna",
                last_name="Berg",
                birth_on=date(1900, 1, 1),  # who did not tell it
                language="nl",
                updated_at=LATE,
            ),
        ],
    ),
    *in_world(
        11,
        [
            person("crm:1", "Ann", last_name="Berg", updated_at=EARLY),
            person("shopify:a", " ", last_name="Berg", updated_at=LATE),
        ],
    ),
    *in_world(
        12,
        [
            person("crm:1", postcode="2611 ab", city="Delft", country="NL", updated_at=EARLY),
            person("shopify:a", city="Leiden", updated_at=LATE),
        ],
    ),
    person("crm:contacts"),
    person("ga4:c:1"),
    person("crm:ann", "Ann", last_name="Smit"),
    person("crm:bob", "Bob", last_name="Smit"),
    person("mailchimp:ab"),
]
IDENTIFIERS: list[Row] = [
    *(row for world in (10, 11, 12) for row in in_world(world, TIE)),
    *({**row, "last_seen_at": LATE} for row in states("crm:contacts", email="New@post.nl")),
    *({**row, "last_seen_at": EARLY} for row in states("crm:contacts", email="old@post.nl")),
    *states("crm:contacts", phone="0000000000", loyalty_card="2600015"),
    *states("ga4:c:1", cookie="c.1"),
    *all_state(["crm:ann", "crm:bob", "mailchimp:ab"], email="ab@post.nl"),
]
CONSENTS: list[Row] = [said("crm:ann", True, LATE), said("mailchimp:ab", False, EARLY)]


@pytest.fixture(scope="module")
def customers(duckdb_engine: Engine) -> dict[str, dict[str, Any]]:
    return Shop(duckdb_engine).customers(PERSONS, IDENTIFIERS, CONSENTS)


def test_of_each_detail_the_most_recent_holds_and_an_empty_one_takes_nothing_away(
    customers: dict[str, dict[str, Any]],
) -> None:
    row = customers["crm:1~10"]
    assert (row["name"], row["gender"], row["birth_on"], row["language"]) == (
        "Anna Berg",
        "female",
        date(1980, 1, 1),
        "nl",
    )
    assert (row["persons"], row["sources"], row["created_at"]) == (2, ["crm", "shopify"], EARLY)


def test_a_whole_name_goes_before_half_a_name(customers: dict[str, dict[str, Any]]) -> None:
    assert customers["crm:1~11"]["name"] == "Ann Berg"


def test_postcode_and_town_come_from_one_record(customers: dict[str, dict[str, Any]]) -> None:
    row = customers["crm:1~12"]
    assert (row["postcode"], row["city"], row["country"]) == ("2611AB", "Delft", "NL")


def test_the_last_seen_address_is_shown_and_junk_is_not(
    customers: dict[str, dict[str, Any]],
) -> None:
    row = customers["crm:contacts"]
    assert (row["email"], row["phone"], row["loyalty_card"]) == ("new@post.nl", None, "2600015")
    assert row["is_known"]


def test_a_cookie_alone_is_an_unknown_customer(customers: dict[str, dict[str, Any]]) -> None:
    row = customers["ga4:c:1"]
    assert (row["is_known"], row["name"], row["email"], row["may_email"]) == (
        False,
        None,
        None,
        False,
    )


def test_an_address_that_was_unsubscribed_is_not_mailed_under_another_name(
    customers: dict[str, dict[str, Any]],
) -> None:
    three = [customers[p] for p in ("crm:ann", "crm:bob", "mailchimp:ab")]
    assert len({row["customer_id"] for row in three}) == 3
    assert not any(row["may_email"] for row in three)


WORDS = st.lists(
    st.tuples(
        st.sampled_from(PAIR),
        st.booleans(),
        st.integers(1, 3),
        st.sampled_from(["email_marketing", "profiling"]),
    ),
    max_size=6,
    unique_by=lambda word: word[:3],
)


@settings(max_examples=2)
@given(st.lists(WORDS, min_size=30, max_size=60))
def test_consent_is_the_strictest_of_the_latest_words_and_merging_never_widens_it(
    worlds: list[list[tuple[str, bool, int, str]]],
) -> None:
    people: list[Row] = [person(p) for p in PAIR]
    persons, identifiers, consents = [], [], []
    for world, words in enumerate(worlds, start=10):
        persons += in_world(world, people)
        identifiers += in_world(world, TIE)
        consents += [
            said(f"{p}~{world}", yes, datetime(2026, month, 1), purpose)
            for p, yes, month, purpose in words
        ]
    engine = connect("duckdb")
    customers = Shop(engine).customers(persons, identifiers, consents)
    engine.close()
    for world, words in enumerate(worlds, start=10):
        latest: dict[str, tuple[int, bool]] = {}
        for p, yes, month, purpose in words:
            # Of a yes and a no at the same moment the no counts.
            if purpose == "email_marketing" and (month, not yes) > latest.get(p, (0, False)):
                latest[p] = (month, not yes)
        may = bool(latest) and not any(refuses for _, refuses in latest.values())
        assert customers[f"crm:1~{world}"]["may_email"] == may


def test_a_customer_has_a_town_in_one_spelling(duckdb_engine: Engine) -> None:
    written = {"a": "S-GRAVENHAGE", "b": "den haag", "c": "Utrehct", "d": "Springfield"}
    persons = [person(f"crm:{name}", "Ann", city=city) for name, city in written.items()]
    customers = Shop(duckdb_engine).customers(persons, [])
    towns = {name: customers[f"crm:{name}"]["city"] for name in written}
    assert towns == {"a": "Den Haag", "b": "Den Haag", "c": "Utrecht", "d": "Springfield"}
