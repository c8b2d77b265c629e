"""Exports that somebody opened in a spreadsheet and saved again, before they were handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from klantreis.errors import UnreadableFileError
from klantreis.sources import recognise_source
from tests.sources.files import export_file, log_of, mapped, rows_of, taken, written

FIRST = ("Bonnummer", "Filiaal", "Datum", "Tijd", "Klantkaart", "E-mail", "Regel", "Artikel")
HEADING = (*FIRST, "Omschrijving", "Aantal", "Prijs", "Korting", "Bedrag", "Betaalwijze")
SOLD = datetime(2026, 1, 5), time(14, 22, 11)
RECEIPT = ("B1", "F1", *SOLD, 2612345678901, None, 1, "H1", "Lamp", 2, 59.95, 0, 119.9, "PIN")
TEXT = "B1;F1;05-01-2026;14:22:11;2612345678901;;1;H1;Lamp;2;59,95;0,00;119,90;PIN"


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def receipts(path: Path) -> dict[str, list[dict[str, Any]]]:
    file = export_file(path, "till")
    tables = rows_of(taken(recognise_source(file), [file], path.parent / path.stem))
    return {name: [{**row, "file_id": ""} for row in rows] for name, rows in tables.items()}


@pytest.mark.parametrize(
    "sheets",
    [
        {"Export": [HEADING, RECEIPT]},
        {"Uitleg": [["Gemaakt door Jan"]], "Export": [HEADING, RECEIPT]},
        {"Export": [["Bonnen van januari"], [], HEADING, RECEIPT], "Draaitabel": [["Totaal", 1]]},
    ],
    ids=["alone", "on the second sheet", "below a title"],
)
def test_a_text_export_saved_as_a_workbook_gives_the_same(
    tmp_path: Path, sheets: dict[str, Sequence[Sequence[Any]]]
) -> None:
    saved = receipts(workbook(tmp_path / "saved.xlsx", sheets))
    as_it_was = receipts(written(tmp_path / "original.csv", f"{';'.join(HEADING)}\n{TEXT}\n"))
    assert saved == as_it_was
    assert saved["orders"][0]["ordered_at"] == datetime(2026, 1, 5, 13, 22, 11)
    assert saved["orders"][0]["total_amount"] == Decimal("119.9")


def test_a_workbook_with_a_sheet_for_each_month_is_refused_and_not_read_in_part(
    tmp_path: Path,
) -> None:
    months: dict[str, Sequence[Sequence[Any]]] = {
        "Jan": [HEADING, RECEIPT],
        "Feb": [HEADING, RECEIPT],
        "Uitleg": [["Door Jan"]],
    }
    with pytest.raises(UnreadableFileError, match=r"got Jan, Feb; .* save each sheet as a file"):
        receipts(workbook(tmp_path / "year.xlsx", months))


def test_amounts_saved_with_the_other_decimal_sign_than_the_system_writes_are_read(
    tmp_path: Path,
) -> None:
    pointed = TEXT.replace("59,95", "59.95").replace("0,00", "0.00").replace("119,90", "119.90")
    saved = receipts(written(tmp_path / "saved.csv", f"{';'.join(HEADING)}\n{pointed}\n"))
    assert saved["orders"][0]["total_amount"] == Decimal("119.9")


def test_one_amount_with_the_sign_of_the_system_makes_the_other_one_a_mistake(
    tmp_path: Path,
) -> None:
    wrong = TEXT.replace("B1", "B2").replace("119,90", "119.90")
    saved = receipts(written(tmp_path / "saved.csv", f"{';'.join(HEADING)}\n{TEXT}\n{wrong}\n"))
    assert [row["order_id"] for row in saved["orders"]] == ["till:B1"]
    assert {row["found"] for row in saved["quarantine"]} == {"119.90"}


PRODUCTS = """
[[table]]
table = "products"
[table.columns]
product_id = "Artikel"
name = "Naam"
"""


@pytest.mark.parametrize(
    ("content", "loaded", "put_aside"),
    [
        ("Artikel;Naam\nA;Lamp;\nB;Bank;\n", 2, 0),
        ("Artikel;Naam\r\nA;Lamp;;\r\nB;Bank;;\r\nC;Stoel;5;\r\n", 3, 0),
        ("Artikel;Naam\nA;Lamp;extra\nB;Bank\n", 1, 1),
        ("Artikel;Naam\nA;Lamp;\nB;Bank\n", 1, 1),
    ],
    ids=["one", "two", "with something in it", "not on every record"],
)
def test_a_separator_at_the_end_of_each_record_and_not_of_the_heading_is_no_mistake(
    tmp_path: Path, content: str, loaded: int, put_aside: int
) -> None:
    line = log_of(mapped(tmp_path, PRODUCTS, content))["products"]
    assert (line.rows_loaded, line.rows_quarantined) == (loaded, put_aside)


ORDERS = """
[[table]]
table = "orders"
[table.columns]
order_id = "Nr"
kind = { value = "sale" }
channel = { value = "web" }
status = { value = "completed" }
ordered_at = "Op"
total_amount = "Totaal"
"""


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("05.01.2026", datetime(2026, 1, 4, 23)),
        ("05.01.2026 14:22", datetime(2026, 1, 5, 13, 22)),
        ("2026-01-05 2:22:11 PM", datetime(2026, 1, 5, 13, 22, 11)),
        ("05-01-2026 12:05 AM", datetime(2026, 1, 4, 23, 5)),
        ("01/05/2026 2:22 PM", None),
    ],
)
def test_days_with_dots_and_times_of_twelve_hours_are_read_unless_the_month_may_come_first(
    tmp_path: Path, said: str, moment: datetime | None
) -> None:
    rows = rows_of(mapped(tmp_path, ORDERS, f"Nr;Op;Totaal\n1;{said};10,00\n"))
    assert [row["ordered_at"] for row in rows.get("orders", [])] == ([moment] if moment else [])
