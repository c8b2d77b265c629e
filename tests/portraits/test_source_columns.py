from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis import portraits
from klantreis.engine import Engine
from klantreis.portraits.drift import amount_buckets, chance_drift, change, drift, top_buckets
from tests.rows import Row, made, rows_of

INPUTS = (
    "imports",
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
MAY, JUNE = datetime(2026, 5, 1), datetime(2026, 6, 1)


def order(number: int, file_id: str, **more: Any) -> Row:
    draw = Random(number)
    usual = {
        "order_id": f"o{number}",
        "source": "till",
        "file_id": file_id,
        "kind": "sale",
        "channel": "store",
        "store_id": draw.choice(["north", "south"]),
        "ordered_at": MAY,
        "status": "completed",
        "total_amount": Decimal(draw.randrange(500, 20_000)) / 100,
        "payment_method": draw.choice(["pin", "cash", "card"]),
        "coupon": "SPRING" if draw.random() < 0.3 else None,
    }
    return {**usual, **more}


def imported(file_id: str, at: datetime, table: str = "orders", kind: str = "receipts") -> Row:
    return {
        "file_id": file_id,
        "source": "till",
        "table_name": table,
        "rows_loaded": 1,
        "imported_at": at,
        "file_kind": kind,
    }


def columns_of(tables: dict[str, list[Row]], engine: Engine) -> dict[str, dict[str, Any]]:
    inputs = {name: rows_of(name, tables.get(name, ())) for name in INPUTS}
    rows = made("source_columns", portraits.source_columns(**inputs, engine=engine), engine)
    return {f"{row['file_kind']}.{row['column_name']}": row for row in rows}


LOG = [imported("f1", MAY), imported("f2", JUNE)]


def test_a_stable_source_is_silent(duckdb_engine: Engine) -> None:
    orders = [order(n, "f1" if n < 1200 else "f2") for n in range(1600)]
    found = columns_of({"imports": LOG, "orders": orders}, duckdb_engine)
    assert {row["change"] for row in found.values()} == {"as_before"}
    coupon = found["receipts.coupon"]
    assert (coupon["earlier_rows"], coupon["newest_rows"], coupon["kind"]) == (1200, 400, "filled")
    assert "receipts.refunded_at" not in found


def test_planted_drift_is_found_in_what_is_filled_in_categories_and_in_amounts(
    duckdb_engine: Engine,
) -> None:
    orders = [order(n, "f1") for n in range(1200)]
    for n in range(1200, 1600):
        as_usual = order(n, "f2")
        more = {
            "coupon": None,
            "payment_method": "app" if n % 2 else as_usual["payment_method"],
            "total_amount": as_usual["total_amount"] * 100,
        }
        orders.append({**as_usual, **more})
    found = columns_of({"imports": LOG, "orders": orders}, duckdb_engine)
    much = sorted(name for name, row in found.items() if row["change"] == "much")
    assert much == ["receipts.coupon", "receipts.payment_method", "receipts.total_amount"]
    paid = found["receipts.payment_method"]
    told = dict(zip(paid["buckets"], paid["newest_in_buckets"], strict=True))
    assert told["app"] == 200
    assert found["receipts.store_id"]["change"] == "as_before"


def test_files_of_another_kind_are_not_compared_and_a_lone_import_with_nothing(
    duckdb_engine: Engine,
) -> None:
    log = [imported("f1", MAY), imported("f2", JUNE, kind="returns")]
    orders = [order(n, "f1" if n < 40 else "f2") for n in range(80)]
    found = columns_of({"imports": log, "orders": orders}, duckdb_engine)
    assert {row["change"] for row in found.values()} == {"nothing_before"}
    assert {row["earlier_rows"] for row in found.values()} == {0}
    assert {row["drift"] for row in found.values()} == {None}


def test_few_rows_are_no_ground_for_a_conclusion(duckdb_engine: Engine) -> None:
    orders = [order(n, "f1" if n < 40 else "f2") for n in range(50)]
    found = columns_of({"imports": LOG, "orders": orders}, duckdb_engine)
    assert found["receipts.total_amount"]["change"] == "too_few"


def test_of_persons_nothing_is_told_but_whether_it_is_filled(duckdb_engine: Engine) -> None:
    persons: list[Row] = [
        {
            "person_id": f"p{n}",
            "source": "till",
            "file_id": "f1" if n < 500 else "f2",
            "first_name": "Sanne",
            "gender": "female",
            "city": "Utrecht" if n < 500 else None,
        }
        for n in range(1000)
    ]
    log = [imported("f1", MAY, "persons"), imported("f2", JUNE, "persons")]
    found = columns_of({"imports": log, "persons": persons}, duckdb_engine)
    assert {row["kind"] for row in found.values()} == {"filled"}
    assert all(row["buckets"] is None for row in found.values())
    assert found["receipts.city"]["change"] == "much"
    assert found["receipts.first_name"]["change"] == "as_before"


def test_the_index_is_that_of_the_books() -> None:
    # Siddiqi's formula by hand: (0.5 - 0.4) ln(0.5 / 0.4) + (0.5 - 0.6) ln(0.5 / 0.6).
    assert drift([40_000, 60_000], [50_000, 50_000]) == pytest.approx(0.0405, abs=1e-4)
    assert [change(value, 0.05) for value in (0.09, 0.2, 0.3)] == ["as_before", "little", "much"]
    assert change(0.3, 0.5) == "too_few"


def test_amounts_fall_into_tenths_of_the_earlier_ones() -> None:
    earlier = {str(1000 + 10 * n): 10 for n in range(10)}
    labels, before, after = amount_buckets(earlier, {"1000": 5, "1095": 3, "2000": 1})
    assert len(labels) == 10
    assert before == [10] * 10
    assert after == [5, 0, 0, 0, 0, 0, 0, 0, 0, 4]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_the_index_is_never_negative_and_the_same_both_ways(pairs: list[tuple[int, int]]) -> None:
    earlier, newest = [a for a, _ in pairs], [b for _, b in pairs]
    found = drift(earlier, newest)
    assert found >= 0
    assert drift([4 * n for n in earlier], [4 * n for n in earlier]) == pytest.approx(0)
    assert chance_drift(earlier, newest) >= 0


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 9)))
def test_the_most_frequent_values_come_first(counts: dict[str, int]) -> None:
    values, before, _ = top_buckets(counts, {})
    assert before == sorted(counts.values(), reverse=True)[:8]
    assert [counts[value] for value in values] == before
