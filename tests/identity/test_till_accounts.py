from __future__ import annotations

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, person, states
from tests.rows import Row

MEMBERS = 1_000


def sales(person_id: str, number: int) -> list[Row]:
    return [
        {"order_id": f"{person_id}:{n}", "source": "till", "person_id": person_id, "kind": "sale"}
        for n in range(number)
    ]


@pytest.mark.parametrize(
    ("members", "purchases", "is_someone"),
    [(MEMBERS, 5, False), (MEMBERS, 3, True), (MEMBERS - 1, 5, True)],
)
def test_a_card_that_nobody_registered_and_that_buys_like_no_member_is_the_tills(
    duckdb_engine: Engine, members: int, purchases: int, is_someone: bool
) -> None:
    cards = [f"crm:{n}" for n in range(members)]
    people = [*(person(card, "Ann") for card in cards), person("till:staff")]
    stated = [row for n, card in enumerate(cards) for row in states(card, loyalty_card=f"26{n:06}")]
    orders = [row for card in cards for row in sales(card, 2)] + sales("till:staff", purchases)
    shop = Shop(duckdb_engine)
    customer_of = shop.resolve(
        people, stated + states("till:staff", loyalty_card="2699999"), orders
    )
    assert (customer_of["till:staff"] is not None) is is_someone
    assert all(customer_of[card] for card in cards)


def test_a_card_becomes_the_tills_by_its_purchases_alone(duckdb_engine: Engine) -> None:
    cards = [f"crm:{n}" for n in range(MEMBERS)]
    people = [*(person(card, "Ann") for card in cards), person("till:a"), person("till:b")]
    stated = [row for n, card in enumerate(cards) for row in states(card, loyalty_card=f"26{n:06}")]
    stated += [*states("till:a", loyalty_card="2699999"), *states("till:b", loyalty_card="2699999")]
    orders = [row for card in cards for row in sales(card, 2)] + sales("till:a", 2)
    shop = Shop(duckdb_engine, goes_on=True)
    before = shop.resolve(people, stated, orders)
    assert before["till:a"] == before["till:b"] is not None
    after = shop.resolve(people, stated, orders + sales("till:b", 5))
    assert after["till:a"] is after["till:b"] is None
    assert after["crm:1"] == before["crm:1"]
