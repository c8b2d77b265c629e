"""From any file to a mapping: what is guessed, how sure, and that rows come out right."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from klantreis.engine import Engine
from klantreis.errors import UnreadableFileError
from klantreis.sources import (
    SHAPES,
    ExportFile,
    concepts,
)
from klantreis.sources.guessing.naming import plain
from klantreis.sources.reading import read_by_mapping, read_mapping
from tests.sources.guessing import ZONE, guessed, meant, rows_of, written

DUTCH_CONTACTS = """\
Relatienr;Roepnaam;Tussenv.;Familienaam;Mailadres;Mobiel nr;Geb.datum;Straatnaam;Huisnr;PC;Plaats;Nieuwsbrief;Klant sinds;Notitie
81;Anna;de;Vries;anna@voorbeeld.nl;06-12345678;31-12-1980;Laan;4;1234 AB;Utrecht;J;03-02-2024;belt graag
82;Bram;;Bos;BRAM@voorbeeld.nl;06 87654321;01-02-1975;Kade;12a;9999XX;Groningen;N;14-05-2025;
83;Chris;van;Dam;chris@voorbeeld.nl;;13-07-1990;Plein;7;1011 AA;Amsterdam;J;20-01-2023;
"""
DUTCH_LINES = """\
Export kassa week 12

Bonnr;Datum;Tijd;Artikelcode;Omschrijving;Aantal;Prijs;Bedrag;Klantenkaart
1001;13-03-2026;10:15;8711;Koffie;2;4,50;9,00;550011
1001;13-03-2026;10:15;8712;Thee;1;2,25;2,25;550011
1002;14-03-2026;16:40;8711;Koffie;-1;4,50;-4,50;
"""


def test_dutch_contacts_become_persons_with_their_identifiers_and_consents(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "relaties.csv", DUTCH_CONTACTS, "cp1252")
    found = guessed(file)
    assert found.row_is == "person"
    assert meant(found) == {
        "Relatienr": "customer_number",
        "Roepnaam": "first_name",
        "Tussenv.": "prefix",
        "Familienaam": "last_name",
        "Mailadres": "email",
        "Mobiel nr": "mobile",
        "Geb.datum": "birth_on",
        "Straatnaam": "street",
        "Huisnr": "house_number",
        "PC": "postcode",
        "Plaats": "city",
        "Nieuwsbrief": "newsletter",
        "Klant sinds": "registered_at",
    }
    tables = rows_of(file, found, duckdb_engine)
    anna = tables["persons"][0]
    assert anna["person_id"] == "shop:81"
    assert (anna["phone"], anna["house_number"], anna["created_at"]) == (
        "06-12345678",
        "4",
        datetime(2024, 2, 2, 23),
    )
    assert len(tables["identifiers"]) == 8
    assert [row["is_granted"] for row in tables["consents"]] == [True, False, True]


def test_lines_below_a_title_with_a_clock_apart_become_orders(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "kassa.csv", DUTCH_LINES)
    found = guessed(file)
    assert (found.row_is, found.sample.heading, found.decimal_sign) == ("order_line", 3, ",")
    assert found.channel == "store"
    assert "channel" in found.unsure
    tables = rows_of(file, found, duckdb_engine)
    orders = {row["order_id"]: row for row in tables["orders"]}
    assert orders["shop:1001"]["total_amount"] == Decimal("11.25")
    assert orders["shop:1001"]["ordered_at"] == datetime(2026, 3, 13, 9, 15)
    assert (orders["shop:1002"]["kind"], orders["shop:1002"]["person_id"]) == ("return", None)
    assert {line["line"] for line in tables["order_lines"]} == {4, 5, 6}


def test_day_and_month_are_told_by_any_day_above_twelve_and_else_said_to_be_unsure(
    tmp_path: Path,
) -> None:
    american = written(
        tmp_path, "a.csv", "order id,date,total\n1,02/25/2026,3.50\n2,03/04/2026,1.00\n"
    )
    either = written(
        tmp_path, "b.csv", "order id,date,total\n1,02/05/2026,3.50\n2,03/04/2026,1.00\n"
    )
    helped = written(
        tmp_path,
        "c.csv",
        "order id,date,shipped at,total\n1,02/05/2026,02/25/2026,3\n2,03/04/2026,03/30/2026,1\n",
    )
    assert (guessed(american).date_order, "dates" in guessed(american).unsure) == ("mdy", False)
    assert (guessed(either).date_order, "dates" in guessed(either).unsure) == ("dmy", True)
    assert (guessed(helped).date_order, "dates" in guessed(helped).unsure) == ("mdy", False)
    assert guessed(either, date_order="mdy").unsure == ("channel",)


def test_what_was_said_holds(tmp_path: Path, duckdb_engine: Engine) -> None:
    file = written(
        tmp_path,
        "x.csv",
        "nr,veld,wanneer\n1,bekeken,2026-01-02 10:00\n2,gekocht,2026-01-03 11:00\n",
    )
    found = guessed(file)
    assert not found.row_is or found.lacks or found.row_is == "person"
    told = guessed(
        file,
        row_is="event",
        said={"nr": "customer_number", "veld": "event_name", "wanneer": "occurred_at"},
    )
    assert [one.why.code for one in told.columns] == ["said", "said", "said"]
    assert [row["name"] for row in rows_of(file, told, duckdb_engine)["events"]] == [
        "bekeken",
        "gekocht",
    ]


def test_addresses_are_known_by_their_values_whatever_the_heading(tmp_path: Path) -> None:
    rows = "".join(f"{n};kl{n}@voorbeeld.nl;{1000 + n} AB\n" for n in range(500))
    found = guessed(written(tmp_path, "x.csv", f"klantnummer;veld 7;veld 8\n{rows}"))
    by_column = {one.column: one for one in found.columns}
    assert by_column["veld 7"].means == "email"
    assert by_column["veld 7"].why.code == "values"
    assert (by_column["veld 7"].why.looked_at, by_column["veld 7"].why.share) == (500, 1.0)
    assert by_column["veld 8"].means == "postcode"


def test_a_name_does_not_win_from_values_that_are_something_else(tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "x.csv", "klantnummer,email\n1,ja\n2,nee\n3,ja\n"))
    assert {one.column: one.means for one in found.columns}["email"] == ""


def test_a_file_without_a_heading_keeps_its_first_row(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "x.csv", "1,anna@voorbeeld.nl\n2,bram@voorbeeld.nl\n")
    found = guessed(file, said={"column 1": "customer_number"}, row_is="person")
    assert found.sample.heading == 0
    tables = rows_of(file, found, duckdb_engine)
    assert [row["email"] for row in tables["persons"]] == ["anna@voorbeeld.nl", "bram@voorbeeld.nl"]


@pytest.mark.parametrize("form", ["xlsx", "json", "jsonl", "csv.gz"])
def test_the_same_reviews_are_known_in_every_form(
    form: str, tmp_path: Path, duckdb_engine: Engine
) -> None:
    records: list[dict[str, str | int]] = [
        {
            "Review ID": 7,
            "Datum": "2026-02-01",
            "Cijfer": 8,
            "Tekst": "Snel geleverd",
            "E-mail": "a@b.nl",
        },
        {
            "Review ID": 8,
            "Datum": "2026-02-03",
            "Cijfer": 3,
            "Tekst": "Kwam stuk aan",
            "E-mail": "c@d.nl",
        },
    ]
    file = tmp_path / f"reviews.{form}"
    cells = [list(records[0]), *([str(value) for value in one.values()] for one in records)]
    if form == "xlsx":
        book = Workbook()
        sheet = book.worksheets[0]
        for row in cells:
            sheet.append(row)
        book.save(file)
    elif form == "json":
        file.write_text(json.dumps({"page": 1, "reviews": records}))
    elif form == "jsonl":
        file.write_text("\n".join(map(json.dumps, records)))
    else:
        text = "\n".join(",".join(row) for row in cells)
        file.write_bytes(gzip.compress(text.encode()))
    found = guessed(file)
    assert found.row_is == "feedback"
    rows = rows_of(file, found, duckdb_engine)["feedback"]
    assert [(row["feedback_id"], row["score"], row["score_max"]) for row in rows] == [
        ("shop:7", 8.0, 10.0),
        ("shop:8", 3.0, 10.0),
    ]


def test_an_order_without_an_amount_lacks_it(tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "x.csv", "order id,order date,status\n1,2026-01-02,paid\n"))
    assert (found.row_is, found.lacks) == ("order", ("orders.total_amount",))


@pytest.mark.parametrize(
    "text",
    [
        "Id,Date,Price\n7,2005-01-02,230.30\n7,2005-09-06,84.39\n9,2005-01-16,18.75\n",
        "customer_id,date,number_of_cds,dollar_value\n7,20050102,2,230.30\n"
        "7,20050906,1,84.39\n9,20050116,1,18.75\n",
    ],
)
def test_a_list_of_purchases_needs_no_number_of_the_order(
    text: str, tmp_path: Path, duckdb_engine: Engine
) -> None:
    """An `Id` that comes back is a customer's; days without signs between are days."""
    found = guessed(file := written(tmp_path, "purchases.csv", text))
    assert (found.row_is, found.lacks) == ("order", ())
    orders = rows_of(file, found, duckdb_engine)["orders"]
    amounts = {row["total_amount"] for row in orders}
    assert amounts == {Decimal("18.7500"), Decimal("84.3900"), Decimal("230.3000")}
    assert len(orders) == 3
    assert {row["person_id"] for row in orders} == {"shop:7", "shop:9"}
    assert {row["ordered_at"] for row in orders} >= {datetime(2005, 1, 1, 23)}


def test_a_price_beside_pieces_or_a_total_is_not_what_was_paid(tmp_path: Path) -> None:
    pieces = "order_id,date,quantity,price\n1,2026-01-05,3,4.50\n2,2026-01-06,1,4.50\n"
    assert "unit_amount" not in meant(guessed(written(tmp_path, "pieces.csv", pieces))).values()
    both = "order_id,date,price,total\n1,2026-01-05,4.50,13.50\n2,2026-01-06,4.50,4.50\n"
    found = guessed(written(tmp_path, "both.csv", both))
    assert meant(found)["total"] == "total_amount"
    assert "price" not in meant(found)


def test_payments_whose_numbers_differ_stay_payments(tmp_path: Path) -> None:
    text = "payment_id,date,amount,payment_status\ntr_1,2026-01-05,4.50,paid\ntr_2,2026-01-06,4.50,failed\n"
    assert guessed(written(tmp_path, "payments.csv", text)).row_is == "payment"


def test_every_concept_goes_somewhere_and_every_target_is_of_a_concept() -> None:
    used = {means for shape in SHAPES.values() for means in shape.targets}
    assert used == set(concepts())
    assert all(plain(name) == name for one in concepts().values() for name in one.names)


def test_a_renamed_column_is_explained(tmp_path: Path, duckdb_engine: Engine) -> None:
    file = written(tmp_path, "relaties.csv", DUTCH_CONTACTS, "cp1252")
    found = guessed(file)
    rows_of(file, found, duckdb_engine)
    renamed = written(tmp_path, "later.csv", DUTCH_CONTACTS.replace("Mailadres", "Mailadressen"))
    export = ExportFile(renamed, "later.csv", "shop", "g" * 16, {"time_zone": ZONE})
    mapping = read_mapping(file.with_suffix(".toml"))
    with pytest.raises(UnreadableFileError, match=r"Mailadres .perhaps renamed to Mailadressen"):
        read_by_mapping(mapping, [export], duckdb_engine)
