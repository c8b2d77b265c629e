"""Reports: titles above the column names are passed over, totals below the rows are no records."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from klantreis.errors import ChangedColumnsError
from klantreis.sources.mapping import source as mapping
from klantreis.sources.reading.titles import is_total
from tests.sources.files import PRODUCTS, export_file, log_of, mapped, rows_of, taken, written

ROWS = (("SKU", "Naam", "Prijs"), ("A1", "Lamp", "10"), ("A2", "Vaas", "3"))
TITLES = (("Assortiment", "", ""), ("Periode: 1-1-2026 t/m 31-1-2026", "", ""), ("", "", ""))
TOTAL = ("Eindtotaal", "", "13")


def text(*rows: tuple[str, ...]) -> str:
    return "".join(";".join(row) + "\n" for row in rows)


def workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([cell or None for cell in row])
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def test_titles_and_totals_of_a_text_report_are_told_and_never_data(tmp_path: Path) -> None:
    parts = mapped(tmp_path, PRODUCTS, text(*TITLES, *ROWS, TITLES[2], TOTAL, ("Kassa 3.1",)))
    log, tables = log_of(parts)["products"], rows_of(parts)
    assert [row["product_id"] for row in tables["products"]] == ["A1", "A2"]
    assert (log.rows_read, log.rows_loaded, log.rows_quarantined) == (4, 2, 2)
    assert tables["quarantine"][0]["found"] == "Eindtotaal;;13"
    aside = [(row["line"], row["reason"], row["row"]) for row in tables["quarantine"]]
    assert aside == [(8, "total", "Eindtotaal;;13"), (9, "unreadable", "Kassa 3.1")]


def test_titles_totals_and_notes_of_a_workbook_are_told_and_never_data(tmp_path: Path) -> None:
    written(tmp_path / "mapping.toml", PRODUCTS)
    note = ("Gemaakt op 1 februari", "", "")
    file = workbook(tmp_path / "data.xlsx", *TITLES, *ROWS, ("", "", ""), TOTAL, note)
    parts = taken(mapping, [export_file(file, mapping="mapping.toml")], tmp_path / "parts")
    log, tables = log_of(parts)["products"], rows_of(parts)
    assert [row["product_id"] for row in tables["products"]] == ["A1", "A2"]
    assert (log.rows_read, log.rows_loaded, log.rows_quarantined) == (4, 2, 2)
    assert [(row["line"], row["reason"]) for row in tables["quarantine"]] == [
        (8, "total"),
        (9, "total"),
    ]


def test_reports_with_and_without_titles_are_read_together(tmp_path: Path) -> None:
    """Whatever line the mapping names: it is one that somebody saw in an earlier report."""
    written(tmp_path / "mapping.toml", "heading = 4\n" + PRODUCTS)
    for name, rows in (("a", (*TITLES, *ROWS[:2])), ("b", (ROWS[0], ROWS[2]))):
        written(tmp_path / f"{name}.csv", text(*rows))
    files = [export_file(tmp_path / f"{name}.csv", mapping="mapping.toml") for name in "ab"]
    tables = rows_of(taken(mapping, files, tmp_path / "parts"))
    assert {row["product_id"] for row in tables["products"]} == {"A1", "A2"}
    assert "quarantine" not in tables


@pytest.mark.parametrize("above", ["Artikelen\n\n", "Artikelen, prijzen\nPeriode: 1, 2 en 3\n\n\n"])
def test_a_report_of_a_single_row_has_its_titles_too(tmp_path: Path, above: str) -> None:
    parts = mapped(tmp_path, PRODUCTS, above + text(*ROWS[:2]))
    assert [row["product_id"] for row in rows_of(parts)["products"]] == ["A1"]


def test_totals_are_records_where_the_mapping_says_so(tmp_path: Path) -> None:
    parts = mapped(tmp_path, 'totals = "read"\n' + PRODUCTS, text(*ROWS, TOTAL))
    assert log_of(parts)["products"].rows_loaded == 3


def test_a_column_that_is_called_otherwise_is_told_below_titles_too(tmp_path: Path) -> None:
    with pytest.raises(ChangedColumnsError) as refused:
        mapped(tmp_path, PRODUCTS, text(*TITLES, ("SKU", "Naam", "Prijzen"), *ROWS[1:]))
    assert refused.value.lacking == {"Prijs": "Prijzen"}


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("Totaal", True),
        ("TOTAL: Account", True),
        ("Subtotaal:", True),
        ("Grand total", True),
        ("Totaal generaal", True),
        ("Total Gel 500 ml", False),
        ("Totally Lamps", False),
        ("Lamp totaal", False),
    ],
)
def test_only_the_word_itself_tells_a_total(first: str, expected: bool) -> None:
    assert is_total([None, first, "5"]) is expected
