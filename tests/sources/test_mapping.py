"""A mapping file says what any file means."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from openpyxl import Workbook

from klantreis.errors import SettingsError, UnreadableFileError
from klantreis.sources.mapping import source as mapping
from klantreis.sources.reading import read_mapping
from tests.sources.files import export_file, log_of, mapped, rows_of, taken, written

PRODUCTS = """
[[table]]
table = "products"
[table.columns]
product_id = "SKU"
name = "Naam"
price_amount = "Prijs"
"""
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


@pytest.mark.parametrize("name", ["data.xlsx", "data.json", "data.parquet", "data.csv"])
def test_the_same_mapping_reads_every_kind_of_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    rows: list[dict[str, object]] = [
        {"SKU": "A1", "Naam": "Lamp", "Prijs": 12.5},
        {"SKU": "A2", "Naam": None, "Prijs": 7},
    ]
    if name.endswith("xlsx"):
        book = xlsxwriter.Workbook(file)
        sheet = book.add_worksheet("Artikelen")
        sheet.write_row(1, 0, list(rows[0]))
        for place, row in enumerate(rows):
            sheet.write_row(2 + place, 0, list(row.values()))
        book.close()
    elif name.endswith("json"):
        written(file, json.dumps(rows, indent=1))
    elif name.endswith("parquet"):
        pq.write_table(pa.Table.from_pylist(rows), file)
    else:
        written(file, "SKU;Naam;Prijs\nA1;Lamp;12,50\nA2;;7,00\n")
    parts = mapped(tmp_path, PRODUCTS, file.read_bytes(), name)
    assert [
        (r["product_id"], r["name"], r["price_amount"]) for r in rows_of(parts)["products"]
    ] == [
        ("A1", "Lamp", Decimal("12.5000")),
        ("A2", None, Decimal("7.0000")),
    ]


def test_dates_in_a_sheet_are_read_whatever_format_the_mapping_names(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "data.xlsx")
    sheet = book.add_worksheet()
    style = book.add_format({"num_format": "dd-mm-yyyy"})
    sheet.write_row(0, 0, ["Artikel", "Filiaal", "Datum", "Aantal"])
    sheet.write_row(1, 0, ["A1", "F1"])
    sheet.write_datetime(1, 2, datetime(2026, 1, 5), style)
    sheet.write_number(1, 3, 4)
    sheet.write_row(2, 0, ["A2", "F1", "06-01-2026", 5])
    book.close()
    toml = """
[[table]]
table = "stock_levels"
[table.columns]
product_id = "Artikel"
location_id = "Filiaal"
counted_on = { from = "Datum", format = "%d-%m-%Y" }
quantity = "Aantal"
"""
    parts = mapped(tmp_path, toml, (tmp_path / "data.xlsx").read_bytes(), "data.xlsx")
    assert [str(row["counted_on"]) for row in rows_of(parts)["stock_levels"]] == [
        "2026-01-05",
        "2026-01-06",
    ]


def test_nested_json_is_reached_by_paths(tmp_path: Path) -> None:
    toml = """
format = "json"
records = "data.items"
[[table]]
table = "products"
[table.columns]
product_id = "sku"
name = "title.nl"
brand = "$.shop"
category = "fields[key=category].value"
price_amount = { from = "price", default = "0" }
"""
    document = {
        "shop": "Haard",
        "data": {
            "items": [
                {
                    "sku": "A1",
                    "title": {"nl": "Lamp"},
                    "price": "1.012,50",
                    "fields": [{"key": "x"}, {"key": "category", "value": "Wonen"}],
                },
                {"sku": "A2", "price": None},
            ]
        },
    }
    rows = rows_of(mapped(tmp_path, toml, json.dumps(document), "data.json"))["products"]
    assert [(r["product_id"], r["name"], r["brand"], r["category"]) for r in rows] == [
        ("A1", "Lamp", "Haard", "Wonen"),
        ("A2", None, "Haard", None),
    ]
    assert [row["price_amount"] for row in rows] == [Decimal("1012.5"), Decimal(0)]


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


def test_a_file_without_the_columns_is_refused_with_what_is_lacking(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"data\.csv.*got.*Code.*allowed.*SKU"):
        mapped(tmp_path, PRODUCTS, "Code;Omschrijving\nA1;Lamp\n")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="empty"):
        mapped(tmp_path, PRODUCTS, "")


def test_a_broken_json_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="JSON"):
        mapped(tmp_path, 'format = "json"\n' + PRODUCTS, '[{"SKU": "A1"', "data.json")


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


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[[table]]\ntable = 'custmers'\n", "table of .*got 'custmers'.*'products'"),
        ("[[table]\n", "cannot be read"),
        ("name = 'x'\n", "table of .*nothing.*at least one"),
        ("colour = 'red'\n" + PRODUCTS, "a key of .*'colour'.*'?separator"),
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


def test_the_mappings_in_the_documents_are_right(tmp_path: Path) -> None:
    document = (Path(__file__).parents[2] / "docs" / "sources" / "mapping.md").read_text("utf-8")
    blocks = re.findall(r"(?:^    .*\n|^\n)+", document, re.MULTILINE)
    shown = [textwrap.dedent(block) for block in blocks if "[[table]]" in block]
    assert len(shown) == 3
    for toml in shown:
        mapping_of = read_mapping(written(tmp_path / "shown.toml", toml))
        assert mapping_of.files[0].tables


BASKETS = """
format = "json"
columns = ["id"]

[[table]]
table = "order_lines"
each = "basket.lines"
[table.columns]
order_line_id = "{source}:{id}:{number}"
order_id = "{source}:{id}"
product_id = "basket.lines[].product.sku"
quantity = "basket.lines[].pieces"
line_amount = { calculate = "{basket.lines[].pieces} * {basket.lines[].price}" }
"""


def test_each_element_of_a_list_becomes_a_row_of_its_own(tmp_path: Path) -> None:
    baskets = [
        {"id": 1, "basket": {"lines": [line("A", 2, 1.5), line("B", 1, 3)]}},
        {"id": 2, "basket": {"lines": []}},
        {"id": 3, "basket": {}},
        {"id": 4, "basket": {"lines": [line("C", "veel", 1), {"price": 2, "pieces": 1}]}},
    ]
    parts = mapped(tmp_path, BASKETS, json.dumps(baskets), "baskets.json")
    lines = rows_of(parts)["order_lines"]
    assert [(x["order_line_id"], x["product_id"], float(x["line_amount"])) for x in lines] == [
        ("shop:1:1", "A", 3.0),
        ("shop:1:2", "B", 3.0),
        ("shop:4:2", None, 2.0),
    ]
    (aside,) = {(r["line"], r["column"], r["found"]) for r in rows_of(parts)["quarantine"]}
    assert aside == (4, "basket.lines[].pieces", "veel")


def line(sku: str, pieces: object, price: float) -> dict[str, object]:
    return {"product": {"sku": sku}, "pieces": pieces, "price": price}


def test_the_elements_of_a_list_in_a_parquet_file_become_rows(tmp_path: Path) -> None:
    toml = BASKETS.replace("basket.lines", "lines").replace("product.sku", "sku")
    toml = toml.replace('"json"', '"parquet"')
    table = pa.table({"id": ["7"], "lines": [[{"sku": "A", "pieces": 2, "price": 1.25}]]})
    pq.write_table(table, tmp_path / "made.parquet")
    parts = mapped(tmp_path, toml, (tmp_path / "made.parquet").read_bytes(), "baskets.parquet")
    (row,) = rows_of(parts)["order_lines"]
    assert (row["order_line_id"], row["product_id"], row["line_amount"]) == (
        "shop:7:1",
        "A",
        Decimal("2.5000"),
    )


def test_an_element_of_another_list_is_refused(tmp_path: Path) -> None:
    toml = BASKETS.replace('each = "basket.lines"', 'each = "basket.goods"')
    file = written(tmp_path / "mapping.toml", toml)
    with pytest.raises(SettingsError, match=r"basket\.lines"):
        read_mapping(file)


def test_another_sheet_than_the_first_is_read_and_a_lacking_one_told(tmp_path: Path) -> None:
    toml = """
sheet = "Artikelen"
[[table]]
table = "products"
columns = { product_id = "nr", name = "naam" }
"""
    book = Workbook(write_only=True)
    for title, rows in (
        ("Omslag", [("Over dit bestand",)]),
        ("Artikelen", [("nr", "naam"), (1, "Vaas")]),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    content = (tmp_path / "book.xlsx").read_bytes()
    parts = mapped(tmp_path, toml, content, "data.xlsx")
    assert [row["name"] for row in rows_of(parts)["products"]] == ["Vaas"]
    assert log_of(parts)["products"].headings == ("nr", "naam")
    with pytest.raises(UnreadableFileError, match="with a sheet 'Voorraad'"):
        mapped(tmp_path, toml.replace("Artikelen", "Voorraad"), content, "data.xlsx")


RECORDS = [{"nr": "A", "naam": "Vaas"}, {"nr": "B", "naam": "Kan"}]


@pytest.mark.parametrize("form", ["", 'format = "json_lines"'])
@pytest.mark.parametrize(
    "content",
    [
        "\n".join(map(json.dumps, RECORDS)),
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]",
        "[" + ",\n".join(map(json.dumps, RECORDS)) + "]",
    ],
    ids=["lines", "one line", "indented", "a record on each line", "brackets on the lines"],
)
def test_records_in_json_are_found_however_they_are_laid_out(
    form: str, content: str, tmp_path: Path
) -> None:
    toml = f"""
{form}
columns = ["nr", "naam"]
[[table]]
table = "products"
columns = {{ product_id = "nr", name = "naam" }}
"""
    parts = mapped(tmp_path, toml, content, "data.json")
    assert [row["name"] for row in rows_of(parts)["products"]] == ["Vaas", "Kan"]


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
