from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, all_state, groups, in_world, person, states
from tests.rows import Row

ANN, BOB = date(1980, 1, 1), date(1990, 5, 5)
FIRST_WORLD = 10


@dataclass(frozen=True)
class Case:
    """Records and what they state, who is together then, and which kinds are blocked and why."""

    persons: Sequence[Row]
    identifiers: Sequence[Row]
    together: Sequence[set[str]]
    blocked: Sequence[tuple[str, str]] = ()


BOBS = [
    person("crm:3", "Bob"),
    person("crm:4", "Robert"),
    person("crm:5", "Joop"),
    person("crm:6", "Hans"),
]
CASES = {
    "junk ties nobody": Case(
        [person("crm:1", "Ann"), person("crm:2", "Ann")],
        all_state(
            ["crm:1", "crm:2"],
            email="test@test.nl",
            phone="0000000000",
            loyalty_card="0000000000000",
            user_id="null",
        ),
        [{"crm:1"}, {"crm:2"}],
    ),
    "a bank account ties nobody": Case(
        [person("shopify:a"), person("shopify:b")],
        all_state(["shopify:a", "shopify:b"], payer="NL91ABNA0417164300"),
        [{"shopify:a"}, {"shopify:b"}],
    ),
    "receipts under a junk card are nobody's, not of who once left an address": Case(
        [person("till:card:0000000000000"), person("shopify:1"), person("crm:1", "Ann")],
        [
            *all_state(["till:card:0000000000000", "crm:1"], loyalty_card="0000000000000"),
            *all_state(["till:card:0000000000000", "shopify:1", "crm:1"], email="ann@post.nl"),
        ],
        # The contact with a name is someone, whatever was typed as its card.
        [{"shopify:1", "crm:1"}],
    ),
    "a birth date without a name is someone too": Case(
        [person("crm:1", birth_on=ANN), person("shopify:1")],
        [
            *states("crm:1", loyalty_card="0000000000000"),
            *all_state(["crm:1", "shopify:1"], email="ann@post.nl"),
        ],
        [{"crm:1", "shopify:1"}],
    ),
    "a couple that shares an address stays two customers, and namesakes are tied": Case(
        [
            person("crm:1", "Ann", last_name="Smit", birth_on=ANN),
            person("crm:2", "Bob", last_name="Smit", birth_on=BOB),
            person("shopify:a", "Ann", last_name="Smit"),
            person("survey:a"),
        ],
        all_state(["crm:1", "crm:2", "shopify:a", "survey:a"], email="ab@post.nl"),
        # Whose the nameless answers are, nobody knows.
        [{"crm:1", "shopify:a"}, {"crm:2"}, {"survey:a"}],
        [("email", "conflict")],
    ),
    "two in one mailbox who agree in neither family name nor birth date are two": Case(
        [
            person("crm:1", "Wilma", last_name="Smit", birth_on=ANN),
            person("crm:2", last_name="Kaya", birth_on=BOB),
            person("crm:3", last_name="Smit"),
        ],
        all_state(["crm:1", "crm:2", "crm:3"], email="ab@post.nl"),
        [{"crm:1"}, {"crm:2"}, {"crm:3"}],
        [("email", "conflict")],
    ),
    "a father and a son of one name share a mailbox and are two": Case(
        [
            person("crm:1", "Jan", last_name="Smit", birth_on=ANN),
            person("crm:2", "Jan", last_name="Smit", birth_on=date(2007, 9, 3)),
        ],
        all_state(["crm:1", "crm:2"], email="smit@post.nl"),
        [{"crm:1"}, {"crm:2"}],
        [("email", "conflict")],
    ),
    "a first name in the place of the family name is no other name": Case(
        [person("crm:1", "Ann", last_name="Smit", birth_on=ANN), person("crm:2", last_name="Ann")],
        all_state(["crm:1", "crm:2"], email="ann@post.nl"),
        [{"crm:1", "crm:2"}],
    ),
    "a day that a system fills in is no birth date of a generation before": Case(
        [
            person("crm:1", "Jan", last_name="Smit", birth_on=ANN),
            person("crm:2", "Jan", last_name="Smit", birth_on=date(1900, 1, 1)),
        ],
        all_state(["crm:1", "crm:2"], email="smit@post.nl"),
        [{"crm:1", "crm:2"}],
    ),
    "a call name is no other name, and two call names of one given name are": Case(
        [person("crm:1", "Catharina"), person("crm:2", "Toos"), *BOBS],
        [
            *all_state(["crm:1", "crm:2"], email="toos@post.nl"),
            *all_state(["crm:3", "crm:4"], email="bob@post.nl"),
            *all_state(["crm:5", "crm:6"], email="jan@post.nl"),
        ],
        [{"crm:1", "crm:2"}, {"crm:3", "crm:4"}, {"crm:5"}, {"crm:6"}],
        [("email", "conflict")],
    ),
    "two names in each other's place are no other names": Case(
        [person("crm:1", "Isis", last_name="Visser"), person("crm:2", "Visser", last_name="Isis")],
        all_state(["crm:1", "crm:2"], email="iv@post.nl"),
        [{"crm:1", "crm:2"}],
    ),
    "one birth date with two given names is one customer": Case(
        [person("crm:1", "Johannes", birth_on=ANN), person("crm:2", "Hans", birth_on=ANN)],
        all_state(["crm:1", "crm:2"], email="h@post.nl"),
        [{"crm:1", "crm:2"}],
    ),
    "a short name is the name": Case(
        [person("crm:1", "Johanna"), person("crm:2", "Jo"), person("crm:3", "J.")],
        all_state(["crm:1", "crm:2", "crm:3"], email="jo@post.nl"),
        [{"crm:1", "crm:2", "crm:3"}],
    ),
    "another name with the same initial is someone else": Case(
        [person("crm:1", "Jan"), person("crm:2", "Joke")],
        all_state(["crm:1", "crm:2"], email="j@post.nl"),
        [{"crm:1"}, {"crm:2"}],
        [("email", "conflict")],
    ),
    "a slip in name or birth date does not part one customer": Case(
        [
            person("crm:1", "Johanna", last_name="Jansen", birth_on=date(1980, 1, 10)),
            person("crm:2", "J.", last_name="Janssen", birth_on=date(1980, 10, 1)),
            person("crm:3", "Johana", last_name="Jansen", birth_on=date(1981, 1, 10)),
        ],
        all_state(["crm:1", "crm:2", "crm:3"], phone="020 1234567"),
        # Day and month changed places, or a year off; both at once is too much.
        [{"crm:1", "crm:2", "crm:3"}],
        [("phone", "conflict")],
    ),
    "a household's number ties namesakes and no others": Case(
        [
            person("crm:1", "Ann", last_name="Smit"),
            person("crm:2", "Bob", last_name="Smit"),
            person("crm:3", "Ann", last_name="van der Smit"),
            person("zendesk:1", "A.", last_name="Smit"),
        ],
        all_state(["crm:1", "crm:2", "crm:3", "zendesk:1"], phone="020 1234567"),
        [{"crm:1", "crm:3"}, {"crm:2"}, {"zendesk:1"}],
        [("phone", "conflict")],
    ),
    "a father and a son of one name are two": Case(
        [
            person("crm:1", "Jan", last_name="Smit", birth_on=ANN),
            person("crm:2", "Jan", last_name="Smit", birth_on=date(2007, 9, 3)),
        ],
        all_state(["crm:1", "crm:2"], phone="020 1234567"),
        [{"crm:1"}, {"crm:2"}],
        [("phone", "conflict")],
    ),
    "a mobile number is personal enough for an initial": Case(
        [person("crm:1", "Ann", last_name="Smit"), person("zendesk:1", "A.", last_name="Smit")],
        all_state(["crm:1", "zendesk:1"], phone="06 12345678"),
        [{"crm:1", "zendesk:1"}],
    ),
    "records without name but with accounts of their own are not tied by telephone": Case(
        [person("shopify:a"), person("shopify:b"), person("zendesk:1")],
        [
            *states("shopify:a", email="a@post.nl"),
            *states("shopify:b", email="b@post.nl"),
            *all_state(["shopify:a", "shopify:b", "zendesk:1"], phone="06 12345678"),
        ],
        [{"shopify:a"}, {"shopify:b"}, {"zendesk:1"}],
        [("phone", "conflict")],
    ),
    "the telephone of one account ties who has nothing else": Case(
        [person("shopify:a"), person("zendesk:1")],
        [
            *states("shopify:a", email="a@post.nl", phone="06 12345678"),
            *states("zendesk:1", phone="0612345678"),
        ],
        [{"shopify:a", "zendesk:1"}],
    ),
    "what surer kinds hold together is no conflict of a weaker kind": Case(
        [person("crm:1"), person("shopify:a"), person("zendesk:1")],
        [
            *states("crm:1", email="old@post.nl", user_id="7", phone="0612345678"),
            *states("shopify:a", email="new@post.nl", user_id="7", phone="0612345678"),
            *states("zendesk:1", phone="0612345678"),
        ],
        [{"crm:1", "shopify:a", "zendesk:1"}],
    ),
    "a cookie of two signed-in customers ties nobody": Case(
        [person("ga4:u:1"), person("ga4:u:2"), person("ga4:c:x"), person("ga4:c:y")],
        [
            *states("ga4:u:1", user_id="901", cookie=["x", "y"]),
            *states("ga4:u:2", user_id="902", cookie="x"),
            *states("ga4:c:x", cookie="x"),
            *states("ga4:c:y", cookie="y"),
        ],
        [{"ga4:u:1", "ga4:c:y"}, {"ga4:u:2"}, {"ga4:c:x"}],
        [("cookie", "shared")],
    ),
    "a cookie of two accounts of one customer is not shared": Case(
        [person("ga4:u:1"), person("ga4:u:2"), person("ga4:c:x")],
        [
            *states("ga4:u:1", user_id="901", email="ann@post.nl"),
            *states("ga4:u:2", user_id="902", email="ann@post.nl"),
            *all_state(["ga4:u:1", "ga4:u:2", "ga4:c:x"], cookie="x"),
        ],
        [{"ga4:u:1", "ga4:u:2", "ga4:c:x"}],
    ),
    "who clicks in a mailing and signs in on the same device under the same name is one": Case(
        [
            person("mailchimp:a", "Ann", last_name="Smit"),
            person("shopify:1", "Ann", last_name="Smit"),
            person("ga4:u:1"),
            person("ga4:c:x"),
        ],
        [
            *states("mailchimp:a", email="ann@post.nl", subscriber="e1"),
            *states("ga4:c:x", cookie="x", subscriber="e1"),
            *states("ga4:u:1", cookie="x", user_id="901"),
            *states("shopify:1", email="ann@werk.nl", user_id="901"),
        ],
        [{"mailchimp:a", "shopify:1", "ga4:u:1", "ga4:c:x"}],
    ),
    "who clicks in a mailing on the device of somebody else is not that one": Case(
        [
            person("mailchimp:b", "Bob", last_name="Smit"),
            person("shopify:1", "Ann", last_name="Smit"),
            person("ga4:u:1"),
            person("ga4:c:x"),
        ],
        [
            *states("mailchimp:b", email="bob@post.nl", subscriber="e2"),
            *states("ga4:c:x", cookie="x", subscriber="e2"),
            *states("ga4:u:1", cookie="x", user_id="901"),
            *states("shopify:1", email="ann@werk.nl", user_id="901"),
        ],
        [{"mailchimp:b", "ga4:c:x"}, {"shopify:1", "ga4:u:1"}],
        [("cookie", "shared")],
    ),
    "records with two devices are no bridge between two customers": Case(
        [person("ga4:u:1"), person("ga4:u:2"), person("app:1"), person("app:2")],
        [
            *states("ga4:u:1", user_id="901", cookie="x"),
            *states("ga4:u:2", user_id="902", cookie="z"),
            *states("app:1", cookie="x", device="y"),
            *states("app:2", cookie="z", device="y"),
        ],
        [{"ga4:u:1"}, {"ga4:u:2"}, {"app:1", "app:2"}],
        [("cookie", "shared"), ("cookie", "shared")],
    ),
}


@pytest.fixture(scope="module")
def shop(duckdb_engine: Engine) -> Shop:
    """All cases, side by side."""
    persons, identifiers = [], []
    for world, case in enumerate(CASES.values(), start=FIRST_WORLD):
        persons += in_world(world, case.persons)
        identifiers += in_world(world, case.identifiers)
    resolved = Shop(duckdb_engine)
    resolved.resolve(persons, identifiers)
    return resolved


@pytest.mark.parametrize("name", CASES)
def test_who_is_together(shop: Shop, name: str) -> None:
    world = FIRST_WORLD + list(CASES).index(name)
    own = {
        row["person_id"].removesuffix(f"~{world}"): row["customer_id"]
        for row in shop.links
        if row["person_id"].endswith(f"~{world}")
    }
    assert groups(own) == {frozenset(records) for records in CASES[name].together}


@pytest.mark.parametrize("name", CASES)
def test_what_is_blocked_and_why(shop: Shop, name: str) -> None:
    world = FIRST_WORLD + list(CASES).index(name)
    own = [
        (row["kind"], row["reason"])
        for row in shop.blocked
        if row["value"].split("@")[0].endswith(str(world)) and row["reason"] != "junk"
    ]
    assert sorted(own) == sorted(CASES[name].blocked)


def test_junk_is_blocked_with_the_number_of_records_that_state_it(shop: Shop) -> None:
    junk = {row["value"]: row["persons"] for row in shop.blocked if row["reason"] == "junk"}
    assert junk == {"test@test.nl": 2, "+00000000": 2, "0000000000000": 5, "null": 2}


def test_a_value_of_more_records_of_one_source_than_the_limit_ties_nobody(
    duckdb_engine: Engine,
) -> None:
    shop = Shop(duckdb_engine, limit=3)
    crowd = [person(f"crm:{n}", "Ann", last_name="Smit") for n in range(4)]
    three = [person(f"zendesk:{n}", "Bob", last_name="Smit") for n in range(3)]
    till = [person("till:card:99123"), *(person(f"shopify:{n}") for n in range(4))]
    many = [f"p{n}@post.nl" for n in range(4)]
    customer_of = shop.resolve(
        [*crowd, *three, *till, person("survey:1")],
        [
            *all_state([row["person_id"] for row in crowd], phone="020 123 4567"),
            *all_state([*(row["person_id"] for row in three), "survey:1"], email="bob@post.nl"),
            # A till's own card, under which many customers had their receipts mailed.
            *states("till:card:99123", loyalty_card="99123", email=many),
            *(row for n, email in enumerate(many) for row in states(f"shopify:{n}", email=email)),
        ],
    )
    assert {len(records) for records in groups(customer_of)} == {1, 4}
    assert len({customer_of[p] for p in ("zendesk:0", "zendesk:1", "zendesk:2", "survey:1")}) == 1
    assert shop.reasons() == {"+31201234567": "shared", "99123": "shared"}
