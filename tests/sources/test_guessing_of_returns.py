"""Lists of what came back, told from lists of orders; the rows that they come to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from klantreis.engine import Engine
from klantreis.sources import ExportFile, mapping_text
from klantreis.sources.reading import read_by_mapping, read_mapping
from tests.sources.guessing import ZONE, guessed, meant, rows_of, written

DUTCH = (
    "RMA;Bestelnummer;Datum retour;Artikelnr;Aantal;Reden;Bedrag retour;E-mail\n"
    "R1;20260001;10-02-2026;8711;1;Te klein;47,96;anna@voorbeeld.nl\n"
    "R2;20260002;15-02-2026;8712;2;Beschadigd;-35,00;bram@voorbeeld.nl\n"
)
ENGLISH = (
    "Return number,Order number,SKU,Quantity,Return reason,Return date,Refund amount,Order date,Return status,Email\n"
    "7,1001,A1,1,Too small,2026-02-10,47.96,2026-02-01,Refunded,anna@example.com\n"
    "7,1001,A2,2,Damaged,2026-02-10,12.50,2026-02-01,Refunded,anna@example.com\n"
    "8,1002,A1,1,Changed mind,2026-02-15,,2026-02-03,Rejected,bram@example.com\n"
)


def test_a_dutch_list_of_returns_becomes_receipts_that_take_orders_back(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "retour.csv", DUTCH)
    found = guessed(file)
    assert (found.row_is, found.lacks) == ("return", ())
    assert set(found.unsure) == {"returned_orders", "channel"}
    assert "Reden" not in meant(found)
    tables = rows_of(file, found, duckdb_engine)
    assert [
        (
            row["order_id"],
            row["refers_to_order_id"],
            row["kind"],
            row["status"],
            row["total_amount"],
        )
        for row in sorted(tables["orders"], key=lambda row: str(row["order_id"]))
    ] == [
        ("shop:return:R1", "shop:20260001", "return", "completed", Decimal("-47.96")),
        ("shop:return:R2", "shop:20260002", "return", "completed", Decimal("-35.00")),
    ]
    assert [
        (row["order_id"], row["product_id"], row["quantity"], row["line_amount"])
        for row in tables["order_lines"]
    ] == [
        ("shop:return:R1", "8711", -1.0, Decimal("-47.96")),
        ("shop:return:R2", "8712", -2.0, Decimal("-35.00")),
    ]
    assert {row["email"] for row in tables["persons"]} == {
        "anna@voorbeeld.nl",
        "bram@voorbeeld.nl",
    }


def test_lines_of_one_return_add_up_on_the_day_of_the_return(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "returns.csv", ENGLISH)
    found = guessed(file)
    assert found.row_is == "return"
    assert "Order date" not in meant(found)
    tables = rows_of(file, found, duckdb_engine)
    assert [
        (row["order_id"], row["ordered_at"], row["status"], row["total_amount"])
        for row in sorted(tables["orders"], key=lambda row: str(row["order_id"]))
    ] == [
        (
            "shop:return:7",
            datetime(2026, 2, 9, 23),
            "completed",
            Decimal("-60.46"),
        ),
        ("shop:return:8", datetime(2026, 2, 14, 23), "cancelled", Decimal(0)),
    ]
    assert [row["line_amount"] for row in tables["order_lines"]] == [
        Decimal("-47.96"),
        Decimal("-12.50"),
        Decimal(0),
    ]


def test_an_amount_of_the_whole_return_on_each_of_its_lines_counts_once(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    text = ENGLISH.replace("47.96", "60.46").replace("12.50", "60.46")
    file = written(tmp_path, "returns.csv", text)
    tables = rows_of(file, guessed(file), duckdb_engine)
    assert [row["total_amount"] for row in tables["orders"]] == [Decimal("-60.46"), Decimal(0)]
    assert not tables.get("order_lines")  # what each line brought is not told


def test_pieces_by_their_price_tell_what_was_paid_back(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    text = (
        "Retournummer;Ordernummer;Retourdatum;Artikel;Aantal;Prijs\n"
        "R1;1;10-02-2026;8711;2;10,00\nR1;1;10-02-2026;8712;1;5,50\n"
    )
    file = written(tmp_path, "retour.csv", text)
    orders = rows_of(file, guessed(file), duckdb_engine)["orders"]
    assert [row["total_amount"] for row in orders] == [Decimal("-25.50")]


def test_returns_without_amounts_count_for_nothing_and_say_so(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    text = (
        "Retournummer;Ordernummer;Artikel;Aantal;Reden;Retourdatum\n"
        "R1;1;8711;1;Te klein;10-02-2026\nR2;2;8712;1;Kapot;13-02-2026\n"
    )
    file = written(tmp_path, "retour.csv", text)
    found = guessed(file)
    assert (found.row_is, "returned_amounts" in found.unsure) == ("return", True)
    tables = rows_of(file, found, duckdb_engine)
    assert {row["total_amount"] for row in tables["orders"]} == {Decimal(0)}
    assert [row["quantity"] for row in tables["order_lines"]] == [-1.0, -1.0]


def test_without_a_number_of_its_own_a_return_is_of_an_order_and_a_day(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    text = "Ordernummer;Retourdatum;Terugbetaald;Reden\n1;10-02-2026;5,00;Kapot\n1;12-02-2026;6,00;Kapot\n"
    file = written(tmp_path, "retour.csv", text)
    orders = rows_of(file, guessed(file), duckdb_engine)["orders"]
    assert [(row["order_id"], row["total_amount"]) for row in orders] == [
        ("shop:return:1:10-02-2026", Decimal("-5.00")),
        ("shop:return:1:12-02-2026", Decimal("-6.00")),
    ]


def test_the_orders_may_be_of_another_source(tmp_path: Path, duckdb_engine: Engine) -> None:
    file = written(tmp_path, "retour.csv", DUTCH)
    text = mapping_text(guessed(file))
    mapping = written(tmp_path, "retour.toml", text)
    said = {"time_zone": ZONE, "orders_source": "webshop"}
    export = ExportFile(file, file.name, "retouren", "f" * 16, said)
    reading = read_by_mapping(read_mapping(mapping), [export], duckdb_engine)
    rows = duckdb_engine.fetch(reading.tables["orders"]).to_pylist()
    reading.release()
    assert {(row["order_id"], row["refers_to_order_id"]) for row in rows} == {
        ("retouren:return:R1", "webshop:20260001"),
        ("retouren:return:R2", "webshop:20260002"),
    }


@pytest.mark.parametrize(
    ("text", "row_is"),
    [
        # Orders of which few came back.
        (
            "Ordernummer;Besteldatum;Totaal;Retourdatum;Terugbetaald\n"
            "1;01-02-2026;50,00;;\n2;02-02-2026;51,00;;\n3;02-02-2026;52,00;09-02-2026;52,00\n",
            "order",
        ),
        (
            "Order number,Order date,Total,RMA,Email\n1,2026-02-01,50.00,,a@b.nl\n2,2026-02-02,5.00,R1,c@d.nl\n",
            "order",
        ),
        # A status that says so, and a reason of something else.
        (
            "Order number,Order date,Total,Status,Reason\n1,2026-02-01,50.00,Returned,Too small\n2,2026-02-02,5.00,Returned,Broken\n",
            "order",
        ),
        # What was lent comes back too.
        ("Lidnummer;Titel;Uitgeleend;Retourdatum\n12;Boek;01-02-2026;22-02-2026\n", "person"),
    ],
)
def test_orders_of_which_some_came_back_are_orders(text: str, row_is: str, tmp_path: Path) -> None:
    assert guessed(written(tmp_path, "lijst.csv", text)).row_is == row_is
