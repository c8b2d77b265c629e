"""Persons in a mapping: what points to them, and how they are called."""

from __future__ import annotations

from pathlib import Path

from tests.sources.files import mapped, rows_of

PERSONS = """
[[table]]
table = "persons"
[table.columns]
person_id = "{source}:{nr}"
last_name = "naam"
email = "mail"
phone = ["mobiel", "vast"]
birth_on = "geboren"
"""


def identifiers_of(folder: Path, toml: str) -> list[tuple[str, str, str]]:
    parts = mapped(
        folder,
        toml,
        "nr;naam;mail;mobiel;vast;geboren;kaart\n"
        "1;Vos;v@x.nl;;010-1234567;1980-05-31;K1\n2;Bos;;;;;\n3;Dekker;d@x.nl;0612345678;;;\n",
    )
    rows = rows_of(parts)["identifiers"]
    return sorted((row["person_id"], row["kind"], row["value"]) for row in rows)


def test_the_address_and_telephone_of_persons_are_identifiers(tmp_path: Path) -> None:
    assert identifiers_of(tmp_path, PERSONS) == [
        ("shop:1", "email", "v@x.nl"),
        ("shop:1", "phone", "010-1234567"),
        ("shop:3", "email", "d@x.nl"),
        ("shop:3", "phone", "0612345678"),
    ]


def test_a_kind_that_the_mapping_states_itself_is_left_to_it(tmp_path: Path) -> None:
    stated = """
[[table]]
table = "identifiers"
unpivot = { loyalty_card = "kaart", mobile = "mobiel" }
[table.columns]
person_id = "{source}:{nr}"
kind = { text = "{label}", values = { mobile = "phone" } }
value = "{value}"
"""
    assert identifiers_of(tmp_path, PERSONS + stated) == [
        ("shop:1", "email", "v@x.nl"),
        ("shop:1", "loyalty_card", "K1"),
        ("shop:3", "email", "d@x.nl"),
        ("shop:3", "phone", "0612345678"),
    ]


def test_where_the_file_says_the_kind_nothing_is_added(tmp_path: Path) -> None:
    stated = """
[[table]]
table = "identifiers"
when = { kaart = "*" }
[table.columns]
person_id = "{source}:{nr}"
kind = { from = "kaart", values = { K1 = "loyalty_card" } }
value = "kaart"
"""
    assert identifiers_of(tmp_path, PERSONS + stated) == [("shop:1", "loyalty_card", "K1")]


def test_name_and_forename_stand_in_one_column(tmp_path: Path) -> None:
    toml = """
[[table]]
table = "persons"
[table.columns]
person_id = "{source}:{nr}"
first_name = "{naam|after_comma}"
last_name = "{naam|before_comma}"
"""
    parts = mapped(tmp_path, toml, 'nr;naam\n1;"Vos, Anna Maria"\n2;Bos\n')
    rows = rows_of(parts)["persons"]
    assert [(row["last_name"], row["first_name"]) for row in rows] == [
        ("Vos", "Anna Maria"),
        ("Bos", None),
    ]
