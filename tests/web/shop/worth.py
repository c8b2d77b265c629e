"""What the made-up people are worth, and a test of the model that was good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.web.shop.people import AS_OF, Row

__all__ = ["customer_values", "value_checks"]

MODEL = "mbg_nbd"


def customer_values(portraits: Sequence[Row]) -> list[Row]:
    """The more often, the more is expected; nothing of it is told by chance."""
    return [_value(one) for one in portraits if one["orders"]]


def _value(portrait: Row) -> Row:
    orders = portrait["orders"] * 0.45
    each = portrait["average_order_amount"]
    known = (AS_OF - portrait["first_order_at"]).days
    active = (portrait["last_order_at"] - portrait["first_order_at"]).days
    return {
        "customer_id": portrait["customer_id"],
        "as_of": AS_OF,
        "order_days": portrait["orders"],
        "active_days": active,
        "known_days": known,
        "history_amount": portrait["revenue_amount"],
        "order_model": MODEL,
        "amount_model": "gamma_gamma",
        "alive_probability": 0.8,
        "expected_orders": orders,
        "expected_orders_low": 0.0,
        "expected_orders_high": round(2 * orders),
        "order_amount": each,
        "expected_amount": each * Decimal(str(orders)),
        "expected_amount_low": Decimal(0),
        "expected_amount_high": each * round(2 * orders),
        "next_order_on": AS_OF.date() + timedelta(days=30 + portrait["customer_id"] % 60),
        "churn_risk": 1 / (1 + portrait["orders"]),
    }


def value_checks() -> list[Row]:
    rows = [
        _row("verdict", "best", 0),
        _row("period", "learning", 0, measured=364.0),
        _row("period", "later", 1, measured=182.0),
    ]
    rows += [_row("parameter", "r", 0, expected=0.6, low=0.5, high=0.8)]
    rows += [_row("parameter", "p", 0, model="gamma_gamma", expected=6.2, low=5.0, high=8.1)]
    errors = {"bg_nbd": 1.30, MODEL: 1.12, "pareto_nbd": 1.16, "cell_average": 1.61}
    for model, error in errors.items():
        rows += [
            _row("score", "orders", 0, model=model, expected=1100.0 + 40 * error, measured=1156.0),
            _row("score", "squared_error", 1, model=model, expected=1.8, measured=error),
            _row("score", "brier", 2, model=model, expected=0.17, measured=0.11 * error),
            _row("score", "correlation", 3, model=model, measured=0.64),
        ]
    rows += [_row("score", "amount", 9, expected=41_261.0, measured=43_103.0)]
    for item, place in (("earlier", 0), ("later", 1)):
        rows += [
            _row("order_amount", item, place, model=way, expected=712.0, measured=error)
            for way, error in {"gamma_gamma": 520.0, "own_mixed": 562.0, "average": 712.0}.items()
        ]
    rows += [
        _row(
            "accuracy", "orders", 0,
            expected=1145.0, measured=1156.0, low=1064.0, high=1247.0, outcome="good",
        ),
        _row(
            "accuracy", "revenue", 1,
            expected=41_261.0, measured=43_103.0, low=38_560.0, high=47_100.0, outcome="good",
        ),
        _row(
            "accuracy", "top_tenth", 2,
            expected=0.6, measured=0.55, low=0.48, high=0.62, outcome="good",
        ),
    ]  # fmt: skip
    rows += [
        _row(
            "revenue", str(n), n, expected=750.0 * (11 - n), measured=784.0 * (11 - n),
            low=700.0 * (11 - n), high=880.0 * (11 - n), customers=236,
        )
        for n in range(1, 11)
    ]  # fmt: skip
    rows += [
        _row("cumulative", str(day), day, expected=6.4 * day, measured=6.4 * day + day % 25)
        for day in range(15, 183, 15)
    ]
    rows += [
        _row(
            "conditional", str(n), n, expected=0.1 + 0.45 * n, measured=0.12 + 0.4 * n,
            low=0.1 + 0.35 * n, high=0.14 + 0.48 * n, customers=600 // (n + 1),
        )
        for n in range(8)
    ]  # fmt: skip
    rows += [
        _row(
            "reliability", str(n), n, expected=n / 11, measured=min(n / 11 + 0.02, 1.0),
            low=max(n / 11 - 0.05, 0.0), high=min(n / 11 + 0.09, 1.0), customers=236,
        )
        for n in range(1, 11)
    ]  # fmt: skip
    rows += [
        _row(
            "lift", str(n), n, expected=(11 - n) / 55, measured=(11 - n) / 55,
            low=(10.5 - n) / 55, high=(11.5 - n) / 55, customers=236,
        )
        for n in range(1, 11)
    ]  # fmt: skip
    rows += [
        _row("range", "orders", 0, expected=0.8, measured=0.92, low=0.91, high=0.93),
        _row("range", "amount", 1, expected=0.8, measured=0.9, low=0.88, high=0.91),
        _row("next_order", "half", 0, expected=0.5, measured=0.49, low=0.44, high=0.53),
    ]
    return rows


def _row(check: str, item: str, place: int, **facts: Any) -> Row:
    empty = dict.fromkeys(("expected", "measured", "low", "high", "outcome"))
    return {
        "model": MODEL, "check": check, "item": item, "place": place, "customers": 2357,
        **empty, **facts,
    }  # fmt: skip
