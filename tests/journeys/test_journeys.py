from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from klantreis.engine import Engine
from tests.journeys.cases import LAPSE_DAYS, NOW, START, Moment, made_from, walk

MINUTE = 1 / 1440
TODAY = (NOW - START).days


def journey(engine: Engine, *moments: tuple[float, str] | tuple[float, str, int]) -> dict[str, Any]:
    (row,) = made_from(engine, walk(*moments)).rows("journeys")
    return row


def test_a_journey_with_a_purchase_tells_when_where_and_how_much(duckdb_engine: Engine) -> None:
    row = journey(
        duckdb_engine,
        (0, "ads.ad_click"),
        (1, "web.view_item"),
        (2.5, "store.purchase", 30),
        (2.5 + MINUTE, "store.purchase", 12),
        (9, "review.review"),
    )
    assert (row["journey_id"], row["customer_id"], row["number"]) == ("1-1", 1, 1)
    assert (row["outcome"], row["purchase_channel"]) == ("purchase", "store")
    assert row["purchased_at"] == START + timedelta(days=2.5)
    assert row["days_to_purchase"] == 2.5
    assert row["purchase_amount"] == Decimal(42)
    assert (row["entry_touchpoint"], row["last_touchpoint"]) == ("ads.ad_click", "review.review")
    assert (row["started_at"], row["ended_at"]) == (START, START + timedelta(days=9))
    assert (row["steps"], row["channels"]) == (5, 4)


def test_without_a_purchase_a_journey_is_open_until_it_lapses(duckdb_engine: Engine) -> None:
    last = TODAY - LAPSE_DAYS
    assert journey(duckdb_engine, (last, "web.view_item"))["outcome"] == "open"
    lapsed = journey(duckdb_engine, (last - MINUTE, "web.view_item"))
    assert lapsed["outcome"] == "lapsed"
    assert (
        lapsed["purchased_at"] is lapsed["purchase_channel"] is lapsed["days_to_purchase"] is None
    )
    assert lapsed["purchase_amount"] == 0


def test_mail_that_is_only_received_keeps_no_journey_open(duckdb_engine: Engine) -> None:
    last = TODAY - LAPSE_DAYS - 1
    row = journey(duckdb_engine, (last, "web.view_item"), (last + 40, "mail.sent"))
    assert (row["outcome"], row["last_touchpoint"]) == ("lapsed", "mail.sent")


def test_the_orientation_channel_has_most_acts_before_the_purchase(duckdb_engine: Engine) -> None:
    row = journey(
        duckdb_engine,
        (0, "app.view_item"),
        (1, "web.view_item"),
        (2, "web.search"),
        (3, "mail.sent"),
        (4, "mail.sent"),
        (5, "mail.sent"),
        (6, "store.purchase", 9),
        (6 + MINUTE, "app.view_item"),
        (6 + 2 * MINUTE, "app.search"),
    )
    assert row["orientation_channel"] == "web"


def test_of_equal_channels_the_first_is_the_orientation_channel(duckdb_engine: Engine) -> None:
    row = journey(duckdb_engine, (0, "web.view_item"), (1, "app.view_item"))
    assert row["orientation_channel"] == "web"


def test_a_purchase_without_a_step_before_it_has_no_orientation_channel(
    duckdb_engine: Engine,
) -> None:
    row = journey(duckdb_engine, (0, "store.purchase", 9))
    assert (row["orientation_channel"], row["days_to_purchase"]) == (None, 0.0)


def test_journeys_are_numbered_per_customer(duckdb_engine: Engine) -> None:
    moments = [Moment(c, d, "web.view_item") for c in (7, 8) for d in (0, 70, 140)]
    rows = made_from(duckdb_engine, moments).rows("journeys")
    assert [(row["journey_id"], row["number"]) for row in rows] == [
        (f"{customer}-{number}", number) for customer in (7, 8) for number in (1, 2, 3)
    ]
