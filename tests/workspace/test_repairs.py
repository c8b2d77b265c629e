"""What was put aside is repaired and sent in again: nothing is lost, doubled or brought back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook, load_workbook

from klantreis import Workspace
from tests.brief import run_briefly

HEADING = "Bonnummer;Filiaal;Kassa;Datum;Tijd;Klantkaart;E-mail;Regel;Artikel;Omschrijving;Aantal;Prijs;Korting;Bedrag;Betaalwijze"
LINES = (
    "B1;F01;1;02-03-2026;10:15:00;2600000000017;;1;A-1;Kussen;2;12,50;0,00;25,00;pin",
    "B2;F01;1;03-03-2026;11:00:00;2600000000017;;1;A-2;Vaas;1;19,95;0,00;abc;pin",
    "B2;F01;1;03-03-2026;11:00:00;2600000000017;;2;A-1;Kussen;1;12,50;0,00;12,50;pin",
    "B3;F02;1;04-13-2026;12:00:00;;ann@voorbeeld.nl;1;A-2;Vaas;1;19,95;0,00;19,95;contant",
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "shop") as workspace:
        write(workspace, "bonnen.csv", LINES)
        workspace.import_exports()
        yield workspace


def write(shop: Workspace, name: str, lines: tuple[str, ...]) -> None:
    till = shop.folder / "exports" / "till"
    till.mkdir(exist_ok=True)
    (till / name).write_text("\r\n".join([HEADING, *lines]) + "\r\n", encoding="cp1252")


def rows(shop: Workspace, table: str) -> list[dict[str, Any]]:
    return [
        row
        for part in shop.state.import_parts()
        if part.table_name == table
        for path in shop.store.absolute(part.files)
        for row in pq.read_table(path).to_pylist()
    ]


def aside(shop: Workspace) -> dict[tuple[int, str], str]:
    return {(row["line"], row["column"]): row["quarantine_id"] for row in shop.repairs.aside()}


def check_counts(shop: Workspace) -> None:
    """For every file and table: rows read = loaded + put aside + doubled; and loaded is there."""
    for part in shop.state.import_parts():
        for line in part.log:
            together = line["rows_loaded"] + line["rows_quarantined"] + line["rows_doubled"]
            assert line["rows_read"] == together, line
        if part.log:
            assert part.rows == sum(line["rows_loaded"] for line in part.log)
            held = [pq.read_metadata(path).num_rows for path in shop.store.absolute(part.files)]
            assert part.rows == sum(held)


def test_a_repaired_value_brings_its_row_and_record_in(shop: Workspace) -> None:
    assert {row["order_id"] for row in rows(shop, "orders")} == {"till:B1"}
    done = shop.repairs.repair({aside(shop)[3, "Bedrag"]: "19,95"}, by="ann")
    assert (done.loaded, done.refused, done.problems) == (1, 0, ())
    orders = {row["order_id"]: row["total_amount"] for row in rows(shop, "orders")}
    assert orders.keys() == {"till:B1", "till:B2"}
    assert float(orders["till:B2"]) == 32.45
    assert len(rows(shop, "order_lines")) == 4
    assert (3, "Bedrag") not in aside(shop)
    check_counts(shop)


def test_what_is_still_wrong_stays_and_both_are_remembered(shop: Workspace) -> None:
    entry = aside(shop)[3, "Bedrag"]
    done = shop.repairs.repair({entry: "veel"}, by="ann")
    assert (done.loaded, done.refused) == (0, 1)
    assert (3, "Bedrag") in aside(shop)
    shop.repairs.repair({entry: "19,95"}, by="bob")
    history = [(one.after, one.is_loaded, one.repaired_by) for one in shop.repairs.history()[entry]]
    assert history == [("veel", False, "ann"), ("19,95", True, "bob")]
    check_counts(shop)


def test_importing_again_neither_brings_it_back_nor_doubles_it(shop: Workspace) -> None:
    shop.repairs.repair({aside(shop)[3, "Bedrag"]: "19,95"}, by="ann")
    assert shop.import_exports().files == 0
    grown = (*LINES, "B4;F02;1;05-03-2026;12:00:00;;;1;A-2;Vaas;1;19,95;0,00;19,95;contant")
    write(shop, "bonnen-later.csv", grown)
    shop.import_exports()
    assert [line for line, column in aside(shop) if column == "Bedrag"] == []
    check_counts(shop)
    run_briefly(shop)
    orders = shop.sql("SELECT order_id, total_amount FROM orders ORDER BY 1").to_pylist()
    assert [(row["order_id"], float(row["total_amount"])) for row in orders] == [
        ("till:B1", 25.0),
        ("till:B2", 32.45),
        ("till:B4", 19.95),
    ]
    imports = shop.sql("SELECT * FROM imports").to_pylist()
    assert all(
        one["rows_read"] == one["rows_loaded"] + one["rows_quarantined"] + one["rows_doubled"]
        for one in imports
    )


def test_a_rule_is_shown_before_it_changes_anything(shop: Workspace) -> None:
    planned = shop.repairs.plan(
        source="till", reason="not_a_number", column="Bedrag", find="abc", put="19,95"
    )
    assert [(one.line, one.before, one.after) for one in planned] == [(3, "abc", "19,95")]
    assert len(rows(shop, "orders")) == 1
    done = shop.repairs.repair({one.quarantine_id: one.after for one in planned}, by="ann")
    assert done.loaded == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_goes_out_is_filled_in_and_comes_back(
    shop: Workspace, ending: str, tmp_path: Path
) -> None:
    file = tmp_path / f"aside.{ending}"
    assert shop.repairs.write_sheet(file) == len(aside(shop))
    if ending == "csv":
        lines = list(csv.reader(file.open(encoding="utf-8-sig"), delimiter=";"))
    else:
        sheet = load_workbook(file).worksheets[0]
        lines = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    for line in lines[1:]:
        line[-1] = "19,95" if line[6] == "abc" else ""
    if ending == "csv":
        with file.open("w", encoding="utf-8-sig", newline="") as text:
            csv.writer(text, delimiter=";").writerows(lines)
    else:
        book = Workbook()
        for line in lines:
            book.worksheets[0].append(line)
        book.save(file)
    assert shop.repairs.repair_sheet(file, by="ann").loaded == 1
    check_counts(shop)


def test_a_field_of_json_lines_is_repaired(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop") as shop:
        folder = shop.folder / "exports" / "mollie"
        folder.mkdir(parents=True)
        payment = {
            "id": "tr_1",
            "status": "paid",
            "method": "ideal",
            "amount": {"value": "veel", "currency": "EUR"},
            "createdAt": "2026-01-02T10:00:00+00:00",
            "metadata": {"order_id": "1001"},
        }
        fine = {**payment, "id": "tr_2", "amount": {"value": "5.00", "currency": "EUR"}}
        (folder / "payments.jsonl").write_text(f"{json.dumps(payment)}\n{json.dumps(fine)}\n")
        assert shop.import_exports().problems == ()
        values = {row["quarantine_id"]: "12.50" for row in shop.repairs.aside()}
        assert shop.repairs.repair(values, by="ann").loaded == 1
        assert {float(row["amount"]) for row in rows(shop, "payments")} == {12.5, 5.0}
        check_counts(shop)


def test_an_export_that_is_gone_cannot_be_repaired_and_says_so(shop: Workspace) -> None:
    entry = aside(shop)[3, "Bedrag"]
    (shop.folder / "exports/till/bonnen.csv").unlink()
    done = shop.repairs.repair({entry: "19,95"}, by="ann")
    assert "not here any more" in done.problems[0].reason
    assert shop.repairs.history() == {}
