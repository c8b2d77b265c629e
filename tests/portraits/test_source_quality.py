from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from klantreis import portraits
from klantreis.engine import Engine
from tests.rows import Row, made, rows_of

FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 2, 1)
INPUTS = (
    "imports",
    "links",
    "customers",
    "persons",
    "identifiers",
    "events",
    "orders",
    "order_lines",
    "order_totals",
    "products",
    "offers",
    "payments",
    "messages",
    "feedback",
    "survey_answers",
    "spend",
    "consents",
    "stock_levels",
    "search_terms",
)


def event(event_id: str, at: datetime, source: str = "ga4", **more: Any) -> Row:
    values = {"event_id": event_id, "source": source, "channel": "web", "occurred_at": at}
    return {**values, **more}


def order(order_id: str, person_id: str | None, amount: str) -> Row:
    return {
        "order_id": order_id,
        "source": "shopify",
        "person_id": person_id,
        "kind": "sale",
        "channel": "web",
        "ordered_at": FIRST,
        "status": "completed",
        "total_amount": Decimal(amount),
    }


def log(source: str, table_name: str, **counts: int) -> Row:
    return {"source": source, "table_name": table_name, "imported_at": LAST, **counts}


TABLES: dict[str, list[Row]] = {
    "imports": [
        log("ga4", "events", rows_doubled=2, rows_quarantined=1),
        log("ga4", "events", rows_doubled=1),
        log("mollie", "payments", rows_quarantined=5),
    ],
    "links": [
        {"person_id": "crm:1", "customer_id": 1},
        {"person_id": "ga4:c:x", "customer_id": 2},
    ],
    "customers": [
        {"customer_id": 1, "is_known": True, "may_email": False, "sources": []},
        {"customer_id": 2, "is_known": False, "may_email": False, "sources": []},
    ],
    "events": [
        event("1", LAST, person_id="ga4:c:x", page="/"),
        event("2", FIRST, person_id="crm:1"),
        event("3", FIRST, page="/"),
        event("4", FIRST, order_id="o0"),
        event("5", FIRST, source="parcels"),
    ],
    "orders": [order(f"o{n}", "crm:1" if n < 2 else None, "10") for n in range(4)]
    + [order("o9", None, "1000")],
    "order_lines": [
        {"order_line_id": "l1", "source": "shopify", "order_id": "o0", "line_amount": Decimal("1")},
        {"order_line_id": "l2", "source": "shopify", "order_id": "o9", "line_amount": Decimal("1")},
    ],
    "stock_levels": [
        {"source": "stock", "product_id": "p", "counted_on": FIRST.date(), "quantity": 1.0}
    ],
}


@pytest.fixture(scope="module")
def quality(duckdb_engine: Engine) -> dict[tuple[str, str], dict[str, Any]]:
    inputs = {name: rows_of(name, TABLES.get(name, ())) for name in INPUTS}
    rows = made(
        "source_quality", portraits.source_quality(**inputs, engine=duckdb_engine), duckdb_engine
    )
    return {(row["source"], row["table_name"]): row for row in rows}


def test_every_table_of_every_source_is_judged_also_when_nothing_was_fit_to_load(
    quality: dict[tuple[str, str], Any],
) -> None:
    assert sorted(quality) == [
        ("ga4", "events"),
        ("mollie", "payments"),
        ("parcels", "events"),
        ("shopify", "order_lines"),
        ("shopify", "orders"),
        ("stock", "stock_levels"),
    ]
    nothing = quality["mollie", "payments"]
    assert (nothing["rows"], nothing["quarantined"], nothing["tied_share"]) == (0, 5, None)


def test_rows_period_doubles_and_quarantine_are_told(quality: dict[tuple[str, str], Any]) -> None:
    row = quality["ga4", "events"]
    assert (row["rows"], row["first_at"], row["last_at"]) == (4, FIRST, LAST)
    assert (row["doubled"], row["quarantined"]) == (3, 1)
    assert quality["shopify", "order_lines"]["first_at"] is None


def test_missing_is_judged_over_columns_that_the_source_fills_at_all(
    quality: dict[tuple[str, str], Any],
) -> None:
    # Person (2 of 4), page (2 of 4) and order (3 of 4) are lacking.
    assert quality["ga4", "events"]["missing_share"] == pytest.approx(7 / 12)
    assert quality["parcels", "events"]["missing_share"] is None


def test_a_row_ties_by_its_person_or_its_order(quality: dict[tuple[str, str], Any]) -> None:
    row = quality["ga4", "events"]
    assert (row["tied_share"], row["known_share"]) == (0.75, 0.5)
    assert quality["parcels", "events"]["tied_share"] == 0
    assert quality["shopify", "orders"]["tied_share"] == 0.4
    assert quality["shopify", "order_lines"]["known_share"] == 0.5
    assert quality["stock", "stock_levels"]["tied_share"] is None


def test_amounts_far_from_all_others_are_outliers(quality: dict[tuple[str, str], Any]) -> None:
    assert quality["shopify", "orders"]["outliers"] == 1
    assert quality["shopify", "order_lines"]["outliers"] == 0
