from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from klantreis.campaigns import product_neighbours, recommendation_checks
from klantreis.engine import Engine
from tests.rows import Row, made, rows_of

START = datetime(2026, 1, 1)
Purchase = tuple[int, int, str]  # customer, day, product


class Shop:
    """Purchases, and things put in a basket, as the tables that the steps read."""

    def __init__(self, bought: Sequence[Purchase], carted: Sequence[Purchase] = ()) -> None:
        customers = {customer for customer, _, _ in [*bought, *carted]}
        orders = sorted({(customer, day) for customer, day, _ in bought})
        self.links: list[Row] = [
            {"person_id": f"p{n}", "customer_id": n, "rule": "alone"} for n in customers
        ]
        self.orders: list[Row] = [
            {
                "order_id": f"{customer}-{day}",
                "person_id": f"p{customer}",
                "kind": "sale",
                "status": "completed",
                "ordered_at": START + timedelta(days=day),
            }
            for customer, day in orders
        ]
        self.order_lines: list[Row] = [
            {"order_line_id": str(n), "order_id": f"{customer}-{day}", "product_id": product}
            for n, (customer, day, product) in enumerate(bought)
        ]
        self.timeline: list[Row] = [
            {
                "customer_id": customer,
                "position": n,
                "occurred_at": START + timedelta(days=day),
                "event": "add_to_cart",
                "product_id": product,
            }
            for n, (customer, day, product) in enumerate(carted)
        ]

    def made(self, step: Any, engine: Engine) -> list[dict[str, Any]]:
        names = ("timeline", "orders", "order_lines", "links")
        tables = [rows_of(name, getattr(self, name)) for name in names]
        return made(step.__name__, step(*tables, engine=engine), engine)


def test_products_of_the_same_customers_are_neighbours_by_the_cosine(duckdb_engine: Engine) -> None:
    shop = Shop(
        bought=[(n, 1, "lamp") for n in range(4)] + [(n, 9, "bulb") for n in range(1, 4)],
        carted=[(9, 2, "bulb")],
    )
    rows = shop.made(product_neighbours, duckdb_engine)
    assert [(r["product_id"], r["neighbour_id"], r["rank"], r["customers"]) for r in rows] == [
        ("bulb", "lamp", 1, 3),
        ("lamp", "bulb", 1, 3),
    ]
    # Four wanted each, three both.
    assert rows[0]["score"] == pytest.approx(3 / 4)


def test_two_customers_in_common_are_too_few(duckdb_engine: Engine) -> None:
    shop = Shop([(n, 1, product) for n in range(2) for product in ("lamp", "bulb")])
    assert shop.made(product_neighbours, duckdb_engine) == []


def test_the_last_purchase_is_held_out_with_the_basket_before_it(duckdb_engine: Engine) -> None:
    # Ten customers show that a bulb follows a lamp; most people want soap.
    taught = [(n, day, product) for n in range(10) for day, product in ((1, "lamp"), (5, "bulb"))]
    soap = [(n, 1, f"soap {kind}") for n in range(20, 60) for kind in range(6)]
    shop = Shop(
        bought=[
            *taught,
            *((n, 7, "nail") for n in range(10)),
            (99, 1, "lamp"),
            (99, 5, "bulb"),
        ],
        carted=[*soap, (99, 5, "bulb")],
    )
    rows = {row["method"]: row for row in shop.made(recommendation_checks, duckdb_engine)}
    # The nails of the ten could not be known; the bulb of the eleventh could, by its neighbours.
    assert (rows["neighbours"]["customers"], rows["neighbours"]["hits"]) == (11, 1)
    assert rows["most_bought"]["hits"] == 0
    assert rows["neighbours"]["hit_low"] < 1 / 11 < rows["neighbours"]["hit_high"]


def test_without_second_purchases_nothing_is_measured(duckdb_engine: Engine) -> None:
    rows = Shop([(1, 1, "lamp")]).made(recommendation_checks, duckdb_engine)
    assert {(row["customers"], row["hit_share"]) for row in rows} == {(0, None)}
