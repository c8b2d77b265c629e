"""One record finds its customer by the rules that a run obeys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from klantreis.engine import Engine
from klantreis.identity.lookup import FoundCustomer, Lookup
from klantreis.identity.lookup_forms import SoughtRecord
from klantreis.identity.lookup_rows import lookup_rows
from tests.identity.people import Shop, person, states
from tests.rows import rows_of

BORN = date(1980, 5, 31)
HOME = {"street": "Dorpsstraat", "house_number": "12", "postcode": "3011 AB", "city": "Rotterdam"}
PERSONS = [
    person("crm:jan", "Jan", last_name="Vermeulen", birth_on=BORN, **HOME),
    person("shop:wilma", "Wilma", last_name="Vermeulen", **HOME),
    person("crm:kees", "Kees", last_name="Brouwer", birth_on=date(1971, 2, 3)),
    person("crm:twin1", "Anna", last_name="Postma", **(HOME | {"street": "Kade"})),
    person("crm:twin2", "Anna", last_name="Postma", **(HOME | {"street": "Kade"})),
    person("ga4:device"),
    person("till:nobody"),
    *(
        person(f"till:{n}", first, last_name="Ooms")
        for n, first in enumerate(["Piet", "Els", "Bas"])
    ),
]
IDENTIFIERS = [
    *states("crm:jan", email="jan@huis.nl", phone="06-12345678", loyalty_card="2600017"),
    *states("shop:wilma", phone="0031 6 12345678", email="wilma@huis.nl"),
    *states("crm:kees", customer_number="17", phone="010-4112233", cookie="signed.in"),
    *states("crm:kees", email_sha256=sha256(b"kees@huis.nl").hexdigest()),
    *states("ga4:device", cookie="only.device"),
    *(row for n in range(3) for row in states(f"till:{n}", loyalty_card="2699999")),
]
APART = [("crm:twin1", "crm:twin2")]


@pytest.fixture(scope="module")
def customers() -> dict[str, int]:
    return {}


@pytest.fixture(scope="module")
def shop(duckdb_engine: Engine, customers: dict[str, int]) -> Shop:
    shop = Shop(duckdb_engine, limit=2)
    found = shop.match(PERSONS, IDENTIFIERS, different=APART)
    customers.update({name: number for name, number in found.items() if number is not None})
    return shop


@pytest.fixture(scope="module")
def lookup(shop: Shop, duckdb_engine: Engine) -> Lookup:
    return looked_up(shop, duckdb_engine)


@pytest.fixture(scope="module")
def strict(shop: Shop, duckdb_engine: Engine) -> Lookup:
    """A customer has one card, and one number in each source."""
    return looked_up(shop, duckdb_engine, unique=("loyalty_card", "customer_number"))


def looked_up(shop: Shop, duckdb_engine: Engine, unique: tuple[str, ...] = ()) -> Lookup:
    rows = lookup_rows(
        rows_of("persons", PERSONS),
        rows_of("identifiers", IDENTIFIERS),
        rows_of("blocked_identifiers", shop.blocked),
        rows_of("person_profiles", shop.told),
        rows_of("match_model", shop.model),
        rows_of("links", shop.links),
        engine=duckdb_engine,
        country="NL",
        unique=unique,
    )
    return Lookup(rows, country="NL")


def verdicts(found: FoundCustomer) -> dict[str, str]:
    return {one.kind: one.verdict for one in found.identifiers}


@pytest.mark.parametrize(
    ("sought", "record", "rule"),
    [
        (SoughtRecord(email=" JAN@huis.nl"), "crm:jan", "email"),
        (SoughtRecord(loyalty_card="26 0001-7", email="new@huis.nl"), "crm:jan", "loyalty_card"),
        (SoughtRecord(email="kees@huis.nl"), "crm:kees", "email"),
        (SoughtRecord(customer_number="crm:17"), "crm:kees", "customer_number"),
        (SoughtRecord(cookie="only.device"), "ga4:device", "cookie"),
        (SoughtRecord(cookie="signed.in"), "crm:kees", "cookie"),
        (
            SoughtRecord(phone="+31 6 12345678", first_name="J.", last_name="Vermeulen"),
            "crm:jan",
            "phone",
        ),
    ],
)
def test_an_identifier_ties(
    lookup: Lookup, customers: dict[str, int], sought: SoughtRecord, record: str, rule: str
) -> None:
    found = lookup.find(sought)
    assert (found.customer_id, found.band, found.rule) == (customers[record], "match", rule)
    assert found.probability is None  # a rule is no estimate


@pytest.mark.parametrize(
    ("sought", "verdict"),
    [
        (SoughtRecord(email="test@test.nl"), "junk"),
        (SoughtRecord(loyalty_card="2699999", first_name="Piet"), "shared"),
        (SoughtRecord(email="nobody@huis.nl"), "unknown"),
        (SoughtRecord(email="jan@huis.nl", first_name="Truus", last_name="Smit"), "conflict"),
        (SoughtRecord(phone="06 12345678"), "conflict"),  # of two: it ties namesakes only
        (SoughtRecord(phone="010-4112233", first_name="Bea", last_name="Brouwer"), "conflict"),
        (SoughtRecord(customer_number="shop:17"), "unknown"),
    ],
)
def test_an_identifier_does_not_tie(lookup: Lookup, sought: SoughtRecord, verdict: str) -> None:
    found = lookup.find(sought)
    assert (found.customer_id, found.band) == (None, "none")
    assert verdict in verdicts(found).values()


def test_who_signs_in_on_someones_device_is_someone_else(lookup: Lookup) -> None:
    found = lookup.find(SoughtRecord(cookie="signed.in", email="guest@huis.nl"))
    assert found.customer_id is None
    assert verdicts(found) == {"email": "unknown", "cookie": "doubtful"}


def test_name_address_and_birth_date_find_who_has_no_identifier(
    lookup: Lookup, customers: dict[str, int]
) -> None:
    found = lookup.find(
        SoughtRecord(first_name="Jan", last_name="Vermeullen", birth_on=BORN, street="Dorpsstr. 12")
    )
    assert (found.customer_id, found.band, found.rule) == (customers["crm:jan"], "match", "matched")
    assert found.person_id == "crm:jan"
    told = {one.field: (one.level, one.weight) for one in found.fields}
    assert told["last_name"][0] == "near"
    weights = [weight for _, weight in told.values() if weight is not None]
    assert found.match_weight == pytest.approx(sum(weights) + (found.prior or 0))


def test_who_contradicts_is_told_and_not_found(lookup: Lookup, customers: dict[str, int]) -> None:
    father = SoughtRecord(
        first_name="Jan", last_name="Vermeulen", birth_on=date(1951, 11, 2), **HOME
    )
    found = lookup.find(father)
    assert found.customer_id != customers["crm:jan"]
    stopped = {one.customer_id: one.stopped_by for one in found.others}
    assert stopped[customers["crm:jan"]] == "conflict"


def test_of_two_that_are_as_likely_neither_is_sure(lookup: Lookup) -> None:
    found = lookup.find(
        SoughtRecord(
            first_name="Anna",
            last_name="Postma",
            street="Kade",
            house_number="12",
            city="Rotterdam",
        )
    )
    assert found.band == "doubtful"
    assert found.probability == pytest.approx(0.5, abs=0.01)
    assert [one.probability for one in found.others] == [pytest.approx(0.5, abs=0.01)]


def test_who_says_nothing_is_nobody(lookup: Lookup) -> None:
    assert lookup.find(SoughtRecord()) == FoundCustomer()
    assert lookup.find(SoughtRecord(first_name="  ", city="Gent")).band == "none"


JAN = SoughtRecord(
    first_name="Jan",
    last_name="Vermeulen",
    birth_on=BORN,
    street="Dorpsstraat 12",
    city="Rotterdam",
)


def test_who_has_another_card_is_somebody_else_where_a_customer_has_one(
    lookup: Lookup, strict: Lookup, customers: dict[str, int]
) -> None:
    jan = customers["crm:jan"]
    other_card = replace(JAN, loyalty_card="2600024")
    assert lookup.find(other_card).customer_id == jan
    found = strict.find(other_card)
    assert (found.customer_id, found.band) == (None, "none")
    assert [(one.customer_id, one.stopped_by) for one in found.others] == [(jan, "conflict")]
    by_address = strict.find(SoughtRecord(email="jan@huis.nl", loyalty_card="2600024"))
    assert by_address.customer_id is None
    assert verdicts(by_address) == {"loyalty_card": "unknown", "email": "unique"}


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"loyalty_card": "2600017"},
        {"loyalty_card": "0000"},  # nobody's
        {"loyalty_card": "2699999"},  # a till's
        {"customer_number": "crm:99"},  # of which Jan has none
    ],
)
def test_what_does_not_contradict_stands_in_nobodys_way(
    strict: Lookup, customers: dict[str, int], stated: dict[str, Any]
) -> None:
    assert strict.find(replace(JAN, **stated)).customer_id == customers["crm:jan"]


def test_a_customer_number_is_held_against_those_of_its_source(
    strict: Lookup, customers: dict[str, int]
) -> None:
    kees = SoughtRecord(email="kees@huis.nl", first_name="Kees")
    assert strict.find(replace(kees, customer_number="crm:18")).customer_id is None
    found = strict.find(replace(kees, customer_number="shop:18"))
    assert found.customer_id == customers["crm:kees"]
