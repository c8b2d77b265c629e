"""A trial of the models: learned up to a day, asked what came after it, and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from klantreis.engine import Engine
from klantreis.errors import InputError
from klantreis.segments.clv.cells import CELL, CELL_MODEL, averages_of_cells, in_cells
from klantreis.segments.clv.foretelling import ORDER_MODELS
from klantreis.segments.clv.histories import Array, Histories
from klantreis.segments.clv.purchase_model import PurchaseModel
from klantreis.segments.clv.seen import histories

__all__ = ["FEWEST_CUSTOMERS", "Score", "Split", "score_of_cells", "scores_of_models", "verdict"]

YEAR_DAYS = 365
SHORTEST_DAYS = 28
FEWEST_CUSTOMERS = 25
FEWEST_REPEATERS, FEWEST_LATER_BUYERS = 50, 30
# How far the total may be off before a model is not believed.
TOTAL_OFF = 0.3
FALLBACK_OFF = 0.6


@dataclass(frozen=True)
class Split:
    """The days that models learn from, and those that they are tested on.

    Attributes:
        first: day of the first purchase of all, counted from 1970.
        until: last day to learn from.
        later_days: days after it.
    """

    first: int
    until: int
    later_days: int

    @classmethod
    def of(cls, first: int, today: int) -> Split:
        """The last third of the time is for the test, at most a year."""
        later = min((today - first + 1) // 3, YEAR_DAYS)
        return cls(first, today - later, later)

    @property
    def is_long_enough(self) -> bool:
        return self.later_days >= SHORTEST_DAYS

    @property
    def learning_days(self) -> int:
        return self.until - self.first + 1


@dataclass(frozen=True)
class Score:
    """How near a model came to what was bought later.

    Attributes:
        orders: expected and measured, of all customers together.
        squared_error: mean over customers; and of giving everyone the mean.
        brier: mean squared error of the chance of an order; and of giving everyone the share.
        correlation: of expected with measured orders over customers; nan where one is constant.
        customers: how many were foretold.
        log_likelihood: of the learned model; nan of averages.
    """

    orders: tuple[float, float]
    squared_error: tuple[float, float]
    brier: tuple[float, float]
    correlation: float
    customers: int
    log_likelihood: float = float("nan")

    @property
    def error(self) -> float:
        """Both errors as part of those of giving everyone the same number, added up."""
        return self.squared_error[1] / self.squared_error[0] + self.brier[1] / self.brier[0]

    def is_near(self, part: float) -> bool:
        """Whether the total was at most this part of what was measured off."""
        expected, measured = self.orders
        return abs(expected - measured) <= part * measured

    @property
    def is_good(self) -> bool:
        """Near in total, and better than giving everyone the same number."""
        return (
            self.is_near(TOTAL_OFF)
            and self.squared_error[1] < self.squared_error[0]
            and self.brier[1] < self.brier[0]
        )


def scores_of_models(
    seen: ir.Table, split: Split, engine: Engine
) -> Mapping[str, tuple[Score, PurchaseModel]]:
    """Each model learned from what was seen, with its score; none where that is too little."""
    rows, later = histories(seen, engine)
    told = {name: later[name].to_numpy().astype(float) for name in SUMS}
    if rows.repeaters < FEWEST_REPEATERS or told["later_buyers"].sum() < FEWEST_LATER_BUYERS:
        return {}
    found = {}
    for name, kind in ORDER_MODELS.items():
        model = _learned(kind, rows)
        if model is not None:
            expected = model.expected_purchases(split.later_days, rows)
            chance = model.chance_of_purchase(split.later_days, rows)
            found[name] = (_score(told, expected, chance, model.log_likelihood_), model)
    return found


def _learned(kind: type[PurchaseModel], rows: Histories) -> PurchaseModel | None:
    try:
        model = kind().fit(rows)
    except InputError:
        return None
    return model if model.is_found_ else None


def score_of_cells(earlier: ir.Table, seen: ir.Table, engine: Engine) -> Score | None:
    """The score of the fallback, with averages of the period before; None where it is too short."""
    placed = in_cells(seen)
    later = placed["later_orders"]
    sums = placed.group_by(list(CELL)).aggregate(
        customers=placed.count(),
        later_orders=later.sum(),
        later_squares=(later * later).sum(),
        later_buyers=placed.count(where=later > 0),
    )
    rows = engine.fetch(sums.order_by(list(CELL))).to_pylist()
    known = engine.fetch(earlier.aggregate(customers=earlier.count()))["customers"][0].as_py()
    if known < FEWEST_CUSTOMERS or not rows:
        return None
    averages = {
        (row["bought"], row["quiet"]): row for row in averages_of_cells(earlier, engine).to_pylist()
    }
    of_row = [averages[row["bought"], row["quiet"]] for row in rows]
    told = {name: np.array([float(row[name]) for row in rows]) for name in SUMS}
    orders = np.array([average["cell_orders"] for average in of_row])
    return _score(told, orders, np.array([average["cell_buyer_share"] for average in of_row]))


SUMS = ("customers", "later_orders", "later_squares", "later_buyers")


def _score(
    told: Mapping[str, Array], expected: Array, chance: Array, likelihood: float = float("nan")
) -> Score:
    """From sums over customers who are foretold the same."""
    customers, orders, squares, buyers = (told[name] for name in SUMS)
    n = float(customers.sum())
    mean, share = float(orders.sum()) / n, float(buyers.sum()) / n
    foretold = float(customers @ expected) / n
    spread = float(squares.sum()) / n - mean**2
    foretold_spread = float(customers @ expected**2) / n - foretold**2
    together = float(orders @ expected) / n - mean * foretold
    both = spread * foretold_spread
    return Score(
        orders=(foretold * n, mean * n),
        squared_error=(
            spread,
            float(customers @ expected**2 - 2 * orders @ expected + squares.sum()) / n,
        ),
        brier=(
            share * (1 - share),
            float(customers @ chance**2 - 2 * buyers @ chance + buyers.sum()) / n,
        ),
        correlation=together / both**0.5 if both > 0 else float("nan"),
        customers=round(n),
        log_likelihood=likelihood,
    )


def verdict(scores: Mapping[str, Score], of_cells: Score | None) -> tuple[str, str]:
    """The model to use and why: the good one with the least error, or the averages.

    Nothing is used where the averages of the period before were far off too: then the later
    period was so unlike what went before that no promise can rest on either.
    """
    if not scores:
        return CELL_MODEL, "too_few"
    good = {name: score for name, score in scores.items() if score.is_good}
    if not good:
        if of_cells and not of_cells.is_near(FALLBACK_OFF):
            return "none", "unforeseen"
        return CELL_MODEL, "none_good"
    return min(good, key=lambda name: good[name].error), "best"
