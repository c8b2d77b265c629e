"""One line a customer with how often and for how much they bought: totals, and when they are none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from klantreis.engine import Engine
from klantreis.sources import ExportFile, mapping_text
from klantreis.sources.reading import read_by_mapping, read_mapping
from tests.sources import files
from tests.sources.guessing import guessed, meant, rows_of, written

DUTCH = """\
Klantnummer;Naam;E-mailadres;Klant sinds;Aantal bestellingen;Totaal besteed;Eerste bestelling;Laatste bestelling
81;Anna de Vries;anna@voorbeeld.nl;03-02-2024;3;1.120,50;13-02-2024;28-02-2026
82;Bram Bos;bram@voorbeeld.nl;14-05-2025;0;0,00;;
83;Chris Dam;chris@voorbeeld.nl;20-01-2023;1;19,95;21-01-2023;21-01-2023
"""
GERMAN = """\
Kundennummer;Nachname;Erstellt am;Anzahl Bestellungen;Umsatz;Letzte Bestellung
81;Meier;2024-02-03;3;1120,50;28.02.2026
83;Bauer;2023-01-20;1;19,95;21.01.2023
"""
ENGLISH = """\
id,email,created_at,status,orders_count,total_spent,last_order_date,notes
81,ann@voorbeeld.nl,2024-02-03,active,3,1120.50,2026-02-28,likes tea
83,bob@voorbeeld.nl,2023-01-20,active,1,19.95,2023-01-21,calls often
"""
SIDES = """\
klantnummer;Omzet totaal;Eerste aankoop;Orders online;Omzet webshop;Laatste online bestelling;Aantal aankopen winkel;Omzet (winkel);Laatste aankoop in de winkel
81;70,00;2024-02-03;2;50,00;2026-02-28;1;20,00;2025-05-01
82;12,50;2025-03-01;0;0,00;;1;12,50;2025-03-01
"""
SHOPIFY = """\
Customer ID,First Name,Last Name,Email,Total Spent,Total Orders
81,Ann,Smith,ann@voorbeeld.nl,1120.50,3
"""


def totals(file: Path, engine: Engine) -> list[tuple[object, ...]]:
    rows = rows_of(file, guessed(file), engine)["order_totals"]
    names = ("person_id", "channel", "orders", "total_amount", "first_ordered_at")
    return sorted((tuple(row.get(name) for name in names) for row in rows), key=str)


def test_how_often_and_for_how_much_becomes_totals_beside_the_persons(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "klanten.csv", DUTCH)
    found = guessed(file)
    assert (found.row_is, found.channel, found.unsure) == ("person", "web", ("totals_channel",))
    tables = rows_of(file, found, duckdb_engine)
    assert len(tables["persons"]) == 3
    [anna, chris] = sorted(tables["order_totals"], key=lambda row: str(row["person_id"]))
    assert (anna["person_id"], anna["channel"], anna["orders"]) == ("shop:81", "web", 3)
    assert anna["total_amount"] == Decimal("1120.50")
    assert anna["first_ordered_at"] == datetime(2024, 2, 12, 23)
    assert anna["last_ordered_at"] == datetime(2026, 2, 27, 23)
    assert chris["person_id"] == "shop:83"  # and Bram never bought


def test_where_it_was_bought_can_be_said(tmp_path: Path, duckdb_engine: Engine) -> None:
    file = written(tmp_path, "klanten.csv", DUTCH)
    said = guessed(file, channel="store")
    assert said.unsure == ()
    assert {row["channel"] for row in rows_of(file, said, duckdb_engine)["order_totals"]} == {
        "store"
    }


@pytest.mark.parametrize("text", [GERMAN, ENGLISH, ENGLISH.replace("total_spent", "revenue")])
def test_a_day_of_making_and_an_amount_are_no_order_where_they_are_of_a_customer(
    text: str, tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "kunden.csv", text)
    assert guessed(file).row_is == "person"
    assert [row[:4] for row in totals(file, duckdb_engine)] == [
        ("shop:81", "web", 3, Decimal("1120.50")),
        ("shop:83", "web", 1, Decimal("19.95")),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ("Total Orders", "Total Spent", "Last Order Date"),
        ("Total Number of Orders", "Total Value of Orders", "Last Order Date"),
        ("Historic Number Of Orders", "Historic Customer Lifetime Value", "Last Placed Order"),
        ("Orders count", "Lifetime revenue", "Recent order at"),
        ("aantal_aankopen", "totale_omzet", "datum_laatste_aankoop"),
        ("Anzahl Käufe", "Gesamtumsatz", "Zuletzt bestellt am"),
    ],
)
def test_what_exports_call_them_is_known(headings: tuple[str, ...], tmp_path: Path) -> None:
    text = f"email,{','.join(headings)}\nann@voorbeeld.nl,3,12.50,2026-01-05\n"
    found = guessed(written(tmp_path, "x.csv", text))
    assert list(meant(found).values()) == [
        "email",
        "orders_count",
        "orders_amount",
        "last_ordered_at",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Predicted Number Of Orders",
        "Cancelled orders",
        "Aantal geannuleerde bestellingen",
        "Average order value",
        "Orders last year",
        "Days since last order",
        "Last active",
        "Last order ID",
    ],
)
def test_what_resembles_them_is_not_taken_for_them(heading: str, tmp_path: Path) -> None:
    found = guessed(written(tmp_path, "x.csv", f"email,{heading}\nann@voorbeeld.nl,3\n"))
    assert (meant(found), found.unsure) == ({"email": "email"}, ())


def test_each_side_has_its_own_total_and_nothing_is_counted_twice(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    """The amount of both together is left out; the first day of both lies before that of each."""
    file = written(tmp_path, "klanten.csv", SIDES)
    found = guessed(file)
    assert (found.row_is, found.channel, found.unsure) == ("person", "", ())
    assert "Omzet totaal" not in meant(found)
    assert totals(file, duckdb_engine) == [
        ("shop:81", "store", 1, Decimal(20), datetime(2024, 2, 2, 23)),
        ("shop:81", "web", 2, Decimal(50), datetime(2024, 2, 2, 23)),
        ("shop:82", "store", 1, Decimal("12.5"), datetime(2025, 2, 28, 23)),
    ]


def test_a_total_of_all_goes_before_that_of_one_side(tmp_path: Path, duckdb_engine: Engine) -> None:
    text = (
        "email,Orders,Spent,Last order,Orders online,Spent online,Last order online\n"
        "ann@voorbeeld.nl,3,30.00,2026-01-05,1,10.00,2025-01-05\n"
    )
    file = written(tmp_path, "x.csv", text)
    assert [row[1:4] for row in totals(file, duckdb_engine)] == [("web", 3, Decimal(30))]


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        (SHOPIFY, ("totals_without_last",)),
        ("email,Total Spent,Last Order\na@b.nl,3.50,2026-01-05\n", ("totals_without_number",)),
        ("email,Orders,Last Order\na@b.nl,3,2026-01-05\n", ("totals_without_amount",)),
        (
            "email,Spent online\na@b.nl,3.50\n",
            ("totals_without_number", "totals_without_last"),
        ),
        (
            "name,Orders,Spent,Last Order\nAnn Smith,3,9.50,2026-01-05\n",
            ("totals_without_person",),
        ),
        # A row a year: each is a part, and only the last would hold.
        (
            "email,year,orders,spent,last order\n"
            + "".join(f"a{n}@b.nl,{y},{y - 2023},9.50,{y}-01-05\n" for n in (1, 2) for y in (2024, 2025)),
            ("totals_repeated",),
        ),
    ],
)  # fmt: skip
def test_totals_that_cannot_be_used_say_why_and_leave_the_persons(
    text: str, doubts: tuple[str, ...], tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "x.csv", text)
    found = guessed(file)
    assert (found.row_is, found.unsure, found.channel) == ("person", doubts, "")
    assert not any(means.endswith(("_count", "_amount")) for means in meant(found).values())
    tables = rows_of(file, found, duckdb_engine)
    assert tables["persons"]
    assert "order_totals" not in tables


def test_the_side_that_lacks_something_is_told_beside_the_one_that_is_used(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "klanten.csv", SIDES.replace("Laatste aankoop in de winkel", "x"))
    assert guessed(file).unsure == ("totals_without_last",)
    assert [row[1] for row in totals(file, duckdb_engine)] == ["web"]


def test_the_column_that_was_lacking_can_be_pointed_at(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    text = "email,Total Spent,Total Orders,seen\nann@voorbeeld.nl,9.50,3,2026-01-05\n"
    file = written(tmp_path, "x.csv", text)
    assert guessed(file).unsure == ("totals_without_last",)
    said = guessed(file, said={"seen": "last_ordered_at"})
    assert said.unsure == ("totals_channel",)
    [row] = rows_of(file, said, duckdb_engine)["order_totals"]
    assert (row["orders"], row["last_ordered_at"]) == (3, datetime(2026, 1, 4, 23))


def test_a_row_for_each_channel_is_a_total_of_each(tmp_path: Path, duckdb_engine: Engine) -> None:
    text = "klantnummer;kanaal;aantal bestellingen;omzet;laatste bestelling\n" + "".join(
        f"{n};{channel};{len(channel)};{n},50;2026-01-05\n" for n in (1, 2) for channel in ("webshop", "Winkel")
    )  # fmt: skip
    file = written(tmp_path, "x.csv", text)
    assert [row[:2] for row in totals(file, duckdb_engine)] == [
        ("shop:1", "store"),
        ("shop:1", "web"),
        ("shop:2", "store"),
        ("shop:2", "web"),
    ]
    campaign = guessed(written(tmp_path, "y.csv", text.replace("Winkel", "AdWords")))
    assert campaign.unsure == ("totals_repeated",)


@pytest.mark.parametrize(
    "text",
    [
        # As systems write each order with its customer.
        "Order ID,Order Date,Total,Customer ID,customer.orders_count,customer.total_spent,customer.last_order_date\n"
        + "".join(f"{n},2026-02-1{n},9.50,{n},{n},2{n}.50,2026-03-01\n" for n in range(1, 6)),
        # Without a number of the order, and nobody came back yet.
        "klantnummer;datum;bedrag;aantal bestellingen;totaal besteed;laatste bestelling\n"
        + "".join(f"{n};2026-02-1{n};9,50;{n};2{n},50;2026-03-01\n" for n in range(1, 6)),
    ],
)
def test_orders_that_tell_the_totals_of_their_customers_stay_orders(
    text: str, tmp_path: Path, duckdb_engine: Engine
) -> None:
    file = written(tmp_path, "orders.csv", text)
    found = guessed(file)
    assert (found.row_is, found.lacks) == ("order", ())
    tables = rows_of(file, found, duckdb_engine)
    assert {row["total_amount"] for row in tables["orders"]} == {Decimal("9.5")}
    assert "order_totals" not in tables


def test_how_often_articles_were_sold_is_no_total_of_people(tmp_path: Path) -> None:
    text = "id,sku,name,category,orders,revenue,last order date\n" + "".join(
        f"{n},A-{n},Koffie {n},Dranken,{n},{n}.50,2026-01-05\n" for n in range(1, 6)
    )
    assert guessed(written(tmp_path, "articles.csv", text)).row_is == "product"


def test_a_number_that_is_not_whole_is_put_aside_and_its_person_is_kept(tmp_path: Path) -> None:
    text = DUTCH.replace(";3;1.120,50;", ";2,5;1.120,50;")
    found = guessed(written(tmp_path, "klanten.csv", text))
    rows = files.rows_of(files.mapped(tmp_path, mapping_text(found), text, "klanten.csv"))
    assert [row["person_id"] for row in rows["order_totals"]] == ["shop:83"]
    assert len(rows["persons"]) == 3
    [aside] = rows["quarantine"]
    assert (aside["line"], aside["column"], aside["found"]) == (2, "Aantal bestellingen", "2,5")


def test_both_sides_of_a_real_list_add_up(
    development_data: Path, tmp_path: Path, duckdb_engine: Engine
) -> None:
    """FLO: 19,945 people who all bought on both sides; sums as the file has them."""
    file = development_data / "omnichannel" / "flo_customers.csv.gz"
    export = ExportFile(file, file.name, "flo", "f" * 16, {"time_zone": "Europe/Istanbul"})
    mapping = tmp_path / "flo.toml"
    mapping.write_text(mapping_text(guessed(file)), encoding="utf-8")
    reading = read_by_mapping(read_mapping(mapping), [export], duckdb_engine)
    told = reading.tables["order_totals"]
    sums = told.group_by("channel").aggregate(
        people=told.count(), orders=told["orders"].sum(), amount=told["total_amount"].sum()
    )
    rows = duckdb_engine.fetch(sums.order_by("channel")).to_pylist()
    reading.release()
    assert reading.rejected.num_rows == 0
    assert [(row["channel"], row["people"]) for row in rows] == [
        ("store", 19_945),
        ("web", 19_945),
    ]
    assert sum(row["orders"] for row in rows) == 100_219
    assert sum(row["amount"] for row in rows) == Decimal("14983567.31")
