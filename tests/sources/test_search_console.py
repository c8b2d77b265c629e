"""Search Console: reports that are dated by their own name, and their other pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from klantreis.sources.search_console import source as search_console
from tests.sources.files import SAMPLES, export_file, log_of, rows_of, taken, written


def test_a_report_of_search_console_is_dated_by_its_own_name(tmp_path: Path) -> None:
    sample = (SAMPLES / "search_console" / "Zoekopdrachten.csv").read_bytes()
    report = tmp_path / "example.nl-Performance-on-Search-2026-01-31" / "Zoekopdrachten.csv"
    export = export_file(written(report, sample))
    named = replace(export, shown_path=f"exports/google/{report.parent.name}.zip/{report.name}")
    rows = rows_of(taken(search_console, [named], tmp_path / "parts"))["search_terms"]
    assert {(row["span"], row["ends_on"]) for row in rows} == {("period", date(2026, 1, 31))}
    book = Workbook()
    book.active.title = "Diagram"  # type: ignore[union-attr]
    sheet = book.create_sheet("Zoekopdrachten")
    for line in sample.decode().splitlines()[:-1]:
        sheet.append(line.split(","))
    book.save(tmp_path / "example.nl-Performance-on-Search-2026-02-28.xlsx")
    export = export_file(tmp_path / "example.nl-Performance-on-Search-2026-02-28.xlsx")
    assert search_console.recognise(export) >= 0.5
    rows = rows_of(taken(search_console, [export], tmp_path / "more"))["search_terms"]
    assert {(row["impressions"] > 200, row["ends_on"]) for row in rows} == {
        (True, date(2026, 2, 28))
    }


def test_the_rest_of_the_report_is_known_and_tells_of_no_terms(tmp_path: Path) -> None:
    for name in ("Pagina's.csv", "Filters.csv"):
        export = export_file(SAMPLES / "search_console" / name)
        assert search_console.recognise(export) >= 0.5
        parts = taken(search_console, [export], tmp_path / name)
        assert log_of(parts)["search_terms"].rows_read == 0
