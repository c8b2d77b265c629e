"""Renamed columns are read under the names that a mapping knows, whatever the file's form."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from klantreis.sources.mapping import source as mapping
from tests.sources.files import export_file, rows_of, taken, written

TOML = """
columns = ["nr", "prijs"]
[[table]]
table = "products"
columns = { product_id = "nr", name = "naam", price_amount = "prijs" }
"""
NEW = {"prijs": "bedrag"}
RECORDS: list[dict[str, str | float]] = [
    {"nr": "A", "naam": "Vaas", "bedrag": 12.5},
    {"nr": "B", "naam": "Kan", "bedrag": 8},
]


def _csv(path: Path) -> Path:
    return written(path / "x.csv", "nr;naam;bedrag\nA;Vaas;12,50\nB;Kan;8,00\n")


def _sheet(path: Path) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (tuple(RECORDS[0]), *(tuple(one.values()) for one in RECORDS)):
        sheet.append(row)
    book.save(path / "x.xlsx")
    return path / "x.xlsx"


def _lines(path: Path) -> Path:
    return written(path / "x.jsonl", "\n".join(json.dumps(one) for one in RECORDS))


def _document(path: Path) -> Path:
    return written(path / "x.json", json.dumps(RECORDS, indent=1))


def _parquet(path: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(RECORDS), path / "x.parquet")
    return path / "x.parquet"


@pytest.mark.parametrize("make", [_csv, _sheet, _lines, _document, _parquet])
def test_a_renamed_column_is_read(make: object, tmp_path: Path) -> None:
    written(tmp_path / "mapping.toml", TOML)
    file = make(tmp_path)  # type: ignore[operator]
    export = export_file(file, mapping="mapping.toml", renamed=NEW)
    rows = rows_of(taken(mapping, [export], tmp_path / "parts"))["products"]
    assert [(row["product_id"], float(row["price_amount"])) for row in rows] == [
        ("A", 12.5),
        ("B", 8.0),
    ]


def test_files_of_before_and_after_are_read_together(tmp_path: Path) -> None:
    written(tmp_path / "mapping.toml", TOML)
    before = written(tmp_path / "before.csv", "nr;naam;prijs\nC;Bord;3,50\n")
    files = [
        export_file(one, mapping="mapping.toml", renamed=NEW) for one in (before, _csv(tmp_path))
    ]
    rows = rows_of(taken(mapping, files, tmp_path / "parts"))["products"]
    assert {row["product_id"]: float(row["price_amount"]) for row in rows} == {
        "A": 12.5,
        "B": 8.0,
        "C": 3.5,
    }
