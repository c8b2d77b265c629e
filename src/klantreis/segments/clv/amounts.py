"""What an order of a customer is worth: three ways, of which an earlier period tells the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.segments.clv.gamma_gamma import GammaGamma

__all__ = ["MEAN", "AmountModel", "AmountTrial", "best_of", "learn_amounts", "tried"]

ENOUGH_REPEATERS = 30
FEWEST_BUYERS = 30
# Below this the mean of everybody's means rests on its largest ones only.
SMALLEST_Q = 1.05
# The simple way adds so many orders of everybody's mean to a customer's own.
ADDED_ORDERS = 2.0
GAMMA_GAMMA, MIXED, MEAN = "gamma_gamma", "own_mixed", "average"


@dataclass(frozen=True)
class AmountModel:
    """What an order is worth, as an expression of the own orders.

    Attributes:
        name: code of the way, as in `value_checks`.
        mean: what an order of an unknown customer is worth.
        learned: of Gamma-Gamma only.
    """

    name: str
    mean: float
    learned: GammaGamma | None = None

    @classmethod
    def known(cls, parameters: Mapping[str, Mapping[str, float]]) -> AmountModel:
        """The model with the parameters that `value_checks` tells, by model."""
        if GAMMA_GAMMA in parameters:
            learned = GammaGamma.of(**parameters[GAMMA_GAMMA])
            return cls(GAMMA_GAMMA, learned.mean_, learned)
        name = MIXED if MIXED in parameters else MEAN
        return cls(name, parameters[name]["mean"])

    def of(self, seen: ir.Table) -> ir.FloatingValue:
        """Value of the next order; who so far brought in nothing or less has everybody's mean."""
        if self.learned is not None:
            p, q, v = self.learned.parameters_.values()
            own = p * (v + seen["amount"]) / (p * seen["order_days"] + q - 1)
        elif self.name == MIXED:
            added = ADDED_ORDERS * self.mean
            own = (seen["amount"] + added) / (seen["order_days"] + ADDED_ORDERS)
        else:
            return ibis.literal(self.mean, "float64")
        return ibis.ifelse(seen["amount"] > 0, own, self.mean)


@dataclass(frozen=True)
class AmountTrial:
    """How far off what a later order was worth: mean squared error over orders, by model.

    Attributes:
        errors: of each way that there was to try.
        customers: who ordered later.
    """

    errors: Mapping[str, float]
    customers: int

    @property
    def is_enough(self) -> bool:
        return self.customers >= FEWEST_BUYERS


def learn_amounts(seen: ir.Table, engine: Engine) -> Mapping[str, AmountModel]:
    """Learn what orders are worth from all orders of each customer, the first included.

    Too few who bought twice leave everybody's mean; means so far apart that they have no mean
    leave out Gamma-Gamma.
    """
    paid = seen.filter(seen["amount"] > 0)
    paid = paid.mutate(mean_amount=(paid["amount"] / paid["order_days"]).round(2))
    paid = paid.filter(paid["mean_amount"] > 0)
    rows = paid.group_by(["order_days", "mean_amount"]).aggregate(customers=paid.count())
    told = engine.fetch(rows.order_by(["order_days", "mean_amount"]))
    if not told.num_rows:
        return {MEAN: AmountModel(MEAN, 0.0)}
    purchases, mean, customers = (
        told[name].to_numpy().astype(float) for name in ("order_days", "mean_amount", "customers")
    )
    orders = purchases * customers
    average = float(orders @ mean / orders.sum())
    models = {MEAN: AmountModel(MEAN, average)}
    if customers[purchases > 1].sum() < ENOUGH_REPEATERS:
        return models
    models[MIXED] = AmountModel(MIXED, average)
    learned = GammaGamma().fit(purchases, mean, customers)
    if learned.parameters_["q"] >= SMALLEST_Q and learned.is_found_:
        models[GAMMA_GAMMA] = AmountModel(GAMMA_GAMMA, learned.mean_, learned)
    return models


def tried(models: Mapping[str, AmountModel], seen: ir.Table, engine: Engine) -> AmountTrial:
    """Ask what the later orders were worth.

    Gamma-Gamma takes orders of one customer to be alike. Where they are not, as in a shop of a few
    large and many small orders, it believes that who happened to place a large one will again.

    Args:
        models: as learned from what came before.
        seen: `seen_at` with later days.
    """
    rows = seen.filter(seen["later_orders"] > 0)
    orders = rows["later_orders"]
    later = rows["later_amount"] / orders

    def error(told: AmountModel) -> ir.FloatingScalar:
        missed = told.of(rows) - later
        return (orders * missed * missed).sum() / orders.sum()

    errors = {name: error(model) for name, model in models.items()}
    (row,) = engine.fetch(rows.aggregate(buyers=rows.count(), **errors)).to_pylist()
    customers = row.pop("buyers")
    return AmountTrial(row if customers else {}, customers)


def best_of(models: Mapping[str, AmountModel], trial: AmountTrial) -> AmountModel:
    """The way with the least error; everybody's mean where none was tried or all did as well."""
    known = {name: error for name, error in trial.errors.items() if name in models}
    return models[min(known, key=lambda name: (known[name], name != MEAN), default=MEAN)]
