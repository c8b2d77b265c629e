from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from klantreis.engine import Engine
from klantreis.segments import margins
from tests.rows import Row, at_hand

NOW = datetime(2026, 3, 1)


def order(order_id: str, total: str, **more: Any) -> Row:
    usual = {"kind": "sale", "status": "completed", "channel": "web", "person_id": "p1"}
    amounts = {"total_amount": Decimal(total), "ordered_at": NOW - timedelta(days=1)}
    return {"order_id": order_id, **usual, **amounts, **more}


def line(order_id: str, product: str, quantity: float, amount: str) -> Row:
    return {
        "order_line_id": f"{order_id}/{product}",
        "order_id": order_id,
        "product_id": product,
        "quantity": quantity,
        "line_amount": Decimal(amount),
    }


def of_customer(
    engine: Engine, orders: Sequence[Row], lines: Sequence[Row], customer: int = 1
) -> dict[str, float]:
    products: list[Row] = [
        {"product_id": "mug", "cost_amount": Decimal("4")},
        {"product_id": "gift", "cost_amount": None},
    ]
    links: list[Row] = [
        {"person_id": "p1", "customer_id": 1},
        {"person_id": "p2", "customer_id": None},
    ]
    result = margins(
        at_hand("orders", orders, engine),
        at_hand("order_lines", lines, engine),
        at_hand("products", products, engine),
        at_hand("links", links, engine),
        now=NOW,
        window_days=30,
    )
    rows: dict[int, dict[str, float]] = {
        row.pop("customer_id"): row for row in engine.fetch(result).to_pylist()
    }
    return rows.get(customer, {})


def test_margin_is_price_without_vat_less_the_purchase_price(any_engine: Engine) -> None:
    found = of_customer(
        any_engine,
        [order("a", "24.20", tax_amount=Decimal("4.20")), order("b", "12.10")],
        [line("a", "mug", 2, "24.20"), line("b", "gift", 1, "12.10")],
    )
    assert found == pytest.approx(
        {"sold_amount": 30, "known_amount": 20, "assumed_amount": 10, "margin_amount": 12}
    )


def test_what_was_paid_back_lowers_price_and_cost_alike(duckdb_engine: Engine) -> None:
    found = of_customer(
        duckdb_engine,
        [order("a", "24.20", refunded_amount=Decimal("12.10"))],
        [line("a", "mug", 2, "24.20")],
    )
    assert found["margin_amount"] == pytest.approx(20 / 2 - 8 / 2)


def test_a_return_receipt_takes_its_margin_back(duckdb_engine: Engine) -> None:
    found = of_customer(
        duckdb_engine,
        [order("a", "24.20"), order("r", "-12.10", kind="return", refers_to_order_id="a")],
        [line("a", "mug", 2, "24.20"), line("r", "mug", -1, "-12.10")],
    )
    assert found["margin_amount"] == pytest.approx(20 - 8 - 10 + 4)


@pytest.mark.parametrize(
    "unlike",
    [
        {"status": "cancelled"},
        {"ordered_at": NOW - timedelta(days=30)},
        {"ordered_at": NOW + timedelta(seconds=1)},
        {"person_id": "p2"},
        {"person_id": None},
    ],
)
def test_other_orders_do_not_count(duckdb_engine: Engine, unlike: Row) -> None:
    assert not of_customer(
        duckdb_engine, [order("a", "12.10", **unlike)], [line("a", "mug", 1, "12.10")]
    )
