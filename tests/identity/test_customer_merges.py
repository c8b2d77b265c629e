from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from klantreis.engine import Engine
from tests.identity.people import NOW, Shop, all_state, person
from tests.rows import Row

FIRST, SECOND, THIRD = datetime(2026, 1, 1), datetime(2026, 1, 2), datetime(2026, 1, 3)


def trio(name: str) -> list[Row]:
    """Three records, the first the oldest."""
    moments = (FIRST, SECOND, THIRD)
    return [person(f"{name}:{n}", created_at=at) for n, at in enumerate(moments, start=1)]


def tied(name: str, *numbers: int) -> list[Row]:
    return all_state([f"{name}:{n}" for n in numbers], email=f"{name}@post.nl")


SHOPS = [row for name in ("merge", "chain", "undo", "split", "gone") for row in trio(name)]
WITHOUT_GONE = [row for row in SHOPS if row["person_id"] not in ("gone:2", "gone:3")]
IN_THE_END = [*tied("merge", 1, 2), *tied("chain", 1, 2, 3), *tied("split", 2, 3)]
# Shops of three records each, in four runs: the records, and what ties them.
RUNS: list[tuple[list[Row], list[Row]]] = [
    (SHOPS, tied("split", 1, 2, 3)),
    (
        SHOPS,
        [
            *tied("merge", 1, 2),
            *tied("chain", 2, 3),
            *tied("undo", 1, 2),
            *tied("split", 2, 3),
            *tied("gone", 2, 3),
        ],
    ),
    (WITHOUT_GONE, IN_THE_END),
    ([*WITHOUT_GONE, person("late:1")], IN_THE_END),
]


@dataclass
class History:
    """Numbers of the records and where old numbers lead, after each run."""

    numbers: list[dict[str, int]] = field(default_factory=list)
    leads: list[dict[int, int]] = field(default_factory=list)


@pytest.fixture(scope="module")
def history(duckdb_engine: Engine) -> History:
    shop, told = Shop(duckdb_engine), History()
    for persons, identifiers in RUNS:
        numbers = shop.resolve(persons, identifiers)
        told.numbers.append({name: number for name, number in numbers.items() if number})
        told.leads.append(shop.resolves())
        assert {row["merged_at"] for row in shop.merges} <= {NOW}
    return told


def test_of_two_customers_that_turn_out_to_be_one_the_oldest_number_stays(
    history: History,
) -> None:
    before, after = history.numbers[0], history.numbers[1]
    assert after["merge:1"] == after["merge:2"] == before["merge:1"] < before["merge:2"]
    assert after["merge:3"] == before["merge:3"]
    assert history.leads[1][before["merge:2"]] == before["merge:1"]


def test_a_chain_of_merges_leads_to_the_number_in_use_in_one_step(history: History) -> None:
    first = history.numbers[0]
    assert history.leads[1][first["chain:3"]] == first["chain:2"]
    assert history.leads[2][first["chain:3"]] == first["chain:1"]
    assert history.leads[2][first["chain:2"]] == first["chain:1"]


def test_who_falls_apart_again_gets_the_number_back_of_before_the_merge(history: History) -> None:
    first, merged, undone = history.numbers[:3]
    assert merged["undo:1"] == merged["undo:2"] == first["undo:1"]
    assert history.leads[1][first["undo:2"]] == first["undo:1"]
    assert (undone["undo:1"], undone["undo:2"]) == (first["undo:1"], first["undo:2"])
    assert first["undo:2"] not in history.leads[2], "it leads nowhere: it is in use"


def test_a_number_remembers_its_records_that_are_still_there(duckdb_engine: Engine) -> None:
    shop, pair = Shop(duckdb_engine), trio("x")
    shop.resolve(pair, tied("x", 2, 3))
    shop.resolve(pair, tied("x", 1, 2, 3))
    assert [(row["old_customer_id"], row["person_ids"]) for row in shop.merges] == [
        (2, ["x:2", "x:3"])
    ]
    shop.resolve(pair[:2], tied("x", 1, 2))
    assert shop.merges[0]["person_ids"] == ["x:2"], "who was erased is not remembered"


def test_a_merge_of_before_numbers_had_a_memory_goes_on_leading(duckdb_engine: Engine) -> None:
    shop, pair = Shop(duckdb_engine), trio("x")
    shop.resolve(pair, tied("x", 2, 3))
    went = {"old_customer_id": 9, "customer_id": 2, "merged_at": NOW, "person_ids": None}
    shop.tables["customer_merges"] = [went]
    shop.resolve(pair, tied("x", 1, 2, 3))
    assert shop.resolves() == {2: 1, 9: 1}


def test_when_a_customer_falls_apart_the_oldest_record_keeps_the_number(history: History) -> None:
    together, apart = history.numbers[0], history.numbers[1]
    assert apart["split:1"] == together["split:1"] == together["split:2"]
    assert apart["split:2"] == apart["split:3"]
    assert apart["split:2"] not in together.values()


def test_a_number_whose_records_were_taken_out_leads_to_itself(history: History) -> None:
    first = history.numbers[0]
    gone, merged_before = first["gone:2"], first["gone:3"]
    assert history.leads[2][gone] == gone
    assert history.leads[2][merged_before] == gone


def test_no_number_is_ever_given_twice(history: History) -> None:
    used = {number for numbers in history.numbers[:3] for number in numbers.values()}
    assert history.numbers[3]["late:1"] == max(used) + 1


def test_nothing_changes_where_nothing_changed(history: History) -> None:
    before, after = history.numbers[2], history.numbers[3]
    assert {p: n for p, n in after.items() if p != "late:1"} == before
    assert history.leads[3] == history.leads[2]


def test_a_number_of_who_turns_out_to_be_nobody_is_retired(duckdb_engine: Engine) -> None:
    shop = Shop(duckdb_engine)
    staff_card = all_state(["till:card:26"], loyalty_card="2600015")
    many = [row for n in range(7) for row in all_state(["till:card:26"], email=f"{n}@post.nl")]
    people = [person("crm:1", created_at=FIRST), person("till:card:26", created_at=SECOND)]
    assert shop.resolve(people, staff_card) == {"crm:1": 1, "till:card:26": 2}
    numbers = shop.resolve([*people, person("crm:2", created_at=THIRD)], [*staff_card, *many])
    assert numbers == {"crm:1": 1, "till:card:26": None, "crm:2": 3}
    assert shop.resolves() == {2: 2}
