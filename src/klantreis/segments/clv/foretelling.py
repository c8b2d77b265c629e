"""What a learned model says of each history, as rows that go back to the customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.segments.clv.bg_nbd import BetaGeoNBD
from klantreis.segments.clv.gamma_gamma import GammaGamma
from klantreis.segments.clv.histories import Histories
from klantreis.segments.clv.mbg_nbd import ModifiedBetaGeoNBD
from klantreis.segments.clv.pareto_nbd import ParetoNBD
from klantreis.segments.clv.purchase_model import PurchaseModel
from klantreis.segments.clv.seen import HISTORY

__all__ = [
    "ORDER_MODELS",
    "AmountModel",
    "AmountTrial",
    "foretold",
    "learn_amounts",
    "tried_amounts",
    "with_amounts",
]

ORDER_MODELS: Mapping[str, type[PurchaseModel]] = {
    "bg_nbd": BetaGeoNBD,
    "mbg_nbd": ModifiedBetaGeoNBD,
    "pareto_nbd": ParetoNBD,
}
LOW, HIGH = 0.1, 0.9
ENOUGH_REPEATERS = 30
# Below this the mean of everybody's means rests on its largest ones only.
SMALLEST_Q = 1.05


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


@dataclass(frozen=True)
class AmountModel:
    """What an order is worth, as an expression of the own orders.

    Attributes:
        name: code of the model, as in `value_checks`.
        mean: what an order of an unknown customer is worth.
        learned: None where everybody's mean has to do.
        average: mean of all orders; empty where it is of no account.
    """

    name: str
    mean: float
    learned: GammaGamma | None = None
    average: float | None = None

    def of(self, seen: ir.Table) -> ir.FloatingValue:
        """Value of the next order; who so far brought in nothing or less has everybody's mean."""
        if self.learned is None:
            return ibis.literal(self.mean, "float64")
        p, q, v = self.learned.parameters_.values()
        own = p * (v + seen["amount"]) / (p * seen["order_days"] + q - 1)
        return ibis.ifelse(seen["amount"] > 0, own, self.mean)


@dataclass(frozen=True)
class AmountTrial:
    """How far off what a later order was worth: mean squared error over orders.

    Attributes:
        plain: with everybody's mean.
        own: with the own orders of each customer.
        customers: who ordered later.
    """

    plain: float
    own: float
    customers: int


def learn_amounts(seen: ir.Table, engine: Engine) -> AmountModel:
    """Learn what orders are worth from all orders of each customer, the first included.

    Too few who bought twice, or means so far apart that they have no mean, leave the average.
    """
    paid = seen.filter(seen["amount"] > 0)
    paid = paid.mutate(mean_amount=(paid["amount"] / paid["order_days"]).round(2))
    paid = paid.filter(paid["mean_amount"] > 0)
    rows = paid.group_by(["order_days", "mean_amount"]).aggregate(customers=paid.count())
    told = engine.fetch(rows.order_by(["order_days", "mean_amount"]))
    if not told.num_rows:
        return AmountModel("average", 0.0)
    purchases, mean, customers = (
        told[name].to_numpy().astype(float) for name in ("order_days", "mean_amount", "customers")
    )
    orders = purchases * customers
    average = float(orders @ mean / orders.sum())
    if customers[purchases > 1].sum() < ENOUGH_REPEATERS:
        return AmountModel("average", average)
    learned = GammaGamma().fit(purchases, mean, customers)
    if learned.parameters_["q"] < SMALLEST_Q or not learned.is_found_:
        return AmountModel("average", average)
    return AmountModel("gamma_gamma", learned.mean_, learned, average)


def tried_amounts(
    amounts: AmountModel, seen: ir.Table, engine: Engine
) -> tuple[AmountModel, AmountTrial | None]:
    """Everybody's mean in place of a model that foretold later orders no better than that.

    Gamma-Gamma takes orders of one customer to be alike. Where they are not, as in a shop of a few
    large and many small orders, it believes that who happened to place a large one will again.

    Args:
        amounts: as learned from what came before.
        seen: `seen_at` with later days.
    """
    if not amounts.learned or amounts.average is None:
        return amounts, None
    plain = AmountModel("average", amounts.average)
    rows = seen.filter(seen["later_orders"] > 0)
    orders = rows["later_orders"]
    later = rows["later_amount"] / orders

    def error(told: AmountModel) -> ir.FloatingScalar:
        missed = told.of(rows) - later
        return (orders * missed * missed).sum() / orders.sum()

    (row,) = engine.fetch(
        rows.aggregate(customers=rows.count(), plain=error(plain), own=error(amounts))
    ).to_pylist()
    if not row["customers"]:
        return amounts, None
    trial = AmountTrial(row["plain"], row["own"], row["customers"])
    return (amounts if trial.own < trial.plain else plain), trial


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
