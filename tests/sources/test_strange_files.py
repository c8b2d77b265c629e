"""Strange files: what can be read is read, what cannot is told in words, and no row is lost."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from klantreis.errors import UnreadableFileError
from klantreis.sources import members_of
from klantreis.sources.guessing.moments import moments_of
from klantreis.sources.mapping import source as mapping
from tests.sources.files import export_file, log_of, mapped, rows_of, taken, written

ORDERS = """
[[table]]
table = "orders"
[table.columns]
order_id = "{source}:{bon}"
kind = { value = "sale" }
channel = { value = "store" }
ordered_at = "datum"
status = { value = "completed" }
total_amount = "bedrag"
"""


def test_months_may_be_named_in_dutch_or_english(tmp_path: Path) -> None:
    said = ("5 januari 2026", "5 mrt. 2026 om 09:15", "Mei 1, 2026", "05-OKT-2026", "31 feb 2026")
    text = "bon;datum;bedrag\n" + "".join(f"{n};{day};1\n" for n, day in enumerate(said))
    parts = mapped(tmp_path, ORDERS, text)
    assert {row["order_id"]: row["ordered_at"] for row in rows_of(parts)["orders"]} == {
        "shop:0": datetime(2026, 1, 4, 23),
        "shop:1": datetime(2026, 3, 5, 8, 15),
        "shop:2": datetime(2026, 4, 30, 22),
        "shop:3": datetime(2026, 10, 4, 22),
    }
    assert [row["found"] for row in rows_of(parts)["quarantine"]] == ["31 feb 2026"]
    found = moments_of(["5 januari 2026 09:15", "12 mei 2026 10:00"])
    assert found is not None
    assert (found.formats, found.has_clock) == ((), True)


def test_a_moment_may_name_its_offset_without_seconds(tmp_path: Path) -> None:
    parts = mapped(
        tmp_path, ORDERS, "bon;datum;bedrag\n1;2026-07-01T10:00Z;1\n2;2026-07-01 12:00+02:00;1\n"
    )
    assert {row["ordered_at"] for row in rows_of(parts)["orders"]} == {datetime(2026, 7, 1, 10)}


def test_a_sheet_may_hold_days_as_numbers_and_numbers_as_text(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows = (
        ("bon", "datum", "bedrag"),
        ("A", 45000, 12.5),
        ("B", 45000.75, "1.012,50"),
        ("C", datetime(2026, 1, 5, 14, 30), 1),
        ("D", date(2026, 1, 5), "€ 3,-"),
        ("E", 7, 1),
    )
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "data.xlsx")
    written(tmp_path / "mapping.toml", ORDERS)
    file = export_file(tmp_path / "data.xlsx", mapping="mapping.toml")
    parts = taken(mapping, [file], tmp_path / "parts")
    orders = rows_of(parts)["orders"]
    assert {row["order_id"][-1]: (row["ordered_at"], row["total_amount"]) for row in orders} == {
        "A": (datetime(2023, 3, 14, 23), Decimal("12.5")),
        "B": (datetime(2023, 3, 15, 17), Decimal("1012.5")),
        "C": (datetime(2026, 1, 5, 13, 30), Decimal(1)),
        "D": (datetime(2026, 1, 4, 23), Decimal(3)),
    }
    assert [row["found"] for row in rows_of(parts)["quarantine"]] == ["7"]


def test_what_comes_of_a_file_does_not_hang_on_capitals_in_another(tmp_path: Path) -> None:
    written(tmp_path / "mapping.toml", ORDERS)
    for name, text in (
        ("a", "bon;datum;bedrag\n1;2026-01-05;1,50\n"),
        ("b", "BON;Datum;Bedrag\n2;2026-01-05;2,50\n"),
        ("c", "Bon;bon;datum;BEDRAG\nx;3;2026-01-05;3,50\n"),
    ):
        written(tmp_path / f"{name}.csv", text)
    files = [export_file(tmp_path / f"{name}.csv", mapping="mapping.toml") for name in "abc"]
    parts = taken(mapping, files, tmp_path / "parts")
    orders = {row["order_id"]: float(row["total_amount"]) for row in rows_of(parts)["orders"]}
    assert orders == {"shop:1": 1.5, "shop:2": 2.5, "shop:3": 3.5}
    assert log_of(parts)["orders"].rows_quarantined == 0


@pytest.mark.parametrize(
    ("name", "content", "got"),
    [
        ("a.csv", b"PK\x03\x04xxxx", "a workbook or zip file under another name"),
        ("a.zip", b"PK\x03\x04xxxx", "a zip file in a zip file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "an old workbook (.xls)"),
        ("a.txt", b"%PDF-1.4", "a PDF"),
        ("a.csv", b"\0" * 500, ""),
        ("a.json", b"[]", "no records"),
    ],
)
def test_a_file_of_another_kind_is_told_in_words(
    tmp_path: Path, name: str, content: bytes, got: str
) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        mapped(tmp_path, ORDERS, content, name)
    assert refused.value.parts[2] == got


def test_a_zip_file_with_nothing_in_it_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    with pytest.raises(UnreadableFileError, match="no file"):
        members_of(tmp_path / "a.zip", largest=1_000)
