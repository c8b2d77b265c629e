"""More exports as systems really write them: what was lost in them, or taken for something else."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from klantreis.sources import mended, raw_rows, recognise_source
from klantreis.sources.woocommerce import source as woocommerce
from klantreis.sources.zendesk import source as zendesk
from tests.sources.files import SAMPLES, export_file, log_of, rows_of, taken, written
from tests.sources.test_odd_exports import brought_in

MAGENTO_GRID = """\
"ID","Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)","Grand Total (Purchased)","Status","Customer Email"
"000000101","Main Website
   Main Website Store","Jan 5, 2026 2:22:11 PM","Anna de Vries","Oma","€1,234.56","€1,234.56","complete","anna@voorbeeld.nl"
"000000102","Main Website
   Main Website Store","Jan 16, 2026 9:00:00 AM","Bo Bos","Bo","€10.00","€10.00","canceled","bo@voorbeeld.nl"
"""
LIGHTSPEED_ORDERS = """\
Ordernummer;Datum;Status;Klant;E-mail;Totaal incl. btw;Totaal excl. btw;Verzendkosten
ORD1001;05-01-2026 14:22;Afgehandeld;Anna de Vries;anna@voorbeeld.nl;€ 1.234,56;€ 1.020,30;€ 4,95
ORD1002;06-01-2026 09:00;Geannuleerd;Bo Bos;bo@voorbeeld.nl;€ 12,50;€ 10,33;€ 0,00
"""
BOL = """\
sep=;
Bestelnummer;Besteldatum;EAN;Titel;Aantal;Prijs
10001;5 jan. 2026;8712345678906;"Kussen ""zacht""; blauw";2;12,50
10002;16 jan. 2026;8712345678907;Lamp;1;1.999,95
"""


def test_pages_of_orders_in_one_list_are_read_shown_and_mended(tmp_path: Path) -> None:
    orders = json.loads((SAMPLES / "woocommerce" / "orders_2026-01.json").read_text())
    flat = export_file(written(tmp_path / "flat.json", json.dumps(orders)))
    paged = export_file(
        written(tmp_path / "paged.json", json.dumps([orders[:2], orders[2:5], [], orders[5:]]))
    )
    told = [taken(woocommerce, [one], tmp_path / one.path.stem) for one in (flat, paged)]
    of_flat, of_paged = (
        {name: (log.rows_read, log.rows_loaded) for name, log in log_of(parts).items()}
        for parts in told
    )
    assert of_flat == of_paged
    assert of_paged["orders"][0] == 9  # drafts are no orders
    (row,) = (one for one in raw_rows(woocommerce, paged, [3]).rows if one.is_meant)
    assert json.loads(row.cells[0])["id"] == orders[2]["id"]
    changed = mended(paged.path, {3: {"total": "1.00"}}, tmp_path / "copy")
    assert json.loads(changed.read_text())[1][0]["total"] == "1.00"


def test_a_requester_beside_the_tickets_is_known(tmp_path: Path) -> None:
    export = export_file(SAMPLES / "zendesk" / "tickets_incremental_2026-01.json")
    assert recognise_source(export) is zendesk
    persons = rows_of(taken(zendesk, [export], tmp_path))["persons"]
    assert {row["person_id"]: row["email"] for row in persons} == {
        "shop:9001": "anna@voorbeeld.nl",
        "shop:9002": "bo@voorbeeld.nl",
        "shop:9003": None,  # is not in this page
    }


def test_the_order_grid_of_magento_is_of_orders(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, MAGENTO_GRID)
    assert found.row_is == "order"
    assert [
        (row["order_id"], row["ordered_at"], row["status"], row["total_amount"])
        for row in rows["orders"]
    ] == [
        ("shop:000000101", datetime(2026, 1, 5, 13, 22, 11), "completed", Decimal("1234.56")),
        ("shop:000000102", datetime(2026, 1, 16, 8, 0), "cancelled", 10),
    ]
    assert {row["last_name"] for row in rows["persons"]} == {"de Vries", "Bos"}


def test_a_total_without_vat_is_no_vat(tmp_path: Path) -> None:
    _, rows = brought_in(tmp_path, LIGHTSPEED_ORDERS, "cp1252")
    assert [(row["total_amount"], row["tax_amount"]) for row in rows["orders"]] == [
        (Decimal("1234.56"), None),
        (Decimal("12.5"), None),
    ]


def test_days_with_a_point_behind_the_month_are_days(tmp_path: Path) -> None:
    found, rows = brought_in(tmp_path, BOL)
    assert found.row_is == "order_line"
    assert sum(row["line_amount"] for row in rows["order_lines"]) == Decimal("2024.95")
    assert [row["ordered_at"] for row in rows["orders"]] == [
        datetime(2026, 1, 4, 23),
        datetime(2026, 1, 15, 23),
    ]
