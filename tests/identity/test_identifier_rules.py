from __future__ import annotations

from datetime import date

from klantreis.engine import Engine
from klantreis.settings import IdentifierSettings
from tests.identity.people import Shop, all_state, groups, person, states

ANN = date(1980, 1, 1)
UNIQUE = {"loyalty_card": IdentifierSettings(unique=True)}


def test_what_would_give_a_customer_two_cards_of_a_unique_kind_ties_nobody(
    duckdb_engine: Engine,
) -> None:
    people = [person(f"crm:{n}", "Ann", last_name="Smit", birth_on=ANN) for n in (1, 2, 3)]
    stated = [
        *all_state(["crm:1", "crm:2", "crm:3"], email="ann@post.nl"),
        *states("crm:1", loyalty_card="2600015"),
        *states("crm:2", loyalty_card="2600016"),
    ]
    usual = Shop(duckdb_engine)
    assert len(groups(usual.resolve(people, stated))) == 1
    strict = Shop(duckdb_engine, rules=UNIQUE)
    assert len(groups(strict.resolve(people, stated))) == 3
    assert strict.reasons() == {"ann@post.nl": "unique"}


def test_who_states_two_cards_on_one_record_may_still_be_tied(duckdb_engine: Engine) -> None:
    people = [person("crm:1", "Ann"), person("shopify:1", "Ann")]
    stated = [
        *all_state(["crm:1", "shopify:1"], email="ann@post.nl"),
        *states("crm:1", loyalty_card=["2600015", "2600016"]),
    ]
    shop = Shop(duckdb_engine, rules=UNIQUE)
    assert groups(shop.resolve(people, stated)) == {frozenset({"crm:1", "shopify:1"})}


def test_namesakes_are_not_tied_either_when_a_kind_is_unique(duckdb_engine: Engine) -> None:
    people = [
        person("crm:1", "Ann", last_name="Smit", birth_on=ANN),
        person("crm:2", "Ann", last_name="Smit", birth_on=ANN),
        person("crm:3", "Bob", last_name="Smit"),
    ]
    stated = [
        *all_state(["crm:1", "crm:2", "crm:3"], email="smit@post.nl"),
        *states("crm:1", loyalty_card="2600015"),
        *states("crm:2", loyalty_card="2600016"),
    ]
    assert len(groups(Shop(duckdb_engine).resolve(people, stated))) == 2
    assert len(groups(Shop(duckdb_engine, rules=UNIQUE).resolve(people, stated))) == 3


def test_own_junk_ties_nobody_and_an_own_limit_goes_before_that_of_all(
    duckdb_engine: Engine,
) -> None:
    names = [f"crm:{n}" for n in range(1, 10)]
    people = [person(name) for name in names]
    stated = [
        *all_state(names, social="@familie"),
        *all_state(names[:2], email="info@winkel.nl"),
    ]
    rules = {
        "social": IdentifierSettings(limit=20),
        "email": IdentifierSettings(junk=("^info@",)),
    }
    usual, own = Shop(duckdb_engine), Shop(duckdb_engine, rules=rules)
    assert len(groups(usual.resolve(people, stated))) == 8
    assert len(groups(own.resolve(people, stated))) == 1
    assert own.reasons() == {"info@winkel.nl": "junk"}


def test_records_with_two_values_of_a_unique_kind_are_not_matched_by_name_either(
    duckdb_engine: Engine,
) -> None:
    home = {"street": "Kade", "house_number": "1", "postcode": "1011AB", "city": "Amsterdam"}
    people = [
        person(f"crm:{n}", "Ann", last_name="Hoekstra", birth_on=ANN, **home) for n in (1, 2, 3)
    ]
    stated = [*states("crm:1", loyalty_card="2600015"), *states("crm:2", loyalty_card="2600016")]
    strict = Shop(duckdb_engine, rules=UNIQUE)
    assert len(groups(strict.match(people, stated))) == 2
    reasons = {
        (row["left_person_id"], row["right_person_id"]): row["stopped_by"] for row in strict.matches
    }
    assert reasons["crm:1", "crm:2"] == "conflict"
    decided = strict.match(people, stated, same=[("crm:1", "crm:2")])
    assert len(groups(decided)) == 1, "what people decide goes first"


def test_a_customer_number_is_unique_within_its_source(duckdb_engine: Engine) -> None:
    names = ["crm:1", "shopify:1", "till:1", "till:2"]
    stated = [
        *all_state(names[:2], email="ann@post.nl"),
        *all_state(names[2:], email="bob@post.nl"),
        *(row for name in names for row in states(name, customer_number=f"{name}00")),
    ]
    shop = Shop(duckdb_engine, rules={"customer_number": IdentifierSettings(unique=True)})
    tied = groups(shop.resolve([person(name) for name in names], stated))
    assert tied == {frozenset(names[:2]), frozenset({"till:1"}), frozenset({"till:2"})}


def test_kinds_tie_in_the_order_of_their_priority(duckdb_engine: Engine) -> None:
    people = [
        person("crm:1", "Ann", last_name="Smit"),
        person("crm:2", "Ann", last_name="Smit"),
        person("crm:3", "Bob", last_name="Bos"),
    ]
    stated = [
        *all_state(["crm:1", "crm:2"], email="ann@post.nl", loyalty_card="2600015"),
        *all_state(["crm:2", "crm:3"], order="1001"),
    ]
    usual, own = (
        Shop(duckdb_engine),
        Shop(duckdb_engine, rules={"email": IdentifierSettings(priority=1)}),
    )
    usual.resolve(people, stated)
    own.resolve(people, stated)
    assert {row["rule"] for row in usual.links} == {"loyalty_card", "alone"}
    assert {row["rule"] for row in own.links} == {"email", "alone"}


def test_what_ties_first_decides_which_second_value_is_refused(duckdb_engine: Engine) -> None:
    people = [person(f"crm:{n}") for n in (1, 2, 3)]
    stated = [
        *all_state(["crm:1", "crm:2"], email="ann@post.nl"),
        *all_state(["crm:2", "crm:3"], order="1001"),
        *states("crm:1", loyalty_card="2600015"),
        *states("crm:3", loyalty_card="2600016"),
    ]
    email, order = (
        Shop(duckdb_engine, rules={**UNIQUE, kind: IdentifierSettings(priority=1)})
        for kind in ("email", "order")
    )
    assert groups(email.resolve(people, stated)) == {
        frozenset({"crm:1", "crm:2"}),
        frozenset({"crm:3"}),
    }
    assert groups(order.resolve(people, stated)) == {
        frozenset({"crm:1"}),
        frozenset({"crm:2", "crm:3"}),
    }
