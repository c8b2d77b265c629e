from __future__ import annotations

import csv
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klantreis.errors import InputError
from klantreis.exporting import export_table

ROWS = pa.table(
    {
        "name": ["Zoë", '=HYPERLINK("http://x")'],
        "revenue_amount": pa.array([Decimal("1234.5000"), None], pa.decimal128(18, 4)),
        "share": [0.25, -0.5],
        "sources": [["crm", "till"], []],
        "last_at": [datetime(2026, 3, 1, 12, 30), None],
    }
)


def test_csv_holds_every_row_and_guards_against_formulas(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    assert export_table(ROWS, file, format="csv") == 2
    first, second = csv.DictReader(file.open(encoding="utf-8"))
    assert (first["name"], first["revenue_amount"], first["sources"]) == (
        "Zoë",
        "1234.5000",
        "crm, till",
    )
    assert second["name"] == '\'=HYPERLINK("http://x")'
    assert float(second["share"]) == -0.5


def test_dutch_csv_opens_in_dutch_excel(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    export_table(ROWS, file, format="csv", is_dutch=True)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    first = next(csv.DictReader(file.open(encoding="utf-8-sig"), delimiter=";"))
    assert (first["name"], first["revenue_amount"], first["share"]) == ("Zoë", "1234,5000", "0,25")


def test_parquet_is_exactly_the_table(tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    export_table(ROWS, file, format="parquet")
    assert pq.read_table(file).equals(ROWS)


def test_json_is_one_object_a_line(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    export_table(ROWS, file, format="json")
    first, second = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    assert (first["name"], first["revenue_amount"], first["sources"]) == (
        "Zoë",
        1234.5,
        ["crm", "till"],
    )
    assert first["last_at"].startswith("2026-03-01T12:30")
    assert second["revenue_amount"] is None


def test_excel_has_numbers_moments_and_text_that_is_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    export_table(ROWS, file, format="xlsx")
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [
        "Zoë",
        1234.5,
        0.25,
        "crm, till",
        datetime(2026, 3, 1, 12, 30),
    ]
    assert sheet["A3"].data_type == "s"


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_text("old")
    too_long = pa.table({"n": pa.nulls(1_048_576, pa.int64())})
    with pytest.raises(InputError, match="csv or parquet"):
        export_table(too_long, file, format="xlsx")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="parquet"):
        export_table(ROWS, tmp_path / "t.doc", format="doc")
