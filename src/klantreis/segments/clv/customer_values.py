"""What each customer has been worth, and will be worth in twelve months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.segments.clv.amounts import AmountModel
from klantreis.segments.clv.cells import CELL_MODEL, averages_of_cells, foretold_by_cells
from klantreis.segments.clv.foretelling import ORDER_MODELS, foretold, with_amounts
from klantreis.segments.clv.seen import day_number, histories, purchase_days, seen_at
from klantreis.tables import conform, contract

__all__ = ["HORIZON_DAYS", "customer_values"]

HORIZON_DAYS = 365
TOLD = (
    "alive_probability",
    "expected_orders",
    "expected_orders_low",
    "expected_orders_high",
    "order_amount",
    "expected_amount",
    "expected_amount_low",
    "expected_amount_high",
    "next_order_on",
    "churn_risk",
)


def customer_values(
    timeline: ir.Table,
    orders: ir.Table,
    undated_purchases: ir.Table,
    value_checks: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
) -> ir.Table:
    """Expected orders and value of everybody who bought, by the model that stood the test.

    What is expected rests on purchases with a day; of who has none nothing is foretold. What was
    brought in so far counts all.

    Args:
        timeline, orders, undated_purchases: as in their contracts.
        value_checks: the model in use, with what it learned.
        as_of: the moment of measuring (UTC).

    Returns:
        As in the contract of `customer_values`.
    """
    checks = engine.fetch(
        value_checks.filter(value_checks["check"].isin(("verdict", "parameter", "period")))
    ).to_pylist()
    chosen = next((row["model"] for row in checks if row["check"] == "verdict"), "none")
    days = engine.keep(purchase_days(timeline, orders, as_of=as_of))
    seen = engine.keep(seen_at(days, day_number(as_of)))
    if chosen in ORDER_MODELS:
        told = _by_model(seen, chosen, _learned(checks), engine)
    elif chosen == CELL_MODEL:
        later = next(row["measured"] for row in checks if row["item"] == "later")
        told = _by_cells(days, seen, round(later), as_of, engine)
    else:
        told = seen.mutate(order_model=ibis.literal("none"), amount_model=ibis.literal("none"))
    return _with_undated(_shaped(told, as_of), undated_purchases, as_of)


def _learned(checks: list[dict[str, object]]) -> Mapping[str, Mapping[str, float]]:
    """Parameters by model."""
    found: dict[str, dict[str, float]] = {}
    for row in checks:
        if row["check"] == "parameter":
            found.setdefault(str(row["model"]), {})[str(row["item"])] = float(str(row["expected"]))
    return found


def _by_model(
    seen: ir.Table, chosen: str, learned: Mapping[str, Mapping[str, float]], engine: Engine
) -> ir.Table:
    rows, _ = histories(seen, engine)
    model = ORDER_MODELS[chosen].of(**learned[chosen])
    amounts = AmountModel.known(learned)
    told = with_amounts(seen, foretold(model, rows, HORIZON_DAYS, engine), amounts)
    return told.mutate(order_model=ibis.literal(chosen), amount_model=ibis.literal(amounts.name))


def _by_cells(
    days: ir.Table, seen: ir.Table, later_days: int, as_of: datetime, engine: Engine
) -> ir.Table:
    """Averages of the later period itself, for whoever stands now where those stood before it."""
    before = seen_at(days, day_number(as_of) - later_days, later_days=later_days)
    averages = averages_of_cells(before, engine)
    told = foretold_by_cells(seen, averages, HORIZON_DAYS / later_days, engine)
    name = ibis.literal(CELL_MODEL)
    each = told["expected_amount"] / told["expected_orders"].nullif(0.0)
    return told.mutate(order_model=name, amount_model=name, order_amount=each)


def _shaped(told: ir.Table, as_of: datetime) -> ir.Table:
    """With the names of the contract; what nobody foretold is empty."""
    columns = {
        "expected_orders_low": "orders_low",
        "expected_orders_high": "orders_high",
        "expected_amount_low": "amount_low",
        "expected_amount_high": "amount_high",
    }
    told = told.rename({new: old for new, old in columns.items() if old in told.columns})
    if "order_probability" in told.columns:
        told = told.mutate(churn_risk=1.0 - told["order_probability"])
    if "next_order_days" in told.columns:
        told = told.mutate(next_order_on=_date(as_of, told["next_order_days"]))
    types = {"next_order_on": "date"}
    lacking = {
        name: ibis.null(types.get(name, "float64")) for name in TOLD if name not in told.columns
    }
    told = told.mutate(as_of=ibis.literal(as_of, "timestamp(6)"), **lacking)
    return told.rename(active_days="recency_days", known_days="age_days", history_amount="amount")


def _with_undated(values: ir.Table, undated_purchases: ir.Table, as_of: datetime) -> ir.Table:
    """Add what the purchases brought of which only the number is known, and who has no others."""
    began = ibis.coalesce(
        undated_purchases["first_ordered_at"], undated_purchases["last_ordered_at"]
    )
    undated = undated_purchases.group_by("customer_id").aggregate(
        undated_amount=undated_purchases["amount"].sum().cast("float64"), began_at=began.min()
    )
    told = values.left_join(undated, "customer_id").drop("customer_id_right")
    amount = told["history_amount"] + told["undated_amount"].fill_null(0.0)
    others = undated.anti_join(values, "customer_id")
    now = ibis.literal(as_of, "timestamp(6)")
    only_known_so = others.select(
        "customer_id",
        as_of=now,
        order_days=0,
        active_days=0,
        known_days=now.delta(others["began_at"], unit="day"),
        history_amount=others["undated_amount"],
        order_model=ibis.literal("none"),
        amount_model=ibis.literal("none"),
    )
    shape = contract("customer_values")
    return conform(told.mutate(history_amount=amount), shape).union(conform(only_known_so, shape))


def _date(as_of: datetime, days: ir.IntegerColumn) -> ir.DateValue:
    today = ibis.literal(as_of.date(), "date")
    return (today + days.as_interval("D")).cast("date")
