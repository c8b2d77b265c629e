"""Files with columns that have the same heading: never silently the wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from klantreis.engine import Engine
from klantreis.sources import guess, sample_of
from tests.sources.files import mapped
from tests.sources.files import rows_of as rows_taken
from tests.sources.guessing import ZONE, guessed, meant, rows_of, written

TWINS = "Klantnr;Naam;Naam;E-mail\n1;Anna;de Vries;a@b.nl\n2;Bram;Bos;b@b.nl\n"
MAPPING = """
[[table]]
table = "persons"
[table.columns]
person_id = "{source}:{Klantnr}"
first_name = "Naam"
last_name = "Naam (2)"
"""


def test_the_guess_says_that_there_are_more_and_which_is_used(tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "relaties.csv", TWINS))
    assert "same_headings" in found.unsure
    assert [one.column for one in found.columns] == ["Klantnr", "Naam", "Naam (2)", "E-mail"]
    assert meant(found)["Naam"] == "full_name"
    assert "Naam (2)" not in meant(found)


def test_who_says_what_the_second_means_is_heard(tmp_path: Path, duckdb_engine: Engine) -> None:
    file = written(tmp_path, "relaties.csv", TWINS)
    said = {"Naam": "first_name", "Naam (2)": "last_name"}
    found = guess(sample_of(file), time_zone=ZONE, row_is="person", said=said)
    persons = rows_of(file, found, duckdb_engine)["persons"]
    names = {(row["first_name"], row["last_name"]) for row in persons}
    assert names == {("Anna", "de Vries"), ("Bram", "Bos")}


@pytest.mark.parametrize(
    "text",
    [
        "Klantnr;Naam;E-mail\n1;Anna Bos;a@b.nl\n2;Bram Bos;b@b.nl\n",
        # The same twice, nothing in it, or neither of them used.
        "Klantnr;Naam;Naam;E-mail\n1;Anna Bos;Anna Bos;a@b.nl\n2;Bram Bos;Bram Bos;b@b.nl\n",
        "Klantnr;Naam;Naam;E-mail\n1;Anna Bos;;a@b.nl\n2;Bram Bos;;b@b.nl\n",
        "Klantnr;Veld;Veld;E-mail\n1;x;y;a@b.nl\n2;z;w;b@b.nl\n",
    ],
)
def test_what_makes_no_difference_is_no_doubt(text: str, tmp_path: Path) -> None:
    assert "same_headings" not in guessed(written(tmp_path, "relaties.csv", text)).unsure


def test_a_mapping_names_the_second_in_text_and_in_sheets(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet_of_twins = book.create_sheet()
    for line in TWINS.splitlines():
        sheet_of_twins.append(line.split(";"))
    book.save(tmp_path / "boek.xlsx")
    sheet = (tmp_path / "boek.xlsx").read_bytes()
    for content, name in ((TWINS, "relaties.csv"), (sheet, "relaties.xlsx")):
        rows = rows_taken(mapped(tmp_path / name.replace(".", "_"), MAPPING, content, name))
        names = [(row["first_name"], row["last_name"]) for row in rows["persons"]]
        assert names == [("Anna", "de Vries"), ("Bram", "Bos")]
