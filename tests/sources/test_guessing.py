"""From any file to a mapping: what is guessed, how sure, and that rows come out right."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from klantreis.engine import Engine
from klantreis.errors import UnreadableFileError
from klantreis.sources import (
    SHAPES,
    ExportFile,
    Guess,
    concepts,
    guess,
    mapping_text,
    refuse_bomb,
    safe_name,
    sample_of,
    unpack,
)
from klantreis.sources.guessing.naming import plain
from klantreis.sources.reading import read_by_mapping, read_mapping

ZONE = "Europe/Amsterdam"

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


def guessed(file: Path, **said: object) -> Guess:
    return guess(sample_of(file), time_zone=ZONE, **said)  # type: ignore[arg-type]


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def meant(found: Guess) -> dict[str, str]:
    return {one.column: one.means for one in found.columns if one.means}


def rows_of(file: Path, found: Guess, engine: Engine) -> dict[str, list[dict[str, object]]]:
    mapping = file.with_suffix(".toml")
    mapping.write_text(mapping_text(found), encoding="utf-8")
    export = ExportFile(file, file.name, "shop", "f" * 16, {"time_zone": ZONE})
    reading = read_by_mapping(read_mapping(mapping), [export], engine)
    assert not reading.rejected.num_rows, reading.rejected.to_pylist()
    tables = {name: engine.fetch(table).to_pylist() for name, table in reading.tables.items()}
    reading.release()
    return tables


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


def test_a_zip_is_unpacked_by_safe_names_only_and_a_bomb_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "export.zip"
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.csv", "a,b\n1,2\n")
        archive.writestr("readme.exe", "x")
    found = unpack(packed, tmp_path / "out", largest=1_000)
    assert [one.relative_to(tmp_path / "out").as_posix() for one in found] == ["evil.csv"]
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("big.csv", "0" * 5_000_000)
    assert bomb.stat().st_size < 10_000
    with pytest.raises(UnreadableFileError, match="when unpacked"):
        refuse_bomb(bomb, largest=1_000_000)


@given(st.text())
def test_a_safe_name_has_no_folder_and_is_not_hidden(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert "/" not in safe
    assert "\\" not in safe
    assert "\0" not in safe
    assert not safe.startswith(".")
    assert safe not in ("..", "~")


@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 50, b"[]", b"\n\n  \n"])
def test_what_is_no_export_is_refused_with_the_reason(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="cannot be guessed"):
        sample_of(file)


@given(st.binary(max_size=400))
def test_any_bytes_are_guessed_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        file.write_bytes(content)
        try:
            found = guessed(file)
        except UnreadableFileError:
            return
        assert len(found.columns) == len(found.sample.columns)
        mapping_text(found)


def test_every_concept_goes_somewhere_and_every_target_is_of_a_concept() -> None:
    used = {means for shape in SHAPES.values() for means in shape.targets}
    assert used == set(concepts())
    assert all(plain(name) == name for one in concepts().values() for name in one.names)


# What columns of real files hold, as a person reads them; a column that is not named has no place
# in our tables.
TRUTH: dict[str, tuple[str, dict[str, str]]] = {
    "online_retail/online_retail.parquet": (
        "order_line",
        {
            "InvoiceNo": "order_id",
            "StockCode": "product_id",
            "Description": "product_name",
            "Quantity": "quantity",
            "InvoiceDate": "occurred_at",
            "UnitPrice": "unit_amount",
            "CustomerID": "customer_number",
            "Country": "country",
        },
    ),
    "olist/sample10k_orders.csv.gz": (
        "order",
        {
            "order_id": "order_id",
            "customer_id": "customer_number",
            "order_status": "order_status",
            "order_purchase_timestamp": "occurred_at",
            "order_delivered_carrier_date": "fulfilled_at",
        },
    ),
    "olist/sample10k_order_items.csv.gz": (
        "order_line",
        {
            "order_id": "order_id",
            "order_item_id": "line_number",
            "product_id": "product_id",
            "price": "unit_amount",
            "freight_value": "shipping_amount",
        },
    ),
    "olist/sample10k_customers.csv.gz": (
        "person",
        {
            "customer_unique_id": "customer_number",
            "customer_zip_code_prefix": "postcode",
            "customer_city": "city",
        },
    ),
    "olist/sample10k_products.csv.gz": (
        "product",
        {"product_id": "product_id", "product_category_name": "category"},
    ),
    "omnichannel/flo_customers.csv.gz": (
        "person",
        {
            "master_id": "customer_number",
            "first_order_date": "first_ordered_at",
            "last_order_date_online": "web_last_ordered_at",
            "last_order_date_offline": "store_last_ordered_at",
            "order_num_total_ever_online": "web_orders_count",
            "order_num_total_ever_offline": "store_orders_count",
            "customer_value_total_ever_online": "web_orders_amount",
            "customer_value_total_ever_offline": "store_orders_amount",
        },
    ),
    "identity/fake_1000.csv": (
        "person",
        {
            "unique_id": "customer_number",
            "first_name": "first_name",
            "surname": "last_name",
            "dob": "birth_on",
            "city": "city",
            "email": "email",
        },
    ),
    "identity/febrl3.csv.gz": (
        "person",
        {
            "rec_id": "customer_number",
            "given_name": "first_name",
            "surname": "last_name",
            "street_number": "house_number",
            "address_1": "street",
            "suburb": "city",
            "postcode": "postcode",
            "date_of_birth": "birth_on",
        },
    ),
    "identity/historical_figures_with_errors_50k.parquet": (
        "person",
        {
            "unique_id": "customer_number",
            "full_name": "full_name",
            "first_name": "first_name",
            "surname": "last_name",
            "dob": "birth_on",
            "postcode_fake": "postcode",
            "gender": "gender",
        },
    ),
    "surveys/marketing_campaign.csv": (
        "person",
        {"ID": "customer_number", "Dt_Customer": "registered_at"},
    ),
    "complete_journey/transactions.parquet": (
        "order_line",
        {
            "household_id": "customer_number",
            "store_id": "store_id",
            "basket_id": "order_id",
            "product_id": "product_id",
            "quantity": "quantity",
            "sales_value": "line_amount",
            "retail_disc": "discount_amount",
            "transaction_timestamp": "occurred_at",
        },
    ),
    "complete_journey/products.parquet": (
        "product",
        {
            "product_id": "product_id",
            "department": "category",
            "product_category": "subcategory",
            "brand": "brand",
            "product_type": "product_name",
        },
    ),
    "clickstream/simple_onlineshop.csv.gz": (
        "event",
        {"user_id": "customer_number", "event": "event_name", "timestamp": "occurred_at"},
    ),
    "event_logs/receipt.csv.gz": (
        "event",
        {
            "case:channel": "channel",
            "case:concept:name": "customer_number",
            "concept:name": "event_name",
            "time:timestamp": "occurred_at",
        },
    ),
    "leaflets/folder_data_week_51_ah.json.gz": (
        "offer",
        {
            "id": "offer_id",
            "name": "product_name",
            "offer_price": "offer_amount",
            "normal_price": "normal_amount",
            "bonus_mechanism": "mechanic",
            "bonus_start": "starts_on",
            "bonus_end": "ends_on",
        },
    ),
    "leaflets/folder_data_week_51_dirk.json.gz": (
        "offer",
        {
            "id": "offer_id",
            "product_id": "product_id",
            "name": "product_name",
            "offer_price": "offer_amount",
            "normal_price": "normal_amount",
            "discount_text": "mechanic",
            "start_date": "starts_on",
            "end_date": "ends_on",
        },
    ),
    "leaflets/lidl_week_51_gridbox.json.gz": (
        "offer",
        {
            "id": "offer_id",
            "name": "product_name",
            "price": "offer_amount",
            "original_price": "normal_amount",
            "discount_text": "mechanic",
            "sku": "product_id",
        },
    ),
}


def test_most_columns_of_real_files_come_out_right(development_data: Path) -> None:
    right = asked = filled = wrong = kinds = 0
    for name, (row_is, truth) in TRUTH.items():
        found = guessed(development_data / name)
        kinds += found.row_is == row_is
        for one in found.columns:
            asked += 1
            right += one.means == truth.get(one.column, "")
            filled += one.column in truth
            wrong += bool(one.means) and one.means != truth.get(one.column, "")
    assert kinds == len(TRUTH)
    assert right / asked >= 0.95, (right, asked)
    assert wrong / filled <= 0.05, (wrong, filled)


def test_a_renamed_column_is_explained(tmp_path: Path, duckdb_engine: Engine) -> None:
    file = written(tmp_path, "relaties.csv", DUTCH_CONTACTS, "cp1252")
    found = guessed(file)
    rows_of(file, found, duckdb_engine)
    renamed = written(tmp_path, "later.csv", DUTCH_CONTACTS.replace("Mailadres", "Mailadressen"))
    export = ExportFile(renamed, "later.csv", "shop", "g" * 16, {"time_zone": ZONE})
    mapping = read_mapping(file.with_suffix(".toml"))
    with pytest.raises(UnreadableFileError, match=r"Mailadres .perhaps renamed to Mailadressen"):
        read_by_mapping(mapping, [export], duckdb_engine)
