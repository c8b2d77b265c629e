"""A record is shown as it stands in its file, with its neighbours, whatever the file's form."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from klantreis.engine import Engine
from klantreis.sources import ExportFile, RawRows, raw_rows
from klantreis.sources.mapping import source as mapping
from tests.sources.files import export_file, written

PRODUCTS = """
[[table]]
table = "products"
[table.columns]
product_id = "nr"
name = "naam"
"""
NAMES = {"1": "Lamp", "2": "Vaas", "3": "Kom", "4": "Bord", "5": "Kan", "6": "Stoel"}
RECORDS = [{"nr": nr, "naam": name} for nr, name in NAMES.items()]


def shown(file: ExportFile, key: str, engine: Engine) -> RawRows:
    """The record with a key, found as an import reads it."""
    reading = mapping.read([file], engine)
    table = reading.tables["products"]
    found = engine.fetch(table.filter(table["product_id"] == key).select("line"))
    reading.release()
    return raw_rows(mapping, file, found["line"].to_pylist())


def mapped_file(folder: Path, name: str, content: str | bytes, toml: str = PRODUCTS) -> ExportFile:
    written(folder / "mapping.toml", toml)
    return export_file(written(folder / name, content), mapping="mapping.toml")


def told(rows: RawRows) -> list[tuple[int, str, bool]]:
    return [(row.line, " ".join(" ".join(row.cells).split()), row.is_meant) for row in rows.rows]


@pytest.mark.parametrize("packed", [False, True])
def test_lines_below_titles_and_line_breaks_in_values_are_counted(
    tmp_path: Path, duckdb_engine: Engine, packed: bool
) -> None:
    text = 'Assortiment\n\nnr;naam\n1;"Lamp\nmet kap"\n2;Vaas\n3;"Kom\n\ndiep"\n4;Bord\n5;Kan\n'
    content = gzip.compress(text.encode("utf-16")) if packed else text.encode("cp1252")
    file = mapped_file(tmp_path, "data.csv.gz" if packed else "data.csv", content)
    found = shown(file, "3", duckdb_engine)
    assert found.columns == ("nr", "naam")
    assert found.rows[2].cells == ("3", "Kom\n\ndiep")
    assert told(found) == [
        (4, "1 Lamp met kap", False),
        (6, "2 Vaas", False),
        (7, "3 Kom diep", True),
        (10, "4 Bord", False),
        (11, "5 Kan", False),
    ]


def test_a_row_of_a_sheet_has_its_number_there(tmp_path: Path, duckdb_engine: Engine) -> None:
    book = Workbook()
    sheet = book.create_sheet("Artikelen")
    for row in (["Assortiment"], [], ["nr", "naam"], *([nr, name] for nr, name in NAMES.items())):
        sheet.append(row)
    book.save(tmp_path / "data.xlsx")
    written(tmp_path / "mapping.toml", 'sheet = "Artikelen"\n' + PRODUCTS)
    file = export_file(tmp_path / "data.xlsx", mapping="mapping.toml")
    assert told(shown(file, "1", duckdb_engine)) == [
        (4, "1 Lamp", True),
        (5, "2 Vaas", False),
        (6, "3 Kom", False),
    ]


def test_json_is_shown_by_line_or_by_place_in_its_list(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    lines = "\n".join(map(json.dumps, RECORDS))
    deep = json.dumps({"since": 2026, "data": {"items": RECORDS}}, indent=1)
    in_list = 'format = "json"\nrecords = "data.items"\n' + PRODUCTS
    for name, content, toml in (
        ("a.jsonl", lines, PRODUCTS),
        ("b.json", json.dumps(RECORDS, indent=1), PRODUCTS),
        ("c.json", deep, in_list),
    ):
        found = shown(mapped_file(tmp_path, name, content, toml), "6", duckdb_engine)
        assert not found.columns
        assert [row.line for row in found.rows] == [4, 5, 6]
        assert [json.loads(row.cells[0]) for row in found.rows if row.is_meant] == RECORDS[5:]


def test_a_row_of_parquet_is_found_across_row_groups(tmp_path: Path, duckdb_engine: Engine) -> None:
    written(tmp_path / "mapping.toml", PRODUCTS)
    table = pa.Table.from_pylist([{**one, "maten": {"h": 1}} for one in RECORDS])
    pq.write_table(table, tmp_path / "data.parquet", row_group_size=2)
    file = export_file(tmp_path / "data.parquet", mapping="mapping.toml")
    assert told(shown(file, "3", duckdb_engine)) == [
        (line, f'{line} {NAMES[str(line)]} {{"h": 1}}', line == 3) for line in range(1, 6)
    ]


def test_lines_that_stand_far_off_are_named_only(tmp_path: Path) -> None:
    text = "nr;naam\n" + "".join(f"{n};x\n" for n in range(100))
    found = raw_rows(mapping, mapped_file(tmp_path, "data.csv", text), [3, 5, 90], around=1)
    assert [row.line for row in found.rows] == [2, 3, 4, 5, 6]
    assert [row.line for row in found.rows if row.is_meant] == [3, 5]
    assert found.elsewhere == (90,)
