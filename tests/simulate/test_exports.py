"""The exports look as the systems write them, and agree with one another."""

from __future__ import annotations

import csv
import json
import tomllib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from klantreis.settings import read_settings
from klantreis.simulate import Plan
from tests.simulate.reading import broken_lines, json_lines, sheet, truth


def cents(amount: str) -> int:
    return round(float(amount.replace(",", ".")) * 100)


@pytest.fixture(scope="module")
def orders(folder: Path) -> list[dict[str, str]]:
    return sheet(folder, "shopify/orders_export_*.csv")


def test_every_folder_has_its_connector_in_the_settings(folder: Path) -> None:
    settings = read_settings(folder)
    assert set(settings.sources) == {path.name for path in (folder / "exports").iterdir()}
    for source in settings.sources.values():
        assert source.connector
        if source.mapping:
            tomllib.loads((folder / source.mapping).read_text(encoding="utf-8"))


def test_there_is_a_file_for_every_month_and_every_day(folder: Path, plan: Plan) -> None:
    for pattern in (
        "shopify/orders_export_{}.csv", "till/bonnen_{}.csv", "mailchimp/activity_{}.csv",
         "mollie/payments_{}.json", "stock/voorraad_{}.csv",
        "parcels/zendingen_{}.csv",
    ):  # fmt: skip
        for month in plan.calendar_months:
            assert (folder / "exports" / pattern.format(month)).exists()
    assert len(list((folder / "exports/ga4").iterdir())) >= plan.days - 5
    assert len(list((folder / "exports/leaflet").iterdir())) == 79


def test_order_fields_stand_on_the_first_row_only(orders: list[dict[str, str]]) -> None:
    seen: set[str] = set()
    for row in orders:
        assert bool(row["Created at"]) == (row["Name"] not in seen) or not row["Name"]
        assert row["Lineitem sku"]
        seen.add(row["Name"])


def test_an_orders_lines_and_discounts_add_up_to_its_total(
    folder: Path, orders: list[dict[str, str]]
) -> None:
    lines: dict[str, int] = defaultdict(int)
    for row in orders:
        lines[row["Name"]] += int(row["Lineitem quantity"]) * cents(row["Lineitem price"])
    firsts = [row for row in orders if row["Total"]]
    right = [
        lines[row["Name"]] - cents(row["Discount Amount"]) + cents(row["Shipping"])
        == cents(row["Total"])
        for row in firsts
    ]
    # A broken row takes its line away from the sum.
    assert len(right) > 100
    assert len(right) - sum(right) <= sum("orders_export" in p for p, _ in broken_lines(folder))


def test_orders_are_numbered_in_the_order_in_which_they_came(
    orders: list[dict[str, str]],
) -> None:
    placed = [
        (int(row["Name"][1:]), datetime.strptime(row["Created at"], "%Y-%m-%d %H:%M:%S %z"))
        for row in orders
        if row["Created at"]
    ]
    assert placed == sorted(placed)
    assert placed[0][0] == 1001
    zone = ZoneInfo("Europe/Amsterdam")
    assert all(at.utcoffset() == at.astimezone(zone).utcoffset() for _, at in placed)


def test_every_paid_order_has_a_paid_payment_of_the_same_amount(
    folder: Path, orders: list[dict[str, str]]
) -> None:
    paid = {
        payment["metadata"]["order_id"]: cents(payment["amount"]["value"])
        for payment in json_lines(folder, "mollie/*.json")
        if payment["status"] == "paid"
    }
    broken = sum("mollie" in path for path, _ in broken_lines(folder))
    firsts = [row for row in orders if row["Total"]]
    unpaid = [
        row
        for row in firsts
        if row["Financial Status"] != "voided" and paid.get(row["Name"]) != cents(row["Total"])
    ]
    assert len(unpaid) <= broken
    voided = [row["Name"] for row in firsts if row["Financial Status"] == "voided"]
    assert voided
    assert not set(voided) & set(paid)


def test_purchases_online_are_the_orders_that_were_paid(
    orders: list[dict[str, str]], web_events: list[dict[str, Any]]
) -> None:
    bought = {
        event["ecommerce"]["transaction_id"]
        for event in web_events
        if event["event_name"] == "purchase"
    }
    paid = {row["Name"] for row in orders if row["Total"] and row["Financial Status"] != "voided"}
    assert len(bought ^ paid) <= 5  # broken rows


def test_web_events_lie_in_the_file_of_their_local_day_in_order(folder: Path) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    for file in sorted((folder / "exports/ga4").iterdir())[80:100]:
        day = file.name[7:15]
        stamps = []
        for event in json_lines(folder, f"ga4/{file.name}"):
            stamp = int(event["event_timestamp"])
            local = datetime.fromtimestamp(stamp / 1e6, UTC).astimezone(zone)
            assert event["event_date"] == day == f"{local:%Y%m%d}"
            stamps.append(stamp)
        assert stamps == sorted(stamps)


def test_every_visit_starts_once_and_is_signed_in_only_after_signing_in(
    web_events: list[dict[str, Any]],
) -> None:
    visits: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for event in web_events:
        parameters = {p["key"]: p["value"] for p in event["event_params"]}
        session = parameters["ga_session_id"]["int_value"]
        visits[event["user_pseudo_id"], session].append(event)
    starts = [sum(e["event_name"] == "session_start" for e in visit) for visit in visits.values()]
    assert set(starts) <= {0, 1}  # 0: a start that is in a broken row
    assert starts.count(0) <= 5
    known = [[e.get("user_id") for e in visit] for visit in visits.values()]
    assert any(any(users) for users in known)
    for users in known:
        assert len({user for user in users if user}) <= 1
        assert not any(a and not b for a, b in pairwise(users))


def test_receipts_are_windows_text_with_decimal_commas(folder: Path) -> None:
    rows = sheet(folder, "till/bonnen_*.csv", ";", "cp1252")
    assert any("è" in row["Omschrijving"] for row in rows)
    for row in rows:
        assert "." not in row["Bedrag"]
        line = int(row["Aantal"]) * cents(row["Prijs"]) - cents(row["Korting"])
        assert line == cents(row["Bedrag"])
    assert any(int(row["Aantal"]) < 0 for row in rows)
    assert any(row["Klantkaart"] == "0000000000000" for row in rows)
    assert any(row["Klantkaart"].startswith("2699999") for row in rows)


def test_loyalty_cards_have_a_right_check_digit(folder: Path) -> None:
    rows = sheet(folder, "crm/contacten.csv", ";")
    assert len({row["Kaartnummer"] for row in rows}) == len(rows)
    for row in rows:
        digits = [int(digit) for digit in row["Kaartnummer"]]
        assert len(digits) == 13
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_contacts_hold_doubles_typed_with_errors(folder: Path) -> None:
    humans = {row["person_id"]: row["human_id"] for row in truth(folder, "records")}
    by_human: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in sheet(folder, "crm/contacten.csv", ";"):
        by_human[humans[f"crm:{row['Klantnummer']}"]].append(row)
    doubles = [rows for rows in by_human.values() if len(rows) > 1]
    assert 0.03 < len(doubles) / len(by_human) < 0.2
    differ = [len({row["Achternaam"] for row in rows}) > 1 for rows in doubles]
    assert any(differ)
    assert not all(differ)


def test_leaflet_and_webshop_differ_only_where_that_was_planted(folder: Path) -> None:
    printed = {
        (offer["sku"], leaflet["valid_from"]): cents(offer["price"])
        for file in sorted((folder / "exports/leaflet").iterdir())
        for leaflet in [json.loads(file.read_text(encoding="utf-8"))]
        for offer in leaflet["offers"]
    }
    online = {}
    for row in sheet(folder, "webshop_offers/aanbiedingen.csv", ";"):
        day, month, year = row["Van"].split("-")
        online[row["Artikel"], f"{year}-{month}-{day}"] = cents(row["Actieprijs"])
    planted = {
        (row["product_id"], row["starts_on"].isoformat()): row["kind"]
        for row in truth(folder, "inconsistencies")
    }
    broken = sum("webshop_offers" in path for path, _ in broken_lines(folder))
    missing = {key for key in printed.keys() - online.keys() if key not in planted}
    assert len(missing) <= broken
    for key in printed.keys() & online.keys():
        assert (printed[key] != online[key]) == (planted.get(key) == "other_price")
    for key in online.keys() - printed.keys():
        assert planted[key] == "missing_in_leaflet"


def test_spend_is_paid_on_days_with_paid_visits(
    folder: Path, web_events: list[dict[str, Any]]
) -> None:
    visits: dict[str, int] = defaultdict(int)
    for event in web_events:
        origin = event.get("collected_traffic_source", {})
        if event["event_name"] == "session_start" and origin.get("manual_medium") == "cpc":
            visits[str(event["event_date"])] += 1
    clicks: dict[str, int] = defaultdict(int)
    for row in sheet(folder, "google_ads/kosten_*.csv", ";"):
        day, month, year = row["Dag"].split("-")
        clicks[year + month + day] += int(row["Klikken"])
    assert sum(visits.values()) <= sum(clicks.values()) * 1.02
    assert sum(clicks.values()) < 1.3 * sum(visits.values())
    assert not set(clicks) - set(visits)


def test_what_was_searched_in_google_brought_the_visits_and_is_searched_in_the_shop_too(
    folder: Path, plan: Plan, web_events: list[dict[str, Any]]
) -> None:
    (report,) = (folder / "exports/search_console").iterdir()
    last = plan.end - timedelta(days=1)
    assert report.name.endswith(f"Performance-on-Search-{last}.zip")
    with ZipFile(report) as archive:
        lines = archive.read("Queries.csv").decode().splitlines()
    terms = {row["Top queries"]: row for row in csv.DictReader(lines)}
    clicks = {term: int(row["Clicks"]) for term, row in terms.items()}
    first = f"{last - timedelta(days=90):%Y%m%d}"
    came = [
        event
        for event in web_events
        if event["event_name"] == "session_start"
        and event.get("collected_traffic_source", {}).get("manual_medium") == "organic"
        and event["event_date"] >= first
    ]
    assert 0.3 * len(came) < sum(clicks.values()) <= 1.02 * len(came)
    assert all(int(row["Impressions"]) >= clicks[term] for term, row in terms.items())
    typed = {
        one["value"]["string_value"]
        for event in web_events
        if event["event_name"] == "view_search_results"
        for one in event["event_params"]
        if one["key"] == "search_term"
    }
    plain = [term for term in terms if not term.startswith("huis en haard")]
    assert len(plain) > 20
    assert len(typed.intersection(plain)) > 0.9 * len(plain)
