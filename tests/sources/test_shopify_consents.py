"""Shopify's yes and no to mail and sms: where it keeps the list, never of a form left blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from klantreis.sources.shopify import source as shopify
from tests.sources.files import IMPORTED_AT, export_file, rows_of, taken, written

ORDERS = (
    "Name,Email,Financial Status,Accepts Marketing,Created at,Lineitem quantity,Lineitem price,"
    "Lineitem sku\n"
    "#1,Ann@voorbeeld.nl,paid,yes,2026-01-05 14:22:11 +0100,1,10.00,A\n"
    "#1,Ann@voorbeeld.nl,,,,1,5.00,B\n"
    "#2,ann@voorbeeld.nl,paid,no,2026-01-20 09:00:00 +0100,1,10.00,A\n"
    "#3,bo@voorbeeld.nl,paid,no,2026-01-06 09:00:00 +0100,1,10.00,A\n"
    "#4,,paid,yes,2026-01-07 09:00:00 +0100,1,10.00,A\n"
)
CUSTOMERS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Phone,Phone,"
    "Accepts SMS Marketing,Total Spent\n"
    "71,Ann,de Wit,Ann@voorbeeld.nl,no,06-12345678,,Yes,20.00\n"
    "72,Bo,Smit,bo@voorbeeld.nl,YES,,,no,10.00\n"
    "73,Cas,Bos,,no,,'+32 470 12 34 56,no,0.00\n"
    "74,Dee,Vos,dee@voorbeeld.nl,,,,,0.00\n"
)
ANN, BO = "shopify:ann@voorbeeld.nl", "shopify:bo@voorbeeld.nl"
Said = Mapping[tuple[str, str, datetime], bool]


def said(
    folder: Path, *, customers: str = "customers_export.csv", **settings: object
) -> list[dict[str, Any]]:
    files = [
        export_file(written(folder / name, content), "shopify", **settings)
        for name, content in (("orders_export.csv", ORDERS), (customers, CUSTOMERS))
    ]
    return rows_of(taken(shopify, files, folder / "parts")).get("consents", [])


def short(rows: list[dict[str, Any]], purpose: str) -> Said:
    return {
        (row["person_id"], row["consent_id"], row["stated_at"]): row["is_granted"]
        for row in rows
        if row["purpose"] == purpose
    }


def test_nothing_is_a_consent_while_another_tool_keeps_the_list(tmp_path: Path) -> None:
    assert said(tmp_path) == []


def test_a_ticked_box_is_a_yes_and_the_list_as_it_was_exported_comes_after(tmp_path: Path) -> None:
    rows = said(tmp_path, consents="email")
    # The order form that Ann left blank on 20 January says nothing; the list says that she left.
    assert short(rows, "email_marketing") == {
        (ANN, "shopify:#1:email_marketing", datetime(2026, 1, 5, 13, 22, 11)): True,
        (ANN, "shopify:ann@voorbeeld.nl:email_marketing", IMPORTED_AT): False,
        (BO, "shopify:bo@voorbeeld.nl:email_marketing", IMPORTED_AT): True,
    }
    assert short(rows, "sms_marketing") == {}


def test_the_day_in_the_files_name_goes_before_that_of_taking_it_in(tmp_path: Path) -> None:
    rows = said(tmp_path, customers="customers_2026-01-10.csv", consents="email, sms")
    evening = datetime(2026, 1, 10, 22, 59, 59)
    key = (ANN, "shopify:ann@voorbeeld.nl:email_marketing:2026-01-10", evening)
    assert short(rows, "email_marketing")[key] is False
    assert short(rows, "sms_marketing") == {
        (ANN, "shopify:71:sms_marketing:2026-01-10", evening): True,
        (BO, "shopify:72:sms_marketing:2026-01-10", evening): False,
        ("shopify:id:73", "shopify:73:sms_marketing:2026-01-10", evening): False,
    }


@pytest.mark.parametrize("which", ["sms", "SMS"])
def test_each_list_is_asked_for_by_itself(tmp_path: Path, which: str) -> None:
    rows = said(tmp_path, consents=which)
    assert {row["purpose"] for row in rows} == {"sms_marketing"}
