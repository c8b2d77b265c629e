"""Totals less what is known purchase by purchase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis import portraits
from klantreis.engine import Engine
from tests.rows import Row, at_hand, made

AS_OF = datetime(2026, 3, 1, 12)
LINKS: Sequence[Row] = (
    {"person_id": "crm:1", "customer_id": 1},
    {"person_id": "till:1", "customer_id": 1},
    {"person_id": "crm:2", "customer_id": 2},
    {"person_id": "crm:nobody", "customer_id": None},
)


def ago(days: float) -> datetime:
    return AS_OF - timedelta(days=days)


def total(person: str, orders: int, amount: str, last: float, **more: Any) -> Row:
    told = {"person_id": person, "channel": "web", "orders": orders}
    return {**told, "total_amount": Decimal(amount), "last_ordered_at": ago(last), **more}


def purchase(number: int, person: str, amount: str, days: float, **more: Any) -> Row:
    """A purchase of a person record; in the timeline it is a moment of their customer."""
    told = {"number": number, "person_id": person, "amount": Decimal(amount), "at": ago(days)}
    return {"channel": "web", "table": "orders", **told, **more}


def left(
    engine: Engine, totals: Sequence[Row], purchases: Sequence[Row] = ()
) -> dict[tuple[int, str], Any]:
    customer = {row["person_id"]: row["customer_id"] for row in LINKS}
    timeline = [
        {"customer_id": customer[row["person_id"]], "position": row["number"], "session": 1,
         "event": "purchase", "channel": row["channel"], "occurred_at": row["at"],
         "amount": row["amount"], "record_table": row["table"], "record_id": f"{row['number']}"}
        for row in purchases
    ]  # fmt: skip
    orders = [
        {"order_id": f"{row['number']}", "person_id": row["person_id"], "kind": "sale",
         "channel": row["channel"], "status": "completed", "ordered_at": row["at"],
         "total_amount": row["amount"]}
        for row in purchases if row["table"] == "orders"
    ]  # fmt: skip
    events = [
        {"event_id": f"{row['number']}", "person_id": row["person_id"], "name": "purchase",
         "channel": row["channel"], "occurred_at": row["at"]}
        for row in purchases if row["table"] == "events"
    ]  # fmt: skip
    tables = {"links": LINKS, "timeline": timeline, "orders": orders, "events": events}
    step = portraits.undated_purchases(
        at_hand("order_totals", totals, engine),
        **{name: at_hand(name, rows, engine) for name, rows in tables.items()},
        engine=engine,
        as_of=AS_OF,
    )
    rows = made("undated_purchases", step, engine)
    return {(row["customer_id"], row["channel"]): row for row in rows}


def test_what_is_known_one_by_one_is_taken_from_the_total(any_engine: Engine) -> None:
    rows = left(
        any_engine,
        [total("crm:1", 21, "2000.50", 2, first_ordered_at=ago(900)), total("crm:2", 1, "9", 4)],
        [
            purchase(1, "crm:1", "100", 2),
            purchase(2, "crm:1", "50.25", 30),
            purchase(3, "crm:2", "9", 4),
        ],
    )
    assert rows.keys() == {(1, "web")}
    row = rows[1, "web"]
    assert (row["orders"], row["amount"]) == (19, Decimal("1850.25"))
    assert (row["first_ordered_at"], row["last_ordered_at"]) == (ago(900), ago(2))


def test_only_purchases_of_the_same_record_and_channel_are_part_of_a_total(
    duckdb_engine: Engine,
) -> None:
    rows = left(
        duckdb_engine,
        [total("crm:1", 5, "50", 2)],
        [purchase(1, "till:1", "10", 9), purchase(2, "crm:1", "10", 9, channel="store")],
    )
    assert (rows[1, "web"]["orders"], rows[1, "web"]["amount"]) == (5, 50)


def test_a_purchase_that_web_analytics_tells_is_part_of_a_total_too(duckdb_engine: Engine) -> None:
    rows = left(
        duckdb_engine,
        [total("crm:1", 5, "50", 2)],
        [purchase(1, "crm:1", "10", 9, table="events")],
    )
    assert (rows[1, "web"]["orders"], rows[1, "web"]["amount"]) == (4, 40)


def test_the_records_of_a_customer_are_added_up_and_channels_are_not(duckdb_engine: Engine) -> None:
    rows = left(
        duckdb_engine,
        [
            total("crm:1", 5, "50", 20, first_ordered_at=ago(90)),
            total("till:1", 3, "30", 2, first_ordered_at=ago(80)),
            total("crm:1", 2, "7", 4, channel="store"),
            total("crm:nobody", 4, "40", 2),
            total("crm:unlinked", 4, "40", 2),
        ],
    )
    assert {key: (row["orders"], row["amount"]) for key, row in rows.items()} == {
        (1, "web"): (8, 80),
        (1, "store"): (2, 7),
    }
    assert (rows[1, "web"]["first_ordered_at"], rows[1, "web"]["last_ordered_at"]) == (
        ago(90),
        ago(2),
    )
    assert rows[1, "store"]["first_ordered_at"] is None


def test_a_first_date_is_not_told_when_one_of_the_totals_has_none(duckdb_engine: Engine) -> None:
    totals = [total("crm:1", 5, "50", 20, first_ordered_at=ago(90)), total("till:1", 3, "30", 2)]
    assert left(duckdb_engine, totals)[1, "web"]["first_ordered_at"] is None
    after_the_last = [total("crm:1", 5, "50", 20, first_ordered_at=ago(3))]
    assert left(duckdb_engine, after_the_last)[1, "web"]["first_ordered_at"] is None


def test_dates_outside_those_of_the_purchases_are_told_without_purchases_left(
    duckdb_engine: Engine,
) -> None:
    known = [purchase(1, "crm:1", "20", 30), purchase(2, "crm:1", "20", 10)]
    inside = [total("crm:1", 2, "90", 10, first_ordered_at=ago(30))]
    assert left(duckdb_engine, inside, known) == {}
    later = left(duckdb_engine, [total("crm:1", 2, "90", 5)], known)[1, "web"]
    assert (later["orders"], later["amount"], later["last_ordered_at"]) == (0, 0, ago(5))
    earlier = [total("crm:1", 1, "90", 10, first_ordered_at=ago(40))]
    assert left(duckdb_engine, earlier, known)[1, "web"]["first_ordered_at"] == ago(40)


def test_totals_of_later_and_of_nothing_say_nothing(duckdb_engine: Engine) -> None:
    assert left(duckdb_engine, [total("crm:1", 5, "50", -1), total("crm:2", 0, "50", 3)]) == {}
    later = [purchase(1, "crm:1", "10", -2)]
    assert left(duckdb_engine, [total("crm:1", 5, "50", 0)], later)[1, "web"]["orders"] == 5
    assert left(duckdb_engine, []) == {}


amounts = st.integers(0, 60)


@settings(max_examples=15)
@given(
    stated=st.integers(1, 6), amount=amounts, known=st.lists(st.tuples(amounts, st.integers(0, 50)))
)
def test_nothing_is_ever_below_nought_and_nothing_is_counted_twice(
    duckdb_engine: Engine, stated: int, amount: int, known: list[tuple[int, int]]
) -> None:
    purchases = [purchase(n, "crm:1", f"{money}", days) for n, (money, days) in enumerate(known)]
    rows = left(duckdb_engine, [total("crm:1", stated, f"{amount}", 20)], purchases)
    row = rows.get((1, "web"), {"orders": 0, "amount": 0})
    assert row["orders"] + len(known) == max(stated, len(known))
    assert row["amount"] == (max(amount - sum(m for m, _ in known), 0) if row["orders"] else 0)
