"""A whole name and an address in one text, as people write them, parted by the filters of mappings."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.sources.reading.templates import FILTERS
from tests.length import LONGER

NAMES = (
    ("Jan de Vries", "Jan", "de Vries"),
    ("Anne Marie de Vries", "Anne Marie", "de Vries"),
    ("Jan in 't Veld", "Jan", "in 't Veld"),
    ("Jan Van Damme", "Jan", "Van Damme"),
    ("Mohamed El Amrani", "Mohamed", "El Amrani"),
    ("Jan-Peter Balkenende", "Jan-Peter", "Balkenende"),
    ("Karin Jansen - de Vries", "Karin", "Jansen-de Vries"),
    ("J. P. Jansen", "J. P.", "Jansen"),
    ("J P Jansen", "J P", "Jansen"),
    ("JP Jansen", "JP", "Jansen"),
    ("Th. M. Jansen", "Th. M.", "Jansen"),
    ("ir. A.B.C. de Groot", "A.B.C.", "de Groot"),
    ("Mevr. J. van der Berg-de Wit", "J.", "van der Berg-de Wit"),
    ("De heer K. Jansen", "K.", "Jansen"),
    ("Dhr./Mw. dr. A. Bakker", "A.", "Bakker"),
    ("Herr Hans Müller", "Hans", "Müller"),
    ("T.a.v. mevrouw J. Smit", "J.", "Smit"),
    ("Piet Hein MSc", "Piet", "Hein"),
    ("John Smith, Jr.", "John", "Smith"),
    ("J. (Jan) de Wit", "J.", "de Wit"),
    ("  Els   Bakker ", "Els", "Bakker"),
    ("Di Jansen", "Di", "Jansen"),
    ("Berg, J. van der", "J.", "van der Berg"),
    ("Berg, van der, J.", "J.", "van der Berg"),
    ("De Jong, Anna", "Anna", "De Jong"),
    ("Jansen, dhr. K.", "K.", "Jansen"),
    ("Fam. Pietersen", None, "Pietersen"),
    ("De heer en mevrouw Jansen", None, "Jansen"),
    ("Mr. and Mrs. Smith", None, "Smith"),
    ("Mevrouw Jansen", None, "Jansen"),
    ("van den Heuvel", None, "van den Heuvel"),
    ("Vries, de", None, "de Vries"),
    ("Jansen", None, "Jansen"),
)
GREETINGS = (
    ("Mevr. J. Smit", "mevr"),
    ("De heer K. Jansen", "de heer"),
    ("DHR K. Jansen", "dhr"),
    ("Dhr./Mw. Bakker", None),
    ("De heer en mevrouw Jansen", None),
    ("Mr. and Mrs. Smith", None),
    ("Herman Jansen", None),
)
ADDRESSES = (
    ("3512 PH  Utrecht", None, "3512 PH", "Utrecht"),
    ("3512PH / 's-Gravenhage", None, "3512PH", "'s-Gravenhage"),
    ("Utrecht 3512 ph", None, "3512 PH", "Utrecht"),
    ("9000 Gent", None, "9000", "Gent"),
    ("B-9000 Gent", None, "9000", "Gent"),
    (
        "Lange Nieuwstraat 12-bis, 3512 PH Utrecht, Nederland",
        "Lange Nieuwstraat 12-bis",
        "3512 PH",
        "Utrecht",
    ),
    ("Dorpsweg 4 A 1234AB Amsterdam", "Dorpsweg 4 A", "1234AB", "Amsterdam"),
    ("Straat 1234, 3512 PH Utrecht", "Straat 1234", "3512 PH", "Utrecht"),
    ("Hauptstr. 5, 10115 Berlin", "Hauptstr. 5", "10115", "Berlin"),
    ("Turnhoutsebaan 5, 2100 Antwerpen (Deurne)", "Turnhoutsebaan 5", "2100", "Antwerpen"),
    ("Kerkstraat 1, Gent", "Kerkstraat 1", None, "Gent"),
    ("Markt 1", "Markt 1", None, None),
)


def filtered(text: str, *names: str) -> tuple[str | None, ...]:
    columns = ", ".join(FILTERS[name]("said") for name in names)
    row = duckdb.execute(f"SELECT {columns} FROM (SELECT ? AS said)", [text]).fetchone()
    assert row
    return row


@pytest.mark.parametrize(("name", "first", "last"), NAMES, ids=[name for name, _, _ in NAMES])
def test_a_name_in_one_text_is_parted(name: str, first: str | None, last: str) -> None:
    assert filtered(name, "given_name", "family_name") == (first, last)


@pytest.mark.parametrize(("name", "greeting"), GREETINGS)
def test_one_is_spoken_to_and_a_couple_is_not_one(name: str, greeting: str | None) -> None:
    assert filtered(name, "salutation") == (greeting,)


@pytest.mark.parametrize(("address", "street", "postcode", "town"), ADDRESSES)
def test_an_address_in_one_text_is_parted(
    address: str, street: str | None, postcode: str | None, town: str | None
) -> None:
    assert filtered(address, "street", "postcode", "town") == (street, postcode, town)


@given(texts=st.lists(st.text(max_size=40), min_size=20, max_size=60))
@settings(max_examples=5 * LONGER)
def test_any_text_is_parted_without_inventing_letters(texts: list[str]) -> None:
    names = ("given_name", "family_name", "street", "town")
    columns = ", ".join(f"{FILTERS[name]('said')} AS {name}" for name in names)
    said = [text.replace("\x00", "") for text in texts]
    rows = duckdb.execute(f"SELECT said, {columns} FROM (SELECT unnest(?) AS said)", [said])
    for text, *parts in rows.fetchall():
        assert all(part is None or set(part) <= set(text) | set(" -") for part in parts)
