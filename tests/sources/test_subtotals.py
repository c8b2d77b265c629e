"""Totals of groups between the rows of a report are told, and never counted; no record is dropped."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.sources.mapping import source as mapping
from klantreis.sources.reading.subtotals import subtotals
from tests.sources.files import export_file, log_of, mapped, rows_of, taken, written
from tests.sources.test_titles import text, workbook

SALES = """
[[table]]
table = "orders"
[table.columns]
order_id = "Bon"
ordered_at = "Datum"
total_amount = "Bedrag"
kind = { value = "sale" }
status = { value = "completed" }
channel = { value = "store" }
"""
HEAD = ("Datum", "Bon", "Artikel", "Bedrag")
APRIL = (("01-04-2026", "1", "Lamp", "10,50"), ("02-04-2026", "2", "Total Gel 500 ml", "1.000,00"))
MAY = (("03-05-2026", "3", "Vaas", "3,00"), ("04-05-2026", "4", "Totaal bril", "4,00"))
REPORT = (
    HEAD,
    *APRIL,
    ("Totaal april", "", "", "1.010,50"),
    *MAY,
    ("Totaal mei", "", "", "7,00"),
    ("Eindtotaal", "", "", "1.017,50"),
)
TOTALS = [(4, "total"), (7, "total"), (8, "total")]


def _table(*rows: tuple[str, ...]) -> pa.Table:
    columns = zip(*rows[1:], strict=True)
    return pa.table(
        {
            name: pa.array([cell or None for cell in cells], pa.string())
            for name, cells in zip(rows[0], columns, strict=True)
        }
    )


def test_totals_of_groups_in_a_text_report_are_told_and_never_counted(tmp_path: Path) -> None:
    parts = mapped(tmp_path, SALES, text(*REPORT))
    log, tables = log_of(parts)["orders"], rows_of(parts)
    assert sum(row["total_amount"] for row in tables["orders"]) == Decimal("1017.50")
    assert (log.rows_read, log.rows_loaded, log.rows_quarantined) == (7, 4, 3)
    assert [(row["line"], row["reason"]) for row in tables["quarantine"]] == TOTALS
    assert tables["quarantine"][0]["row"] == "Totaal april;;;1.010,50"


def test_totals_of_groups_in_a_workbook_are_told_and_never_counted(tmp_path: Path) -> None:
    written(tmp_path / "mapping.toml", SALES)
    file = workbook(tmp_path / "data.xlsx", *REPORT)
    tables = rows_of(
        taken(mapping, [export_file(file, mapping="mapping.toml")], tmp_path / "parts")
    )
    assert len(tables["orders"]) == 4
    assert [(row["line"], row["reason"]) for row in tables["quarantine"]] == TOTALS


def test_totals_of_groups_are_records_where_the_mapping_says_so(tmp_path: Path) -> None:
    parts = mapped(tmp_path, 'totals = "read"\n' + SALES, text(*REPORT))
    assert all(row["reason"] != "total" for row in rows_of(parts)["quarantine"])


@pytest.mark.parametrize(
    "label",
    [
        "Totaal april", "Total April", "April Total", "april totaal", "Subtotaal", "Subtotal:",
        "Totaal week 14", "Totaal van 2026-04", "Totaal 01-04-2026", "Q2 2026 Total", "Total for May",
        "Totaal woensdag", "TOTAAL Lamp", "Lamp totaal",
    ],
)  # fmt: skip
def test_a_group_is_named_by_period_or_by_what_its_rows_state(label: str) -> None:
    assert subtotals(_table(HEAD, *APRIL, (label, "", "", "8"), *MAY)) == (2,)


def test_another_name_tells_a_total_only_where_the_sum_is_right() -> None:
    for amount, expected in (("1.010,50", (2,)), ("1.010,40", ())):
        table = _table(HEAD, *APRIL, ("Totaal filiaal Zuid", "", "", amount), *MAY)
        assert subtotals(table) == expected


@pytest.mark.parametrize(
    "row",
    [
        ("Total Gel 500 ml", "9", "Lamp", "5"),  # holds a text besides
        ("Total Gel 500 ml", "", "", "12,95"),  # no period, not stated above, no sum
        ("Totaal april", "", "", ""),  # says no number
        ("Totaal april", "", "", "veel"),
        ("Totaalbeeld", "", "", "1.010,50"),  # another word
        ("Totally", "", "", "1.010,50"),
        ("Kapitaal", "", "", "1.010,50"),
    ],
)
def test_a_record_that_begins_with_the_word_stays_one(row: tuple[str, ...]) -> None:
    assert subtotals(_table(HEAD, *APRIL, row, *MAY)) == ()


def test_where_every_column_is_filled_word_and_sum_have_to_be_right() -> None:
    head, rows = ("Zoekterm", "Klikken"), (("lamp", "3"), ("vaas", "4"))
    assert subtotals(_table(head, *rows, ("Totaal", "7"), ("kast", "1"))) == (2,)
    assert subtotals(_table(head, *rows, ("total", "8"), ("kast", "1"))) == ()
    assert subtotals(_table(head, *rows, ("total gel", "7"), ("kast", "1"))) == ()
    assert subtotals(_table(head, rows[0], ("total", "3"), ("kast", "1"))) == ()


def test_totals_within_totals_are_found_too() -> None:
    week = (("Totaal Noord", "", "", "1.010,50"), ("Totaal Zuid", "", "", "7,00"))
    both = ("Totaal Nederland", "", "", "1.017,50")
    table = _table(HEAD, *APRIL, week[0], *MAY, week[1], both, ("05-06-2026", "5", "Kast", "1,00"))
    assert subtotals(table) == (2, 5, 6)


NAMES = st.sampled_from(["Lamp", "Total Gel", "Totaal bril", "total", "Vaas", "Totaal"])
RECORDS = st.lists(st.tuples(NAMES, st.integers(1, 40), st.sampled_from(["a", "b"])), max_size=20)


@given(RECORDS)
def test_no_record_that_fills_what_records_fill_is_ever_taken_for_a_total(
    records: list[tuple[str, int, str]],
) -> None:
    table = pa.table(
        {
            "name": pa.array([name for name, _, _ in records], pa.string()),
            "amount": pa.array([str(amount) for _, amount, _ in records], pa.string()),
            "store": pa.array([store for _, _, store in records], pa.string()),
        }
    )
    assert subtotals(table) == ()
