"""A mapping file says what any file means."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from klantreis.sources.mapping import source as mapping
from tests.sources.files import PRODUCTS, export_file, log_of, mapped, rows_of, taken, written

ORDERS = """
[[table]]
table = "orders"
combine_rows = true
[table.columns]
order_id = "{source}:{Bon}"
kind = { sign_of = "total_amount", negative = "return", positive = "sale" }
channel = { value = "store" }
ordered_at = "Op"
status = { value = "completed" }
total_amount = { calculate = "{Aantal} * {Prijs} - {Korting?}", combine = "sum" }

[[table]]
table = "order_lines"
number_within = "Bon"
[table.columns]
order_line_id = "{Bon}:{number}"
order_id = "{source}:{Bon}"
quantity = "Aantal"
line_amount = { calculate = "{Aantal} * {Prijs} - {Korting?}" }
"""


def test_rows_with_the_same_key_become_one_order_with_lines(tmp_path: Path) -> None:
    parts = mapped(
        tmp_path,
        ORDERS,
        "Bon;Op;Aantal;Prijs;Korting\n1;05-01-2026 10:00;2;10,00;1,50\n"
        "1;05-01-2026 10:00;1;5,00;\n2;06-01-2026 10:00;-1;5,00;\n",
    )
    orders = {row["order_id"]: row for row in rows_of(parts)["orders"]}
    assert {key: (row["kind"], row["total_amount"]) for key, row in orders.items()} == {
        "shop:1": ("sale", Decimal("23.5000")),
        "shop:2": ("return", Decimal("-5.0000")),
    }
    assert [row["order_line_id"] for row in rows_of(parts)["order_lines"]] == ["1:1", "1:2", "2:1"]


def test_an_order_with_an_unreadable_line_is_put_aside_and_not_too_small(tmp_path: Path) -> None:
    parts = mapped(
        tmp_path,
        ORDERS,
        "Bon;Op;Aantal;Prijs;Korting\n1;05-01-2026 10:00;2;10,00;\n1;05-01-2026 10:00;1;x;\n",
    )
    log = log_of(parts)
    assert (log["orders"].rows_loaded, log["orders"].rows_quarantined) == (0, 1)
    assert (log["order_lines"].rows_loaded, log["order_lines"].rows_quarantined) == (1, 1)
    assert [(row["line"], row["column"]) for row in rows_of(parts)["quarantine"]] == [(3, "Prijs")]


def test_an_order_that_lacks_what_it_must_have_is_told_once(tmp_path: Path) -> None:
    parts = mapped(
        tmp_path,
        ORDERS,
        "Bon;Op;Aantal;Prijs;Korting\n1;;2;10,00;\n1;;1;5,00;\n",
    )
    assert log_of(parts)["orders"].rows_quarantined == 1
    assert [(r["line"], r["column"], r["reason"]) for r in rows_of(parts)["quarantine"]] == [
        (2, "Op", "missing")
    ]


def test_totals_are_read_and_what_cannot_be_a_number_of_purchases_is_put_aside(
    tmp_path: Path,
) -> None:
    toml = """
[[table]]
table = "order_totals"
skip_empty = "last_ordered_at"
[table.columns]
person_id = "{source}:{Klant}"
channel = { value = "web" }
orders = "Aantal bestellingen"
total_amount = "Totaal besteed"
first_ordered_at = "Eerste"
last_ordered_at = "Laatste"
"""
    text = (
        "Klant;Aantal bestellingen;Totaal besteed;Eerste;Laatste\n"
        "1;21;1.000,50;05-01-2020;05-01-2026\n2;4,0;80,00;;06-01-2026\n"
        "3;-1;10,00;;06-01-2026\n4;2,5;10,00;;06-01-2026\n5;0;0,00;;\n6;0;0,00;;07-01-2026\n"
    )
    parts = mapped(tmp_path, toml, text)
    told = {row["person_id"]: row for row in rows_of(parts)["order_totals"]}
    assert {key: (row["orders"], row["total_amount"]) for key, row in told.items()} == {
        "shop:1": (21, Decimal("1000.5000")),
        "shop:2": (4, Decimal("80.0000")),
        "shop:6": (0, Decimal("0.0000")),
    }
    aside = rows_of(parts)["quarantine"]
    assert [(row["line"], row["found"], row["reason"], row["allowed"]) for row in aside] == [
        (4, "-1", "not_allowed", ">= 0"),
        (5, "2,5", "not_allowed", ">= 0"),
    ]


def test_a_value_that_may_be_lacking_is_put_aside_alone(tmp_path: Path) -> None:
    toml = (
        PRODUCTS
        + 'is_active = { from = "Actief" }\ncost_amount = { from = "Inkoop", bad = "value" }\n'
    )
    parts = mapped(
        tmp_path, toml, "SKU;Naam;Prijs;Actief;Inkoop\nA1;Lamp;1,00;soms;?\nA2;Vaas;?;ja;1,00\n"
    )
    assert [(r["product_id"], r["is_active"]) for r in rows_of(parts)["products"]] == [("A1", None)]
    assert log_of(parts)["products"].rows_quarantined == 1
    assert [(row["line"], row["column"]) for row in rows_of(parts)["quarantine"]] == [
        (2, "Actief"),
        (2, "Inkoop"),
        (3, "Prijs"),
    ]


def test_a_date_may_be_a_number_of_days(tmp_path: Path) -> None:
    toml = """
[[table]]
table = "offers"
[table.columns]
offer_id = "Nr"
medium = { value = "store" }
starts_on = { calculate = "7 * {Week}", since = "2016-12-19" }
"""
    rows = rows_of(mapped(tmp_path, toml, "Nr;Week\n1;1\n2;53\n"))["offers"]
    assert [str(row["starts_on"]) for row in rows] == ["2016-12-26", "2017-12-25"]


def test_file_names_differ_in_case_and_columns_too(tmp_path: Path) -> None:
    rows = rows_of(mapped(tmp_path, PRODUCTS, "sku;NAAM;prijs\nA1;Lamp;1,00\n"))["products"]
    assert [(row["product_id"], row["name"]) for row in rows] == [("A1", "Lamp")]


def test_files_with_different_decimal_signs_are_read_together(tmp_path: Path) -> None:
    written(tmp_path / "mapping.toml", PRODUCTS)
    files = [
        export_file(written(tmp_path / name, content), mapping="mapping.toml")
        for name, content in (
            ("a.csv", "SKU;Naam;Prijs\nA1;Lamp;12,50\n"),
            ("b.csv", "SKU,Naam,Prijs\nB1,Lamp,12.50\n"),
        )
    ]
    parts = taken(mapping, files, tmp_path / "parts")
    assert {row["price_amount"] for row in rows_of(parts)["products"]} == {Decimal("12.5")}
    assert [line.decimal_sign for part in parts for line in part.log] == [",", "."]


def test_what_several_tables_fill_alike_is_written_once(tmp_path: Path) -> None:
    toml = """
[shared]
person_id = ["{source}:{Klant}", "{source}:{Kaart}"]
at = { from = "Op", format = "%d-%m-%Y" }

[[table]]
table = "persons"
[table.columns]
person_id = { shared = "person_id" }
created_at = { shared = "at", bad = "value" }

[[table]]
table = "order_totals"
[table.columns]
person_id = { shared = "person_id" }
channel = { value = "web" }
orders = "Aantal"
total_amount = "Bedrag"
last_ordered_at = { shared = "at" }
"""
    text = "Klant;Kaart;Op;Aantal;Bedrag\n1;;05-01-2026;2;10,00\n;77;ooit;1;5,00\n"
    parts = mapped(tmp_path, toml, text)
    people = {row["person_id"]: row["created_at"] for row in rows_of(parts)["persons"]}
    assert people == {"shop:1": datetime(2026, 1, 4, 23), "shop:77": None}
    assert [row["person_id"] for row in rows_of(parts)["order_totals"]] == ["shop:1"]
    assert log_of(parts)["order_totals"].rows_quarantined == 1


def test_what_a_group_says_on_its_first_row_is_said_by_all(tmp_path: Path) -> None:
    toml = """
[[table]]
table = "products"
carry = ["Title"]
carry_within = "Handle"
[table.columns]
product_id = "SKU"
name = "Title"
"""
    text = "Handle;Title;SKU\nlamp;Lamp;L1\nlamp;;L2\nvaas;;V1\n"
    rows = rows_of(mapped(tmp_path, toml, text))["products"]
    assert [(row["product_id"], row["name"]) for row in rows] == [
        ("L1", "Lamp"),
        ("L2", "Lamp"),
        ("V1", None),
    ]


def test_each_row_counts_once_where_the_mapping_says_so(tmp_path: Path) -> None:
    toml = ORDERS.replace(
        "combine_rows = true\n", 'combine_rows = true\nonce_per = "{Bon}:{Regel}"\n', 1
    )
    parts = mapped(
        tmp_path,
        toml,
        "Bon;Regel;Op;Aantal;Prijs;Korting\n1;1;05-01-2026 10:00;1;5,00;\n"
        "1;1;05-01-2026 10:00;1;5,00;\n1;2;05-01-2026 10:00;1;7,00;\n",
    )
    assert [row["total_amount"] for row in rows_of(parts)["orders"]] == [Decimal("12.0000")]


def test_questions_become_rows_and_ticked_answers_too(tmp_path: Path) -> None:
    toml = """
[[table]]
table = "survey_answers"
unpivot_except = ["Nr", "Op"]
split = "{value}"
split_by = ", "
[table.columns]
answer_id = "{Nr}:{label|slug}:{number}"
survey_id = "{file}"
response_id = "Nr"
question_id = "{label|slug}"
kind = { text = "{label}", values = { "Wat*" = "multiple", "*" = "open" } }
answer = "{part}"
answered_at = "Op"
"""
    text = (
        "Nr;Op;Wat zocht ú?;Nog iets\n1;05-01-2026 10:00;Prijs, Maat;\n2;05-01-2026 10:00;;Dank\n"
    )
    rows = rows_of(mapped(tmp_path, toml, text))["survey_answers"]
    assert [(row["answer_id"], row["kind"], row["answer"]) for row in rows] == [
        ("1:wat_zocht_u:1", "multiple", "Prijs"),
        ("1:wat_zocht_u:2", "multiple", "Maat"),
        ("2:nog_iets:1", "open", "Dank"),
    ]
