"""Sets of person records: names of columns that no shop writes, and births in three columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from klantreis.engine import Engine
from klantreis.sources import mapping_text
from tests.sources import files
from tests.sources.guessing import guessed, meant, rows_of, written

LINKAGE = """\
fname_c1,fname_c2,lname_c1,lname_c2,by,bm,bd
CARSTEN,,MEIER,,1949,7,22
GERD,,BAUER,,1968,7,27
ROBERT,,HARTMANN,MUELLER,1930,4,30
"""
DUTCH = """\
Relatienr;Voornaam;Achternaam;Geboortedag;Geboortemaand;Geboortejaar
1;Anna;Vries;31;12;80
2;Bram;Bos;1;2;26
3;Chris;Dam;0;0;75
"""
ENGLISH = """\
rec_id,given_name,surname_1,dob_day,dob_month,dob_year,postcode
r1,Ann,Smith,5,Jan,1980,2600
r2,Bo,Jones,17,March,1975,2601
"""


def born(rows: list[dict[str, object]]) -> list[object]:
    return [row["birth_on"] for row in rows]


def test_names_with_the_number_of_a_column_behind_them_are_known(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "people.csv", LINKAGE)
    found = guessed(file)
    assert found.row_is == "person"
    assert meant(found) == {
        "fname_c1": "first_name",
        "lname_c1": "last_name",
        "by": "birth_year",
        "bm": "birth_month",
        "bd": "birth_day",
    }
    persons = rows_of(file, found, duckdb_engine)["persons"]
    assert sorted(map(str, born(persons))) == ["1930-04-30", "1949-07-22", "1968-07-27"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DUTCH.replace("3;Chris;Dam;0;0;75\n", ""), [date(1980, 12, 31), date(2026, 2, 1)]),
        (ENGLISH, [date(1980, 1, 5), date(1975, 3, 17)]),
    ],
)
def test_a_birth_in_three_columns_is_one_date(
    text: str, expected: list[date], tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "people.csv", text)
    found = guessed(file)
    assert {"birth_day", "birth_month", "birth_year"} <= set(meant(found).values())
    persons = rows_of(file, found, duckdb_engine)["persons"]
    assert born(sorted(persons, key=lambda row: str(row["person_id"]))) == expected


def test_an_unknown_day_is_put_aside_and_its_person_is_kept(tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "people.csv", DUTCH))
    rows = files.rows_of(files.mapped(tmp_path, mapping_text(found), DUTCH, "people.csv"))
    assert {row["person_id"]: row["birth_on"] for row in rows["persons"]}["shop:3"] is None
    [aside] = rows["quarantine"]
    assert (aside["line"], aside["found"]) == (4, "75-0-0")
    assert aside["column"] == "Geboortejaar, Geboortemaand, Geboortedag"


def test_a_year_alone_is_no_day_and_one_column_with_the_whole_date_goes_before(
    tmp_path: Path,
) -> None:
    alone = written(tmp_path, "a.csv", "email,birth_year\nann@voorbeeld.nl,1980\n")
    assert meant(guessed(alone)) == {"email": "email"}
    whole = "email,dob,dob_day,dob_month,dob_year\nann@voorbeeld.nl,1980-12-31,31,12,1980\n"
    both = written(tmp_path, "b.csv", whole)
    assert meant(guessed(both)) == {"email": "email", "dob": "birth_on"}


DUTCH_LIST = """\
Naam;Adres;Postcode/plaats;Tel.;Mail
Mevr. J. van der Berg-de Wit;Lange Nieuwstraat 12-bis;3512 PH  Utrecht;030-2345678;jb@voorbeeld.nl
Hr. K. Jansen;Dorpsweg 4 A;1234AB AMSTERDAM;+31 6 12 34 56 78;kj@voorbeeld.nl
Fam. Pietersen;Kerkplein 1;9711 LM Groningen;;
"""
FILED_LIST = """\
Relatienr;Naam;Adres
1;Berg, J. van der;Lange Nieuwstraat 12-bis, 3512 PH Utrecht
2;Vries, Anna de;Hoofdstraat 100, 2000 Antwerpen
"""


def test_a_list_of_names_and_addresses_as_people_keep_it(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    """Titles are no first names, and nobody is lost who has a name and an address alone."""
    file = written(tmp_path, "leden.csv", DUTCH_LIST)
    persons = rows_of(file, guessed(file), duckdb_engine)["persons"]
    persons.sort(key=lambda row: str(row["postcode"]), reverse=True)
    parts = ("first_name", "last_name", "gender", "street", "postcode", "city")
    assert [tuple(row[part] for part in parts) for row in persons] == [
        (None, "Pietersen", None, "Kerkplein 1", "9711 LM", "Groningen"),
        ("J.", "van der Berg-de Wit", "female", "Lange Nieuwstraat 12-bis", "3512 PH", "Utrecht"),
        ("K.", "Jansen", "male", "Dorpsweg 4 A", "1234AB", "AMSTERDAM"),
    ]
    assert len({row["person_id"] for row in persons}) == 3


def test_an_address_in_one_column_is_parted(tmp_path: Path, duckdb_engine: Engine) -> None:
    file = written(tmp_path, "relaties.csv", FILED_LIST)
    persons = rows_of(file, guessed(file), duckdb_engine)["persons"]
    persons.sort(key=lambda row: str(row["person_id"]))
    parts = ("first_name", "last_name", "street", "postcode", "city")
    assert [tuple(row[part] for part in parts) for row in persons] == [
        ("J.", "van der Berg", "Lange Nieuwstraat 12-bis", "3512 PH", "Utrecht"),
        ("Anna", "de Vries", "Hoofdstraat 100", "2000", "Antwerpen"),
    ]


def test_that_nobody_knows_whether_somebody_may_be_mailed_is_nothing_said(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    said = ["ja", "nee", "onbekend", "", "onbekend"]
    lines = [f"{n};k{n}@x.nl;{word};1{n}-02-2025" for n, word in enumerate(said)]
    text = "\n".join(["klantnummer;email;nieuwsbrief;ingeschreven op", *lines, ""])
    file = written(tmp_path, "klanten.csv", text)
    consents = rows_of(file, guessed(file), duckdb_engine)["consents"]
    assert {row["person_id"]: row["is_granted"] for row in consents} == {
        "shop:0": True,
        "shop:1": False,
    }
