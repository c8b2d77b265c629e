"""A file that is not what a mapping says, or a mapping that says what cannot be, is told with its place."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from klantreis.errors import SettingsError, UnreadableFileError
from klantreis.sources.mapping import source as mapping
from klantreis.sources.reading import read_mapping
from tests.sources.files import PRODUCTS, export_file, mapped, taken, written


def test_a_file_without_the_columns_is_refused_with_what_is_lacking(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"data\.csv.*got.*Code.*allowed.*SKU"):
        mapped(tmp_path, PRODUCTS, "Code;Omschrijving\nA1;Lamp\n")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="empty"):
        mapped(tmp_path, PRODUCTS, "")


def test_a_broken_json_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="JSON"):
        mapped(tmp_path, 'format = "json"\n' + PRODUCTS, '[{"SKU": "A1"', "data.json")


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[[table]]\ntable = 'custmers'\n", "table of .*got 'custmers'.*'products'"),
        ("[[table]\n", "cannot be read"),
        ("name = 'x'\n", "table of .*nothing.*at least one"),
        ("colour = 'red'\n" + PRODUCTS, "a key of .*'colour'.*'?separator"),
        ("[database]\nurl = 'x'\n" + PRODUCTS, "a key of .*'database'.*connection"),
        ("[database]\n[[file]]\nname = 'x'\n", "a key of .*'database'.*file, connection"),
        ("decimal = ';'\n" + PRODUCTS, "decimal of .*';'.*','"),
        ("time_zone = 'Mars'\n" + PRODUCTS, "time_zone of .*'Mars'.*Europe/Amsterdam"),
        (PRODUCTS + "colour = 'Kleur'\n", "a column of .*'colour'.*price_amount"),
        (PRODUCTS + "brand = { frm = 'Merk' }\n", "a key of .*brand.*'frm'.*from"),
        (PRODUCTS + "brand = { default = 'x' }\n", "the value of .*brand.*nothing.*exactly one"),
        (PRODUCTS + "brand = '{Merk'\n", "brand.*brace"),
        (PRODUCTS + "brand = '{Merk|loud}'\n", "brand.*'loud'.*lower"),
        (PRODUCTS + "cost_amount = { calculate = '{Prijs} ** 2' }\n", "calculate of .*allowed"),
        (PRODUCTS + "cost_amount = { calculate = 'open(1)' }\n", "calculate of .*allowed"),
        (PRODUCTS + "cost_amount = { calculate = '{Prijs} +' }\n", "calculate of .*not a sum"),
        ("[[table]]\ntable = 'products'\n[table.columns]\nname = 'X'\n", "also product_id"),
        (PRODUCTS + "brand = { shared = 'label' }\n", "shared of brand.*'label'"),
        (
            "[[table]]\ntable = 'offers'\n[table.columns]\noffer_id = 'X'\nmedium = { value = 'radio' }\n",
            "value of .*medium.*'radio'.*'leaflet'",
        ),
        (
            "[[table]]\ntable = 'offers'\n[table.columns]\noffer_id = 'X'\nmedium = 'M'\n"
            "starts_on = { calculate = '{W}', since = 'monday' }\n",
            "since of .*'monday'",
        ),
    ],
)
def test_a_mistake_in_a_mapping_is_named_with_its_place(
    tmp_path: Path, toml: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=f"(?s){told}") as error:
        mapped(tmp_path, toml, "SKU;Naam;Prijs\nA1;Lamp;1,00\n")
    assert "mapping.toml" in str(error.value)


def test_the_mapping_connector_says_when_no_mapping_is_named(tmp_path: Path) -> None:
    file = export_file(written(tmp_path / "a.csv", "a\n1\n"))
    with pytest.raises(SettingsError, match=r"\[sources\.shop\].*mapping ="):
        taken(mapping, [file], tmp_path / "parts")


def test_the_mappings_in_the_documents_are_right(tmp_path: Path) -> None:
    document = (Path(__file__).parents[2] / "docs" / "sources" / "mapping.md").read_text("utf-8")
    blocks = re.findall(r"(?:^    .*\n|^\n)+", document, re.MULTILINE)
    shown = [textwrap.dedent(block) for block in blocks if "[[table]]" in block]
    assert len(shown) == 3
    for toml in shown:
        mapping_of = read_mapping(written(tmp_path / "shown.toml", toml))
        assert mapping_of.files[0].tables
