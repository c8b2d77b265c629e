from __future__ import annotations

import json
from pathlib import Path

import pytest

from klantreis import Workspace
from klantreis.errors import InputError
from klantreis.tables import TABLES
from klantreis.workspace.pseudonyms import KEYED, OWN_WORDS, rule_of

DIRECT = [
    "name",
    "first_name",
    "prefix",
    "last_name",
    "email",
    "phone",
    "loyalty_card",
    "street",
    "house_number",
    "city",
    "value",
    "text",
    "subject",
    "search_term",
    "page",
    "url",
    "row",
    "found",
    "answer",
    "question",
    "raw_value",
    "title",
]


def test_no_column_that_says_who_it_is_is_handed_out_as_it_stands() -> None:
    for table in TABLES.values():
        for column in table.columns:
            if column.name in DIRECT and column.type == "string" and table.name not in SHOP_ONLY:
                is_event = (table.name, column.name) == ("events", "name")
                assert is_event or rule_of(table.name, column) == "left_out", column.name
            if column.name.endswith("person_id") or column.name.endswith("customer_id"):
                assert rule_of(table.name, column) == "keyed"


SHOP_ONLY = ("products", "offers", "spend", "stock_levels")


def test_the_lists_name_columns_that_there_are() -> None:
    names = {column.name for table in TABLES.values() for column in table.columns}
    assert set(KEYED) <= names
    assert names >= OWN_WORDS


def test_no_identifier_of_anybody_stands_in_an_export(shop: Workspace) -> None:
    identifiers = shop.table("identifiers")
    known = identifiers.filter(
        identifiers["kind"].isin(["email", "phone", "loyalty_card", "cookie"])
    )
    values = {row["value"] for row in shop.rows(known.select("value").limit(3000))}
    for name in TABLES:
        rows = json.dumps(shop.pseudonyms.rows(name, "University").to_pylist(), default=str)
        words = set(rows.replace('"', " ").replace(",", " ").split())
        assert not values & words, name


def test_one_recipient_can_join_tables_and_two_cannot_join_theirs(shop: Workspace) -> None:
    portraits = shop.pseudonyms.rows("portraits", "University")["customer_id"].to_pylist()
    timeline = shop.pseudonyms.rows("timeline", " university ")["customer_id"].to_pylist()
    others = shop.pseudonyms.rows("portraits", "Bureau")["customer_id"].to_pylist()
    assert len(set(portraits)) == len(portraits)
    assert set(timeline) <= set(portraits)
    assert not set(portraits) & set(others)


def test_of_births_the_year_stays_and_of_postcodes_four_digits(
    shop: Workspace, tmp_path: Path
) -> None:
    rows = shop.pseudonyms.rows("customers", "University")
    assert not {"name", "email", "city", "birth_on", "postcode"} & set(rows.column_names)
    postcodes = {one for one in rows["postcode_4"].to_pylist() if one}
    assert postcodes
    assert all(len(one) == 4 and one.isdigit() for one in postcodes)
    assert {year for year in rows["birth_year"].to_pylist() if year} <= set(range(1900, 2030))
    made = shop.pseudonyms.export(
        "customers", tmp_path / "c.csv", recipient="University", format="csv"
    )
    assert made.rows == rows.num_rows
    assert {"name", "email", "phone", "city"} <= set(made.left_out)
    assert made.small_cells


def test_somebody_has_to_be_named(shop: Workspace) -> None:
    with pytest.raises(InputError, match="for whom"):
        shop.pseudonyms.rows("customers", "  ")
