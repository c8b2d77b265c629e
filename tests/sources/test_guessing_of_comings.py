"""Who came when, and nothing else: purchases where people come back, with the doubt told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from klantreis.engine import Engine
from tests.sources.guessing import guessed, meant, rows_of, written

COMINGS = "customer_id,date\n1,2026-01-05\n2,2026-01-06\n1,2026-02-01\n2,2026-03-01\n3,2026-03-02\n"


def test_ids_that_come_back_with_other_dates_are_purchases_of_nothing(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "lijst.csv", COMINGS)
    found = guessed(file)
    assert (found.row_is, found.lacks) == ("order", ())
    assert "amounts" in found.unsure
    assert meant(found) == {"customer_id": "customer_number", "date": "occurred_at"}
    orders = rows_of(file, found, duckdb_engine)["orders"]
    assert sorted(str(row["person_id"]) for row in orders) == [f"shop:{n}" for n in (1, 1, 2, 2, 3)]
    assert {row["total_amount"] for row in orders} == {Decimal(0)}
    assert {row["kind"] for row in orders} == {"sale"}


@pytest.mark.parametrize(
    "text",
    [
        # Nobody comes back, or with the same date only: a list of people.
        "customer_id,date\n1,2026-01-05\n2,2026-01-06\n3,2026-01-07\n",
        "customer_id,date\n1,2026-01-05\n1,2026-01-05\n2,2026-01-06\n2,2026-01-06\n",
        # One of many came back: rather a slip.
        "email,datum\n"
        + "".join(f"a{n}@b.nl,2026-01-05\n" for n in range(99))
        + "a1@b.nl,2026-02-05\n",
    ],
)
def test_a_list_in_which_hardly_anybody_comes_back_is_one_of_people(
    text: str, tmp_path: Path
) -> None:
    found = guessed(written(tmp_path, "lijst.csv", text))
    assert (found.row_is, "amounts" in found.unsure) == ("person", False)


def test_a_number_that_could_be_the_amount_is_asked_for(tmp_path: Path) -> None:
    lines = [f"{line},{n}.50" for n, line in enumerate(COMINGS.splitlines()[1:])]
    text = "customer_id,date,waarde x\n" + "\n".join(lines)
    found = guessed(written(tmp_path, "lijst.csv", text))
    assert (found.row_is, found.lacks) == ("order", ("orders.total_amount",))
    assert "amounts" not in found.unsure
    said = guessed(tmp_path / "lijst.csv", said={"waarde x": "total_amount"}, row_is="order")
    assert (said.lacks, "amounts" in said.unsure) == ((), False)


def test_who_says_that_it_is_a_list_of_people_is_heard(tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "lijst.csv", COMINGS), row_is="person")
    assert (found.row_is, "amounts" in found.unsure) == ("person", False)
