"""Lists within the rows of JSON and Parquet: order lines are read, other lists are told."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klantreis.engine import Engine
from tests.sources.guessing import guessed, meant, rows_of, written

Order = dict[str, Any]
ARTICLES = ("Tafel", "Stoel", "Lamp", "Kast")


def order(number: int, *, lines: int, total: float | None = None) -> Order:
    told: Order = {} if total is None else {"total": total}
    return {
        "order_number": f"W{1000 + number}",
        "created_at": f"2026-03-{number % 28 + 1:02}T10:00:00+01:00",
        "customer": {"email": f"k{number % 7}@post.nl"},
        "status": "paid",
        **told,
        "lines": [
            {
                "sku": f"A{(number + place) % 4}",
                "name": ARTICLES[(number + place) % 4],
                "quantity": place + 1,
                "price": 10.5 + number,
            }
            for place in range(lines)
        ],
    }


def made(folder: Path, layout: str, orders: list[Order]) -> Path:
    if layout == "parquet":
        file = folder / "bestellingen.parquet"
        pq.write_table(pa.Table.from_pylist(orders), file)
        return file
    text = {
        "list": json.dumps(orders),
        "document": json.dumps({"orders": orders}),
        "lines": "".join(json.dumps(one) + "\n" for one in orders),
    }[layout]
    return written(folder, "bestellingen.json", text)


@pytest.mark.parametrize("layout", ["list", "document", "lines", "parquet"])
def test_lines_in_a_list_within_each_order_are_order_lines(
    tmp_path: Path, layout: str, duckdb_engine: Engine
) -> None:
    orders = [order(n, lines=n % 3, total=99.0 + n) for n in range(30)]
    file = made(tmp_path, layout, orders)
    found = guessed(file)
    rows = rows_of(file, found, duckdb_engine)
    assert found.row_is == "order_line"
    assert "lists" not in found.unsure
    # Also those without lines.
    assert {row["order_id"]: row["total_amount"] for row in rows["orders"]} == {
        f"shop:W{1000 + n}": Decimal(99 + n) for n in range(30)
    }
    assert sorted(
        (row["order_line_id"], row["product_id"], row["product_name"], row["line_amount"])
        for row in rows["order_lines"]
    ) == sorted(
        (
            f"shop:{one['order_number']}:{place}",
            line["sku"],
            line["name"],
            Decimal(str(line["quantity"] * line["price"])),
        )
        for one in orders
        for place, line in enumerate(one["lines"], start=1)
    )
    assert {row["product_id"] for row in rows["products"]} == {"A0", "A1", "A2", "A3"}
    assert {row["email"] for row in rows["persons"]} == {f"k{n}@post.nl" for n in range(7)}


def test_an_order_that_tells_no_total_is_the_sum_of_its_lines(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = made(tmp_path, "list", [order(n, lines=2) for n in range(20)])
    rows = rows_of(file, guessed(file), duckdb_engine)
    assert {row["order_id"]: row["total_amount"] for row in rows["orders"]} == {
        f"shop:W{1000 + n}": Decimal(str(3 * (10.5 + n))) for n in range(20)
    }


def test_the_total_of_a_line_is_not_that_of_the_order(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    orders = [order(n, lines=2, total=50.0 + n) for n in range(20)]
    for one in orders:
        for line in one["lines"]:
            line["total"] = line["quantity"] * line.pop("price")
    file = made(tmp_path, "list", orders)
    found = guessed(file)
    assert meant(found)["lines[].total"] == "line_amount"
    assert meant(found)["total"] == "total_amount"
    lines = rows_of(file, found, duckdb_engine)["order_lines"]
    assert sum(Decimal(str(row["line_amount"])) for row in lines) == Decimal(
        str(sum(line["total"] for one in orders for line in one["lines"]))
    )


def test_a_bare_id_beside_the_number_of_an_order_is_no_customers(tmp_path: Path) -> None:
    orders = [
        {"id": 9000 + n, "customerNumber": f"K{n % 5}", **order(n, lines=2, total=9.5)}
        for n in range(20)
    ]
    found = meant(guessed(made(tmp_path, "list", orders)))
    assert "id" not in found
    assert found["customerNumber"] == "customer_number"


def test_a_bare_id_that_comes_back_is_the_customers(tmp_path: Path) -> None:
    orders = [{"id": 9000 + n % 5, **order(n, lines=2, total=9.5)} for n in range(20)]
    assert meant(guessed(made(tmp_path, "list", orders)))["id"] == "customer_number"


def test_who_says_that_a_row_is_an_order_gets_orders_and_hears_of_the_list(tmp_path: Path) -> None:
    file = made(tmp_path, "list", [order(n, lines=2, total=9.5) for n in range(20)])
    found = guessed(file, row_is="order")
    assert "lists" in found.unsure
    assert not any("[]" in column for column in meant(found))


def test_what_somebody_said_of_a_field_of_a_line_holds(tmp_path: Path) -> None:
    file = made(tmp_path, "list", [order(n, lines=2, total=9.5) for n in range(20)])
    found = guessed(file, said={"lines[].name": "category", "nothing here": "email"})
    assert meant(found)["lines[].name"] == "category"


def test_a_list_of_something_else_is_not_read_and_told(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    people = [
        {
            "klantnummer": f"K{n}",
            "voornaam": "Anna",
            "achternaam": f"Bakker{n}",
            "email": f"a{n}@post.nl",
            "adressen": [{"straat": "Laan", "huisnummer": n, "plaats": "Delft"}] * (n % 3),
        }
        for n in range(20)
    ]
    file = written(tmp_path, "klanten.json", json.dumps(people))
    found = guessed(file)
    assert (found.row_is, "lists" in found.unsure) == ("person", True)
    assert len(rows_of(file, found, duckdb_engine)["persons"]) == 20
