"""Rows out of zip files, Parquet files, workbooks and databases are repaired as those of text are."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from klantreis import Workspace

MAPPING = """
{head}
[[table]]
table = "products"
columns = {{ product_id = "nr", name = "naam", price_amount = "{price}" }}
"""
DATABASE = """
[connection]
url = "sqlite:///shop.db"
[[file]]
name = "artikelen"
from_table = "artikelen"
key = "nr"
[[file.table]]
table = "products"
[file.table.columns]
product_id = "nr"
name = "naam"
price_amount = "prijs"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.create(tmp_path / "shop")
    made.close()
    with (made.folder / "klantreis.toml").open("a", encoding="utf-8") as settings:
        settings.write('[sources.artikelen]\nconnector = "mapping"\nmapping = "m.toml"\n')
    (made.folder / "exports" / "artikelen").mkdir()
    with Workspace.open(made.folder) as workspace:
        mapped(workspace)
        yield workspace


def mapped(shop: Workspace, head: str = "", price: str = "prijs") -> None:
    (shop.folder / "m.toml").write_text(MAPPING.format(head=head, price=price), encoding="utf-8")


def place(shop: Workspace, name: str) -> Path:
    return shop.folder / "exports" / "artikelen" / name


def repaired(shop: Workspace, value: str) -> dict[str, Any]:
    """Prices by product after the only value that was put aside was repaired."""
    assert shop.import_exports().problems == ()
    [entry] = shop.repairs.aside()
    done = shop.repairs.repair({entry["quarantine_id"]: value}, by="ann")
    assert (done.loaded, done.problems) == (1, ())
    assert shop.repairs.aside() == []
    assert shop.import_exports().files == 0
    return prices(shop)


def prices(shop: Workspace) -> dict[str, Any]:
    return {
        row["product_id"]: row["price_amount"]
        for part in shop.state.import_parts()
        if part.table_name == "products"
        for path in shop.store.absolute(part.files)
        for row in pq.read_table(path).to_pylist()
    }


def test_a_row_of_a_file_in_a_zip_file(shop: Workspace) -> None:
    packed = place(shop, "alles.zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("map/a.csv", "nr;naam;prijs\nA;Vaas;veel\nB;Kan;2,50\n")
    before = packed.read_bytes()
    assert repaired(shop, "12,50") == {"A": Decimal("12.5000"), "B": Decimal("2.5000")}
    assert packed.read_bytes() == before
    assert not list((shop.store.folder / "spill").glob("repair-*"))


def test_a_zip_file_that_changed_since_is_told_of(shop: Workspace) -> None:
    packed = place(shop, "alles.zip")
    for content in ("nr;naam;prijs\nA;Vaas;veel\n", "nr;naam;prijs\nA;Vaas;wat\n"):
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.csv", content)
        if content.endswith("veel\n"):
            shop.import_exports()
    [entry] = shop.repairs.aside()
    done = shop.repairs.repair({entry["quarantine_id"]: "1"}, by="ann")
    assert "not here any more" in done.problems[0].reason


@pytest.mark.parametrize("dtype", [pa.string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_text_in_a_parquet_file(shop: Workspace, dtype: pa.DataType) -> None:
    rows = pa.table(
        {"nr": ["A", "B"], "naam": ["Vaas", "Kan"], "prijs": pa.array(["veel", "2.50"]).cast(dtype)}
    )
    pq.write_table(rows, place(shop, "a.parquet"), row_group_size=1)
    assert repaired(shop, "12.50") == {"A": Decimal("12.5000"), "B": Decimal("2.5000")}


def test_a_field_of_a_structure_in_a_parquet_file(shop: Workspace) -> None:
    mapped(shop, price="prijs.bedrag")
    records = [
        {"nr": "A", "naam": "Vaas", "prijs": {"munt": "EUR", "bedrag": "veel"}},
        {"nr": "B", "naam": "Kan", "prijs": {"munt": "EUR", "bedrag": "2.50"}},
    ]
    pq.write_table(pa.Table.from_pylist(records), place(shop, "a.parquet"))
    assert repaired(shop, "12.50") == {"A": Decimal("12.5000"), "B": Decimal("2.5000")}


def test_a_number_in_a_parquet_file_stays_a_number(shop: Workspace) -> None:
    rows = pa.table({"nr": ["A", "B"], "naam": ["Vaas", "Kan"], "prijs": [float("inf"), 2.5]})
    pq.write_table(rows, place(shop, "a.parquet"))
    assert shop.import_exports().problems == ()
    [entry] = shop.repairs.aside()
    wrong = shop.repairs.repair({entry["quarantine_id"]: "duur"}, by="ann")
    assert "Not a value of this column in prijs: got duur; allowed: double" in (
        wrong.problems[0].reason
    )
    assert repaired(shop, "1.212,50") == {"A": Decimal("1212.5000"), "B": Decimal("2.5000")}


def test_a_row_of_a_database_also_when_it_was_asked_again(shop: Workspace) -> None:
    (shop.folder / "m.toml").write_text(DATABASE, encoding="utf-8")
    with sqlite3.connect(shop.folder / "shop.db") as database:
        database.execute("CREATE TABLE artikelen (nr TEXT, naam TEXT, prijs TEXT)")
        database.execute("INSERT INTO artikelen VALUES ('A', 'Vaas', 'veel'), ('B', 'Kan', '2.50')")
    assert repaired(shop, "12.50") == {"A": Decimal("12.5000"), "B": Decimal("2.5000")}
    with sqlite3.connect(shop.folder / "shop.db") as database:
        database.execute("INSERT INTO artikelen VALUES ('C', 'Bord', 'wat')")
    shop.import_exports()
    assert [row["found"] for row in shop.repairs.aside()] == ["wat"]
    [before] = shop.repairs.aside()
    with sqlite3.connect(shop.folder / "shop.db") as database:
        database.execute("INSERT INTO artikelen VALUES ('D', 'Mok', '3')")
    shop.import_exports()
    done = shop.repairs.repair({before["quarantine_id"]: "4.50"}, by="ann")
    assert "The database was asked again since" in done.problems[0].reason
    [_, anew] = sorted(shop.repairs.aside(), key=lambda row: row["imported_at"])
    assert shop.repairs.repair({anew["quarantine_id"]: "4.50"}, by="ann").loaded == 1


def test_a_value_and_a_whole_row_of_a_sheet_below_a_title(shop: Workspace) -> None:
    mapped(shop, head="heading = 2")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Prijzen")
    for row in (
        ("Prijslijst",),
        ("nr", "naam", "prijs"),
        ("A", "Vaas", "veel"),
        ("B", "K", "2", "x"),
    ):
        sheet.append(row)
    book.save(place(shop, "a.xlsx"))
    assert shop.import_exports().problems == ()
    values = {
        row["quarantine_id"]: "12.50" if row["column"] else "B;Kan;2.50"
        for row in shop.repairs.aside()
    }
    assert shop.repairs.repair(values, by="ann").loaded == 2
    assert prices(shop) == {"A": Decimal("12.5000"), "B": Decimal("2.5000")}


@pytest.mark.parametrize("heading", [2, 0])
def test_a_text_file_with_its_names_elsewhere_or_without(shop: Workspace, heading: int) -> None:
    head = f'separator = ";"\nheading = {heading}'
    content = "nr;naam;prijs\nA;Vaas;veel\nB;Kan;2,50\n"
    if heading:
        mapped(shop, head=head)
        content = "Prijslijst;;\n" + content
    else:
        text = MAPPING.format(head=head, price="column 3")
        named = text.replace('"nr"', '"column 1"').replace('"naam"', '"column 2"')
        (shop.folder / "m.toml").write_text(named, encoding="utf-8")
        content = content.split("\n", 1)[1]
    place(shop, "a.csv").write_text(content, encoding="utf-8")
    assert repaired(shop, "12,50") == {"A": Decimal("12.5000"), "B": Decimal("2.5000")}
