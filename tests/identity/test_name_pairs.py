"""Records with nothing but a name: whose they are, learnt from how many namesakes chance would bring."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, person, states
from tests.rows import Row

# Names that sound like nobody else's, so that only the same name is the same name.
STARTS = ("Bram", "Cleo", "Dirk", "Fenna", "Gijs", "Hilde", "Joost", "Karin", "Lotte", "Mark")
MIDDLES = ("", "alda", "efon", "irut", "opik", "uzem")
FIRSTS = [start + middle for middle in MIDDLES for start in STARTS]
LASTS = [
    start + end
    for end in ("berg", "dijk", "huizen", "kamp", "meer", "stra")
    for start in ("Ad", "Bol", "Cuy", "Dam", "Elk", "Fop", "Gro", "Hij", "Kin", "Lim")
]
CUSTOMERS, SUBSCRIBERS, GUESTS = 300, 64, 80
STRANGERS = 12  # the last of the subscribers: nobody's namesake
BEGUN = datetime(2018, 1, 1)


def customer(number: int, person_id: str = "", **more: Any) -> Row:
    """A customer of the loyalty programme, with a name that no other has."""
    told = {
        "last_name": LASTS[(number * 7 + number // 60) % 60],
        "birth_on": date(1950, 1, 1) + timedelta(days=number * 61),
        "postcode": f"{1100 + number * 13} XB",
        "created_at": BEGUN + timedelta(days=number * 5),
    }
    return person(person_id or f"crm:{number}", FIRSTS[number % 60], **told | more)


def only_name(person_id: str, of: Row, days: int = 10, **more: Any) -> Row:
    """A record with no more than the name of a customer, made some days later."""
    told = {name: of[name] for name in ("first_name", "last_name")}
    return person(person_id, created_at=of["created_at"] + timedelta(days=days), **told | more)


def subscribers() -> list[Row]:
    """Most are customers, whose names they bear; the last are nobody's namesakes."""
    known = SUBSCRIBERS - STRANGERS
    return [
        *(only_name(f"mail:{number}", customer(number)) for number in range(known)),
        *(
            only_name(
                f"mail:{number}", customer(number), first_name=f"Quinto{'abcdefghijkl'[place]}"
            )
            for place, number in enumerate(range(known, SUBSCRIBERS))
        ),
    ]


def guests() -> list[Row]:
    """Names drawn as those of the customers are, and none of them is one."""
    made = BEGUN + timedelta(days=2000)
    return [
        person(
            f"panel:{number}",
            FIRSTS[number * 11 % 60],
            last_name=LASTS[(number * 13 + 5) % 60],
            created_at=made + timedelta(days=number),
        )
        for number in range(GUESTS)
    ]


TWIN, SHARED, NEAR, YEAR = 100, 110, 120, 130
SPECIAL = [
    # Two customers of one name, both as long ago: it may be either.
    customer(TWIN, "crm:twin", birth_on=date(1999, 2, 3), postcode="9999 ZZ"),
    only_name("mail:either", customer(TWIN)),
    # Two subscribers of one name, and one customer.
    only_name("mail:one", customer(SHARED)),
    only_name("mail:other", customer(SHARED), days=12),
    # Two customers of one name, of whom one came years later than the subscriber.
    customer(
        NEAR,
        "crm:later",
        birth_on=date(1999, 7, 8),
        postcode="9998 ZZ",
        created_at=BEGUN + timedelta(days=NEAR * 5 + 2500),
    ),
    only_name("mail:near", customer(NEAR)),
    only_name("mail:born", customer(YEAR)),
]
STATED = [
    *states("mail:born", email="someone.72@mail.example"),
    *(
        row
        for number in range(20)
        for row in states(
            f"mail:{number}",
            email=f"x{chr(97 + number)}.{customer(number)['birth_on']:%y}@mail.example",
        )
    ),
]


@pytest.fixture(scope="module")
def shop(duckdb_engine: Engine) -> Shop:
    shop = Shop(duckdb_engine)
    every = [customer(number) for number in range(CUSTOMERS)]
    shop.customer_of = shop.match([*every, *subscribers(), *guests(), *SPECIAL], STATED)
    return shop


def learnt(shop: Shop, source: str, fact: str) -> dict[str, dict[str, Any]]:
    rows = shop.tables["name_doubles"]
    return {row["level"]: row for row in rows if (row["source"], row["fact"]) == (source, fact)}


def pair(shop: Shop, one: str, other: str) -> dict[str, Any] | None:
    ends = tuple(sorted((one, other)))
    return next(
        (r for r in shop.matches if (r["left_person_id"], r["right_person_id"]) == ends), None
    )


def test_how_many_have_a_double_is_learnt_from_namesakes_beyond_chance(shop: Shop) -> None:
    of_mail, of_panel = (
        learnt(shop, source, "double")["elsewhere"] for source in ("mail", "panel")
    )
    assert of_mail["pairs"] == pytest.approx(SUBSCRIBERS - STRANGERS + 4, abs=4)
    assert of_mail["m"] > 0.6
    assert of_panel["pairs"] < 2
    assert of_panel["m"] < 0.05


def test_a_subscriber_is_the_only_customer_of_a_rare_name(shop: Shop) -> None:
    whose = shop.customer_of
    known = SUBSCRIBERS - STRANGERS
    found = [whose[f"mail:{number}"] == whose[f"crm:{number}"] for number in range(known)]
    assert sum(found) > 0.9 * known


def test_guests_who_bear_the_name_of_a_customer_by_chance_are_nobody(shop: Shop) -> None:
    names = {(row["first_name"], row["last_name"]) for row in map(customer, range(CUSTOMERS))}
    namesakes = [row for row in guests() if (row["first_name"], row["last_name"]) in names]
    assert len(namesakes) > 3
    customers = {whose for name, whose in shop.customer_of.items() if name.startswith("crm")}
    assert not {shop.customer_of[row["person_id"]] for row in namesakes} & customers


def test_of_two_customers_of_one_name_it_may_be_either(shop: Shop) -> None:
    either = [pair(shop, "mail:either", other) for other in (f"crm:{TWIN}", "crm:twin")]
    assert all(row and row["band"] == "doubtful" for row in either)
    assert sum(row["probability"] for row in either if row) <= 1
    assert all(row["weight_rivals"] < -0.5 for row in either if row)


def test_two_subscribers_of_one_name_are_not_both_the_one_customer(shop: Shop) -> None:
    whose = shop.customer_of
    assert len({whose["mail:one"], whose["mail:other"], whose[f"crm:{SHARED}"]}) == 3


def test_the_moment_tells_between_namesakes(shop: Shop) -> None:
    moment = learnt(shop, "mail", "moment")
    assert moment["month_after"]["match_weight"] > 2
    assert moment["over_a_year_before"]["match_weight"] < 0
    whose = shop.customer_of
    assert whose["mail:near"] == whose[f"crm:{NEAR}"] != whose["crm:later"]


def test_figures_in_the_address_are_weighed_as_a_year_of_birth(shop: Shop) -> None:
    assert learnt(shop, "mail", "born")["same"]["match_weight"] > 2
    row = pair(shop, "mail:born", f"crm:{YEAR}")
    assert customer(YEAR)["birth_on"].year == 1971
    assert row is None or row["weight_born"] < 0


def test_the_weights_of_such_a_pair_add_up(shop: Shop) -> None:
    row = pair(shop, "mail:3", "crm:3")
    assert row
    assert row["weight_moment"] > 0
    assert row["weight_place"] is None
    parts = [row[name] for name in row if name.startswith("weight_") and row[name] is not None]
    assert row["match_weight"] == pytest.approx(sum(parts))


def test_within_one_source_names_are_left_to_the_usual_fields(duckdb_engine: Engine) -> None:
    shop = Shop(duckdb_engine)
    rows = [*map(customer, range(CUSTOMERS)), *subscribers()]
    shop.match([{**row, "source": "crm"} for row in rows])
    assert not shop.tables["name_doubles"]


def test_who_comes_later_is_a_rival_too(duckdb_engine: Engine) -> None:
    every = [*map(customer, range(CUSTOMERS)), *subscribers()]
    growing = Shop(duckdb_engine, goes_on=True)
    before = growing.match(every)
    assert before["mail:5"] == before["crm:5"]
    namesake = customer(5, "crm:namesake", birth_on=date(2001, 1, 1), postcode="9997 ZZ")
    after = growing.match([*every, namesake])
    assert len({after["mail:5"], after["crm:5"], after["crm:namesake"]}) == 3
    assert after["mail:6"] == after["crm:6"] == before["crm:6"]
