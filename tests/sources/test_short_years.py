"""Dates with two digits for the year: read where all of a file leave no doubt, and told as unsure."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from klantreis.sources import guess, mapping_text, sample_of
from klantreis.sources.mapping import source as mapping
from klantreis.sources.reading.short_years import order_of
from tests.sources.files import IMPORTED_AT, export_file, mapped, rows_of, taken, written

ORDERS = """
time_zone = "UTC"
[[table]]
table = "orders"
[table.columns]
order_id = "{source}:{nr}"
kind = { value = "sale" }
channel = { value = "store" }
status = { value = "completed" }
ordered_at = "datum"
total_amount = { value = "1" }
"""
PERSONS = """
[[table]]
table = "persons"
[table.columns]
person_id = "{source}:{nr}"
birth_on = { from = "datum" }
"""


def read(folder: Path, toml: str, *texts: str) -> dict[str, list[dict[str, object]]]:
    rows = "\n".join(f"{number};{text}" for number, text in enumerate(texts, 1))
    return dict(rows_of(mapped(folder, toml, f"nr;datum\n{rows}\n")))


def days(folder: Path, *texts: str) -> list[str]:
    rows = read(folder, ORDERS, *texts).get("orders", [])
    return [str(row["ordered_at"]) for row in sorted(rows, key=lambda row: str(row["order_id"]))]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["31-12-25", "5-1-26"], ["2025-12-31 00:00:00", "2026-01-05 00:00:00"]),
        (["12/31/25", "1/5/26 14:30"], ["2025-12-31 00:00:00", "2026-01-05 14:30:00"]),
        (["31.12.25 9:05:07", "05.01.26"], ["2025-12-31 09:05:07", "2026-01-05 00:00:00"]),
        (["1/13/26 2:30 PM", "01/05/26 2:30pm"], ["2026-01-13 14:30:00", "2026-01-05 14:30:00"]),
        (["85-12-31", "26-01-05"], ["1985-12-31 00:00:00", "2026-01-05 00:00:00"]),
        # Beside years of four digits these keep what they mean.
        (["31-12-2025", "13-01-26"], ["2025-12-31 00:00:00", "2026-01-13 00:00:00"]),
    ],
)
def test_what_leaves_no_doubt_is_read_without_a_format(
    texts: list[str], expected: list[str], tmp_path: Path
) -> None:
    assert days(tmp_path, *texts) == expected


@pytest.mark.parametrize(
    "texts",
    [
        ["05-01-26", "06-02-26"],  # day or month first?
        ["31/12/25", "12/31/25"],  # both
        ["31-12-25", "01/05/26"],  # written in two ways
        ["26-01-05", "26-01-06", "26-02-20"],  # as it seems with the year first
    ],
)
def test_what_leaves_a_doubt_goes_to_quarantine_as_a_whole(
    texts: list[str], tmp_path: Path
) -> None:
    rows = read(tmp_path, ORDERS, *texts)
    assert "orders" not in rows
    assert [row["found"] for row in rows["quarantine"]] == texts


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ["03/25/2026", "4/2/2026", "12/31/2025 2:30 PM"],
            ["2026-03-25 00:00:00", "2026-04-02 00:00:00", "2025-12-31 14:30:00"],
        ),
        (["03-25-2026", "04-02-2026 09:15", "12-31-2025"], None),
        # The day stands first in any file that shows it, or does not show the month.
        (["25/03/2026", "04/02/2026"], ["2026-03-25 00:00:00", "2026-02-04 00:00:00"]),
        (["05/03/2026", "04/02/2026"], ["2026-03-05 00:00:00", "2026-02-04 00:00:00"]),
    ],
)
def test_months_stand_first_in_a_file_that_can_be_read_in_no_other_way(
    texts: list[str], expected: list[str] | None, tmp_path: Path
) -> None:
    found = days(tmp_path, *texts)
    assert len(found) == len(texts)
    assert expected is None or found == expected


@pytest.mark.parametrize(
    ("texts", "aside"),
    [
        # One alone may be a slip.
        (["03/25/2026", "04/02/2026", "05/06/2026"], ["03/25/2026"]),
        (["03/25/2026", "03/26/2026", "25/03/2026"], ["03/25/2026", "03/26/2026"]),
        (["03/25/2026", "03-26-2026", "04/02/2026"], ["03/25/2026", "03-26-2026"]),
    ],
)
def test_a_month_first_here_and_there_is_put_aside(
    texts: list[str], aside: list[str], tmp_path: Path
) -> None:
    rows = read(tmp_path, ORDERS, *texts)
    assert [row["found"] for row in rows["quarantine"]] == aside
    assert len(rows["orders"]) == len(texts) - len(aside)


def test_a_birth_to_come_with_a_whole_year_is_no_century_ago(tmp_path: Path) -> None:
    texts = ["03/25/1980", "04/26/1985", "12/31/2045"]
    rows = read(tmp_path, PERSONS, *texts)
    assert {row["birth_on"] for row in rows["persons"]} >= {date(1980, 3, 25), date(1985, 4, 26)}
    assert date(1945, 12, 31) not in {row["birth_on"] for row in rows["persons"]}


def test_each_file_is_read_by_its_own_dates(tmp_path: Path) -> None:
    written(tmp_path / "mapping.toml", ORDERS)
    files = [
        export_file(written(tmp_path / name, f"nr;datum\n{text}\n"), mapping="mapping.toml")
        for name, text in (("a.csv", "1;12/31/25"), ("b.csv", "2;31/12/25"), ("c.csv", "3;1/2/25"))
    ]
    rows = rows_of(taken(mapping, files, tmp_path / "parts"))
    assert {row["order_id"]: row["ordered_at"] for row in rows["orders"]} == dict.fromkeys(
        ("shop:1", "shop:2"), datetime(2025, 12, 31)
    )
    assert [row["found"] for row in rows["quarantine"]] == ["1/2/25"]


@pytest.mark.parametrize("form", ["", ', format = ["%d-%m-%Y", "%d-%m-%y"]'])
def test_nobody_is_born_after_the_import(form: str, tmp_path: Path) -> None:
    texts = ["31-12-45", "30-01-26", "31-01-26", "01-02-26", "13-03-1985", "01-01-68", "01-01-69"]
    toml = PERSONS.replace('"datum"', f'"datum"{form}')
    born = {row["person_id"]: row["birth_on"] for row in read(tmp_path, toml, *texts)["persons"]}
    assert IMPORTED_AT.date() == date(2026, 1, 31)
    assert list(born.values()) == [
        date(1945, 12, 31),
        date(2026, 1, 30),
        date(2026, 1, 31),
        date(1926, 2, 1),
        date(1985, 3, 13),
        date(1968, 1, 1),
        date(1969, 1, 1),
    ]


@pytest.mark.parametrize(
    ("numbers", "order", "is_sure"),
    [
        ([(31, 12, 26)], "dmy", True),
        ([(12, 31, 26)], "mdy", True),
        ([(5, 6, 26)], "dmy", False),
        ([(85, 12, 31)], "ymd", True),
        ([(26, 1, 5), (26, 1, 6)], "ymd", False),
        ([(28, 1, 5), (28, 1, 6)], "dmy", True),  # 2028 is to come
    ],
)
def test_the_order_is_told_by_all_dates_together(
    numbers: list[tuple[int, int, int]], order: str, is_sure: bool
) -> None:
    assert order_of(numbers, 2026) == (order, is_sure)


@pytest.mark.parametrize(
    ("texts", "order", "form", "unsure"),
    [
        (["31-12-25", "05-01-26"], "dmy", "%d-%m-%y", {"short_years"}),
        (["12/31/25", "1/5/26"], "mdy", "%m/%d/%y", {"short_years"}),
        (["05-01-26", "06-01-26"], "dmy", "%d-%m-%y", {"short_years", "dates"}),
        (["26-01-05", "26-01-06"], "ymd", "%y-%m-%d", {"short_years", "dates"}),
    ],
)
def test_a_guess_tells_that_the_century_is_unsure(
    texts: list[str], order: str, form: str, unsure: set[str], tmp_path: Path
) -> None:
    rows = "\n".join(f"{n};{text};10,50" for n, text in enumerate(texts))
    file = written(tmp_path / "orders.csv", f"ordernr;datum;totaal\n{rows}\n")
    found = guess(sample_of(file), time_zone="UTC")
    assert (found.row_is, found.date_order) == ("order", order)
    assert set(found.unsure) - {"channel"} == unsure
    assert f'format = ["{form}"]' in mapping_text(found)


def test_who_says_the_order_of_short_dates_is_heard(tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", "ordernr;datum;totaal\n1;05-01-26;10,50\n")
    for order, form in (("ymd", "%y-%m-%d"), ("mdy", "%m-%d-%y"), ("dmy", "%d-%m-%y")):
        found = guess(sample_of(file), time_zone="UTC", date_order=order)  # type: ignore[arg-type]
        assert (found.date_order, "dates" in found.unsure) == (order, False)
        assert f'format = ["{form}"]' in mapping_text(found)
