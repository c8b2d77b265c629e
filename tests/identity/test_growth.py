"""New, changed and removed records among many that are resolved already."""

from __future__ import annotations

from copy import copy

import pytest

from klantreis.engine import Engine
from tests.identity.people import Shop, all_state, groups, states
from tests.identity.test_matches import OTHERS, STATED, jan, two_by_two
from tests.rows import Row

BRIDGE = [jan(f"{source}:bridge", first_name="Bo") for source in ("crm", "shop", "till")]


def stages() -> list[tuple[list[Row], list[Row]]]:
    """What is known at one time after another: persons and identifiers."""
    people = [*two_by_two(), *OTHERS]
    first = [row for place, row in enumerate(people) if place % 8 != 7]
    said = [*STATED, *states("crm:bridge", email="bo@huis.nl")]
    bridged = [*said, *all_state(("crm:bridge", "till:bridge"), email="bo2@huis.nl")]
    changed = [
        {**row, "last_name": "Anders", "birth_on": None} if place % 7 == 6 else row
        for place, row in enumerate(people[3:])
    ]
    return [
        ([*first, *BRIDGE[:1]], said),
        ([*people, *BRIDGE], bridged),
        ([*changed, *BRIDGE[1:]], STATED),
    ]


def whole(persons: list[Row], identifiers: list[Row], engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.customer_of = shop.match(persons, identifiers)
    return shop


pytestmark = pytest.mark.xdist_group("growth")


@pytest.fixture(scope="module")
def grown(duckdb_engine: Engine) -> list[Shop]:
    """The same shop at each time."""
    shop, seen = Shop(duckdb_engine, goes_on=True), []
    for known in stages():
        shop.customer_of = shop.match(*known)
        seen.append(copy(shop))
    return seen


def test_what_came_bit_by_bit_is_resolved_as_if_it_had_come_at_once(grown: list[Shop]) -> None:
    for shop, known in list(zip(grown, stages(), strict=True))[1:]:
        assert shop.model == grown[0].model, "it has gone on, not begun anew"
        assert groups(shop.customer_of) == groups(whole(*known, shop.engine).customer_of)


def test_who_was_known_keeps_the_number_or_goes_over_into_an_older_one(grown: list[Shop]) -> None:
    first, second, _ = grown
    for person_id, number in first.customer_of.items():
        now = second.customer_of[person_id]
        assert number is not None
        assert now is not None
        assert now <= number
