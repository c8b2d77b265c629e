"""Towns in one way of writing, whatever people wrote."""

from __future__ import annotations

import csv
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.identity.gazetteer import gazetteer
from klantreis.identity.town_names import town_names
from klantreis.identity.town_spellings import town_spellings

DUTCH = {
    "as it is": ("Zwolle", "Zwolle"),
    "capitals and spaces": ("  DEN   HAAG ", "Den Haag"),
    "an official name for the usual one": ("'s-Gravenhage", "Den Haag"),
    "in English": ("The Hague, Netherlands", "Den Haag"),
    "an everyday name": ("Den Bosch", "'s-Hertogenbosch"),
    "without its article": ("Hertogenbosch", "'s-Hertogenbosch"),
    "cut off": ("'s-Hertogenb.", "'s-Hertogenbosch"),
    "an abbreviation with an apostrophe": ("A'dam", "Amsterdam"),
    "of towns with that abbreviation the largest": ("Z`meer", "Zoetermeer"),
    "a saint": ("St. Oedenrode", "Sint-Oedenrode"),
    "on a river": ("Capelle a/d Yssel", "Capelle aan den IJssel"),
    "a postcode before it": ("3011 AB Rotterdam", "Rotterdam"),
    "a province behind it": ("Goes, Zeeland", "Goes"),
    "a province that tells which one": ("Hengelo (Gld)", "Hengelo (Gld)"),
    "the largest of a name": ("Hengelo", "Hengelo"),
    "a side of the town": ("Haarlem-Noord", "Haarlem"),
    "a quarter of the town": ("Utrecht (Overvecht)", "Utrecht"),
    "a village beside its city": ("Rotterdam - Hoogvliet", "Hoogvliet"),
    "a misspelt village beside its city": ("hoogvlit rotterdam", "Hoogvliet"),
    "two words run together": ("amsterdamzuidoost", "Amsterdam"),
    "a letter too few": ("Nijmgen", "Nijmegen"),
    "letters exchanged": ("Utrehct", "Utrecht"),
    "letters doubled": ("Leeuwaarden", "Leeuwarden"),
    "as it sounds": ("Maastrigt", "Maastricht"),
    "a figure for a letter": ("R0tterdam", "Rotterdam"),
    "a street": ("Kerkstraat 12", None),
    "abroad": ("Paris", None),
    "nothing": (" - ", None),
    "too short to be near anything": ("Ep", None),
}
BELGIAN = {
    "in French": ("Anvers", "Antwerpen"),
    "in Dutch": ("Luik", "Liège"),
    "in English": ("Ghent", "Gent"),
    "a saint in French": ("Saint-Trond", "Sint-Truiden"),
    "a saint": ("St.Niklaas", "Sint-Niklaas"),
    "a slip": ("Burgge", "Brugge"),
    "with its country": ("9000 Gent (België)", "Gent"),
}


@pytest.mark.parametrize(("written", "town"), DUTCH.values(), ids=list(DUTCH))
def test_a_dutch_town_is_known(written: str, town: str | None) -> None:
    assert town_names([written], "NL") == [town]


@pytest.mark.parametrize(("written", "town"), BELGIAN.values(), ids=list(BELGIAN))
def test_a_belgian_town_is_known(written: str, town: str) -> None:
    assert town_names([written], "BE") == [town]


@pytest.mark.parametrize("country", ["NL", "BE"])
def test_a_town_that_was_found_is_found_again(country: str) -> None:
    named = gazetteer(country).named.values()
    names = sorted({town.name for towns in named for town in towns})
    assert town_names(names, country) == names


@given(st.text(max_size=40))
def test_any_text_is_a_town_or_nothing(text: str) -> None:
    assert len(town_names([text], "NL")) == 1


def test_real_spellings_are_brought_to_the_right_town(development_data: Path) -> None:
    with (development_data / "identity" / "dutch_town_spellings.csv").open(
        encoding="utf-8"
    ) as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    meant = town_names([row["official_name"] for row in rows], "NL")
    found = town_names([row["name"] for row in rows], "NL")
    right = sum(one == other for one, other in zip(found, meant, strict=True))
    assert right >= 0.95 * len(rows)


def spelled(engine: Engine, *rows: tuple[str, str]) -> dict[str, str]:
    cities, homes = zip(*rows, strict=True)
    table = ibis.memtable(pa.table({"city": list(cities), "home": list(homes)}))
    found = engine.fetch(town_spellings(table, engine=engine)).to_pylist()
    return {row["city"]: row["town"] for row in found}


def test_a_town_abroad_keeps_its_name_and_gets_its_capitals(duckdb_engine: Engine) -> None:
    rows = [("NEW  YORK", "US"), ("utrecht", "NL"), ("Anvers", "NL"), ("'t zand elders", "FR")]
    towns = spelled(duckdb_engine, *rows)
    assert towns["NEW  YORK"] == "New York"
    assert towns["utrecht"] == "Utrecht"
    assert towns["Anvers"] == "Antwerpen"


def test_a_column_of_other_places_is_not_corrected(duckdb_engine: Engine) -> None:
    abroad = [(f"Leede{letter}", "NL") for letter in "abcdefghijklmnopqrstuvwxyz" * 2]
    towns = spelled(duckdb_engine, *abroad, ("Utrehct", "NL"), ("Utrecht", "NL"))
    assert towns["Utrehct"] == "Utrehct"
