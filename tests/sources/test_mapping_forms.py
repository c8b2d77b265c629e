"""The same mapping reads every form of file, and what lies deeper in it."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from openpyxl import Workbook

from klantreis.errors import SettingsError, UnreadableFileError
from klantreis.sources.reading import read_mapping
from tests.sources.files import PRODUCTS, log_of, mapped, rows_of, written


@pytest.mark.parametrize("name", ["data.xlsx", "data.json", "data.parquet", "data.csv"])
def test_the_same_mapping_reads_every_kind_of_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    rows: list[dict[str, object]] = [
        {"SKU": "A1", "Naam": "Lamp", "Prijs": 12.5},
        {"SKU": "A2", "Naam": None, "Prijs": 7},
    ]
    if name.endswith("xlsx"):
        book = xlsxwriter.Workbook(file)
        sheet = book.add_worksheet("Artikelen")
        sheet.write_row(1, 0, list(rows[0]))
        for place, row in enumerate(rows):
            sheet.write_row(2 + place, 0, list(row.values()))
        book.close()
    elif name.endswith("json"):
        written(file, json.dumps(rows, indent=1))
    elif name.endswith("parquet"):
        pq.write_table(pa.Table.from_pylist(rows), file)
    else:
        written(file, "SKU;Naam;Prijs\nA1;Lamp;12,50\nA2;;7,00\n")
    parts = mapped(tmp_path, PRODUCTS, file.read_bytes(), name)
    assert [
        (r["product_id"], r["name"], r["price_amount"]) for r in rows_of(parts)["products"]
    ] == [
        ("A1", "Lamp", Decimal("12.5000")),
        ("A2", None, Decimal("7.0000")),
    ]


def test_dates_in_a_sheet_are_read_whatever_format_the_mapping_names(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "data.xlsx")
    sheet = book.add_worksheet()
    style = book.add_format({"num_format": "dd-mm-yyyy"})
    sheet.write_row(0, 0, ["Artikel", "Filiaal", "Datum", "Aantal"])
    sheet.write_row(1, 0, ["A1", "F1"])
    sheet.write_datetime(1, 2, datetime(2026, 1, 5), style)
    sheet.write_number(1, 3, 4)
    sheet.write_row(2, 0, ["A2", "F1", "06-01-2026", 5])
    book.close()
    toml = """
[[table]]
table = "stock_levels"
[table.columns]
product_id = "Artikel"
location_id = "Filiaal"
counted_on = { from = "Datum", format = "%d-%m-%Y" }
quantity = "Aantal"
"""
    parts = mapped(tmp_path, toml, (tmp_path / "data.xlsx").read_bytes(), "data.xlsx")
    assert [str(row["counted_on"]) for row in rows_of(parts)["stock_levels"]] == [
        "2026-01-05",
        "2026-01-06",
    ]


def test_nested_json_is_reached_by_paths(tmp_path: Path) -> None:
    toml = """
format = "json"
records = "data.items"
[[table]]
table = "products"
[table.columns]
product_id = "sku"
name = "title.nl"
brand = "$.shop"
category = "fields[key=category].value"
price_amount = { from = "price", default = "0" }
"""
    document = {
        "shop": "Haard",
        "data": {
            "items": [
                {
                    "sku": "A1",
                    "title": {"nl": "Lamp"},
                    "price": "1.012,50",
                    "fields": [{"key": "x"}, {"key": "category", "value": "Wonen"}],
                },
                {"sku": "A2", "price": None},
            ]
        },
    }
    rows = rows_of(mapped(tmp_path, toml, json.dumps(document), "data.json"))["products"]
    assert [(r["product_id"], r["name"], r["brand"], r["category"]) for r in rows] == [
        ("A1", "Lamp", "Haard", "Wonen"),
        ("A2", None, "Haard", None),
    ]
    assert [row["price_amount"] for row in rows] == [Decimal("1012.5"), Decimal(0)]


BASKETS = """
format = "json"
columns = ["id"]

[[table]]
table = "order_lines"
each = "basket.lines"
[table.columns]
order_line_id = "{source}:{id}:{number}"
order_id = "{source}:{id}"
product_id = "basket.lines[].product.sku"
quantity = "basket.lines[].pieces"
line_amount = { calculate = "{basket.lines[].pieces} * {basket.lines[].price}" }
"""


def test_each_element_of_a_list_becomes_a_row_of_its_own(tmp_path: Path) -> None:
    baskets = [
        {"id": 1, "basket": {"lines": [line("A", 2, 1.5), line("B", 1, 3)]}},
        {"id": 2, "basket": {"lines": []}},
        {"id": 3, "basket": {}},
        {"id": 4, "basket": {"lines": [line("C", "veel", 1), {"price": 2, "pieces": 1}]}},
    ]
    parts = mapped(tmp_path, BASKETS, json.dumps(baskets), "baskets.json")
    lines = rows_of(parts)["order_lines"]
    assert [(x["order_line_id"], x["product_id"], float(x["line_amount"])) for x in lines] == [
        ("shop:1:1", "A", 3.0),
        ("shop:1:2", "B", 3.0),
        ("shop:4:2", None, 2.0),
    ]
    (aside,) = {(r["line"], r["column"], r["found"]) for r in rows_of(parts)["quarantine"]}
    assert aside == (4, "basket.lines[].pieces", "veel")


def line(sku: str, pieces: object, price: float) -> dict[str, object]:
    return {"product": {"sku": sku}, "pieces": pieces, "price": price}


def test_the_elements_of_a_list_in_a_parquet_file_become_rows(tmp_path: Path) -> None:
    toml = BASKETS.replace("basket.lines", "lines").replace("product.sku", "sku")
    toml = toml.replace('"json"', '"parquet"')
    table = pa.table({"id": ["7"], "lines": [[{"sku": "A", "pieces": 2, "price": 1.25}]]})
    pq.write_table(table, tmp_path / "made.parquet")
    parts = mapped(tmp_path, toml, (tmp_path / "made.parquet").read_bytes(), "baskets.parquet")
    (row,) = rows_of(parts)["order_lines"]
    assert (row["order_line_id"], row["product_id"], row["line_amount"]) == (
        "shop:7:1",
        "A",
        Decimal("2.5000"),
    )


def test_an_element_of_another_list_is_refused(tmp_path: Path) -> None:
    toml = BASKETS.replace('each = "basket.lines"', 'each = "basket.goods"')
    file = written(tmp_path / "mapping.toml", toml)
    with pytest.raises(SettingsError, match=r"basket\.lines"):
        read_mapping(file)


def test_another_sheet_than_the_first_is_read_and_a_lacking_one_told(tmp_path: Path) -> None:
    toml = """
sheet = "Artikelen"
[[table]]
table = "products"
columns = { product_id = "nr", name = "naam" }
"""
    book = Workbook(write_only=True)
    for title, rows in (
        ("Omslag", [("Over dit bestand",)]),
        ("Artikelen", [("nr", "naam"), (1, "Vaas")]),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    content = (tmp_path / "book.xlsx").read_bytes()
    parts = mapped(tmp_path, toml, content, "data.xlsx")
    assert [row["name"] for row in rows_of(parts)["products"]] == ["Vaas"]
    assert log_of(parts)["products"].headings == ("nr", "naam")
    with pytest.raises(UnreadableFileError, match="with a sheet 'Voorraad'"):
        mapped(tmp_path, toml.replace("Artikelen", "Voorraad"), content, "data.xlsx")


RECORDS = [{"nr": "A", "naam": "Vaas"}, {"nr": "B", "naam": "Kan"}]


@pytest.mark.parametrize("form", ["", 'format = "json_lines"'])
@pytest.mark.parametrize(
    "content",
    [
        "\n".join(map(json.dumps, RECORDS)),
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]",
        "[" + ",\n".join(map(json.dumps, RECORDS)) + "]",
    ],
    ids=["lines", "one line", "indented", "a record on each line", "brackets on the lines"],
)
def test_records_in_json_are_found_however_they_are_laid_out(
    form: str, content: str, tmp_path: Path
) -> None:
    toml = f"""
{form}
columns = ["nr", "naam"]
[[table]]
table = "products"
columns = {{ product_id = "nr", name = "naam" }}
"""
    parts = mapped(tmp_path, toml, content, "data.json")
    assert [row["name"] for row in rows_of(parts)["products"]] == ["Vaas", "Kan"]
