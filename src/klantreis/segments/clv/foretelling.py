"""What a learned model says of each history, as rows that go back to the customers."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.segments.clv.amounts import AmountModel
from klantreis.segments.clv.bg_nbd import BetaGeoNBD
from klantreis.segments.clv.histories import Histories
from klantreis.segments.clv.mbg_nbd import ModifiedBetaGeoNBD
from klantreis.segments.clv.pareto_nbd import ParetoNBD
from klantreis.segments.clv.purchase_model import PurchaseModel
from klantreis.segments.clv.seen import HISTORY

__all__ = [
    "ORDER_MODELS",
    "foretold",
    "with_amounts",
]

ORDER_MODELS: Mapping[str, type[PurchaseModel]] = {
    "bg_nbd": BetaGeoNBD,
    "mbg_nbd": ModifiedBetaGeoNBD,
    "pareto_nbd": ParetoNBD,
}
LOW, HIGH = 0.1, 0.9


def foretold(model: PurchaseModel, rows: Histories, horizon_days: int, engine: Engine) -> ir.Table:
    """What the model expects of each history within the horizon.

    Returns:
        The columns of `HISTORY`, `alive_probability`, `expected_orders`, `orders_low`,
        `orders_high`, `order_probability` and `next_order_days`.
    """
    whole = (rows.frequency, rows.recency, rows.age)
    columns = {name: column.astype(np.int64) for name, column in zip(HISTORY, whole, strict=True)}
    answers = {
        "alive_probability": model.probability_alive(rows),
        "expected_orders": model.expected_purchases(horizon_days, rows),
        "orders_low": model.likely_purchases(horizon_days, LOW, rows),
        "orders_high": model.likely_purchases(horizon_days, HIGH, rows),
        "order_probability": model.chance_of_purchase(horizon_days, rows),
        "next_order_days": np.ceil(model.next_purchase(horizon_days, rows)).astype(np.int64),
    }
    return engine.table(pa.table({**columns, **answers}))


def with_amounts(seen: ir.Table, told: ir.Table, amounts: AmountModel) -> ir.Table:
    """The customers with what is foretold of their history, in orders and in money.

    The range of the money is that of the orders: how much one order differs from the next is not
    in it.
    """
    rows = seen.join(told, list(HISTORY))
    rows = rows.mutate(order_amount=amounts.of(rows))
    return rows.mutate(
        expected_amount=rows["expected_orders"] * rows["order_amount"],
        amount_low=rows["orders_low"] * rows["order_amount"],
        amount_high=rows["orders_high"] * rows["order_amount"],
    )
