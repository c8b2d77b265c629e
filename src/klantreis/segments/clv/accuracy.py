"""How near purchases and revenue were foretold: all together and by tenths, with what is chance.

Customers are drawn anew, time and again, as in the bootstrap (Efron, "Bootstrap Methods", The
Annals of Statistics 7, 1979): where a few large buyers make up the revenue, other customers of the
same kind would have brought in much more or less, and that is no fault of the model. Of totals each
draw is weighed by its own error (the bootstrap-t of Efron and Tibshirani, An Introduction to the
Bootstrap, 1993), on the logarithm, for draws of a few large and many small are too narrow else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from klantreis.engine import Engine
from klantreis.segments.clv.histories import Array

__all__ = ["LIMIT", "TOP_SHARE", "Sums", "accuracy", "outcome", "ranking_outcome"]

# How far off a total may be to be called foretold well: a budget then is at most a quarter short.
LIMIT = 0.2
# Twice an even share: below it, the most promising tenth is hardly better than any tenth.
TOP_SHARE = 0.2
FEWEST_BUYERS = 30
TENTHS = 10
AMOUNT_PLACE = 9  # after the scores of the trial
# Within a tenth customers are added up in so many lots, which are drawn as if they were one each.
LOTS = 200
DRAWS = 400
ENDS = (2.5, 97.5)
SUMS = ("orders", "later_orders", "amount", "later_amount")


@dataclass(frozen=True)
class Sums:
    """Sums over lots of customers, a row a lot.

    Attributes:
        tenth: of the customers, from 1, the most promising first.
        customers, buyers: how many; and who of them bought later.
        orders, later_orders: expected and measured.
        amount, later_amount: expected and measured, in EUR.
    """

    tenth: Array
    customers: Array
    buyers: Array
    orders: Array
    later_orders: Array
    amount: Array
    later_amount: Array

    @classmethod
    def of(cls, foretold: ir.Table, engine: Engine) -> Sums:
        """Lots by number, so that large and small customers fall evenly into them.

        Args:
            foretold: as for `findings`.
        """
        first = [ibis.desc(foretold["expected_amount"]), foretold["customer_id"]]
        placed = foretold.select(
            "customer_id",
            "later_orders",
            "later_amount",
            orders=foretold["expected_orders"],
            amount=foretold["expected_amount"],
            tenth=ibis.ntile(TENTHS).over(order_by=first).cast("int64") + 1,
        )
        number = ibis.row_number().over(group_by="tenth", order_by="customer_id")
        placed = placed.mutate(lot=number % LOTS)
        sums = placed.group_by(["tenth", "lot"]).aggregate(
            customers=placed.count(),
            buyers=placed.count(where=placed["later_orders"] > 0),
            **{name: placed[name].sum() for name in SUMS},
        )
        told = engine.fetch(sums.order_by(["tenth", "lot"]))
        return cls(*(told[name].to_numpy().astype(float) for name in cls.__dataclass_fields__))

    def drawn(self) -> Array:
        """How often each lot comes in each draw: a row a draw; the same on each run."""
        return np.random.default_rng(1979).poisson(1.0, (DRAWS, len(self.tenth))).astype(float)


def accuracy(foretold: ir.Table, engine: Engine) -> Iterator[dict[str, Any]]:
    """Totals with their outcome, and the revenue of each tenth, in EUR and as part of all."""
    sums = Sums.of(foretold, engine)
    if not len(sums.tenth):
        return
    draws = sums.drawn()
    customers, buyers = round(sums.customers.sum()), round(sums.buyers.sum())
    for place, (item, expected, measured) in enumerate(
        (
            ("orders", sums.orders, sums.later_orders),
            ("revenue", sums.amount, sums.later_amount),
        )
    ):
        if expected.any() or measured.any():
            row = _total(draws, expected, measured, buyers)
            said = outcome(**row, buyers=buyers)
            yield _row("accuracy", place, item, customers, outcome=said, **row)
    yield from _revenue(sums, draws)


def _revenue(sums: Sums, draws: Array) -> Iterator[dict[str, Any]]:
    """The tenths of the customers, the most promising first."""
    whole = {"expected": sums.amount.sum(), "measured": sums.later_amount.sum()}
    customers, buyers = round(sums.customers.sum()), round(sums.buyers.sum())
    drawn_whole = draws @ sums.later_amount
    for tenth in np.unique(sums.tenth):
        here = sums.tenth == tenth
        place, n = round(float(tenth)), round(float(sums.customers[here].sum()))
        told, came = sums.amount[here], sums.later_amount[here]
        yield _row("revenue", place, str(place), n, **_tenth(draws[:, here], told, came))
        share: dict[str, Any] = {
            "expected": told.sum() / whole["expected"] if whole["expected"] > 0 else None,
            "measured": came.sum() / whole["measured"] if whole["measured"] > 0 else None,
        }
        if whole["measured"] > 0:
            share |= _ends(_over(draws[:, here] @ came, drawn_whole))
        yield _row("lift", place, str(place), n, **share)
        if place == 1 and share["expected"] is not None and share["measured"] is not None:
            said = ranking_outcome(share["low"], share["high"], buyers=buyers)
            yield _row("accuracy", 2, "top_tenth", customers, outcome=said, **share)
    yield _row("score", AMOUNT_PLACE, "amount", customers, **whole)


def outcome(expected: float, measured: float, low: float, high: float, *, buyers: int) -> str:
    """What a total says of the model: `good`, `too_low`, `too_high` or `uncertain`.

    Args:
        expected, measured: totals of the later period.
        low, high: 95 % interval of `measured`.
        buyers: customers who bought in that period.

    Good is at most `LIMIT` off, by an interval that is no wider to either side. Too low and too
    high are farther off, and farther than chance. All else cannot be told.

    >>> outcome(66, 100, 90, 111, buyers=500), outcome(95, 100, 85, 116, buyers=500)
    ('too_low', 'good')
    >>> outcome(66, 100, 60, 150, buyers=500)
    'uncertain'
    """
    if buyers < FEWEST_BUYERS:
        return "uncertain"
    is_off = abs(expected - measured) > LIMIT * measured
    if is_off and not low <= expected <= high:
        return "too_low" if expected < measured else "too_high"
    return "good" if not is_off and high - low <= 2 * LIMIT * measured else "uncertain"


def ranking_outcome(low: float, high: float, *, buyers: int) -> str:
    """Whether the most promising tenth brought in more than an even share: `good`, `weak` or
    `uncertain`.

    Args:
        low, high: 95 % interval of its part of the revenue.
        buyers: as in `outcome`.

    >>> ranking_outcome(0.45, 0.58, buyers=500), ranking_outcome(0.09, 0.14, buyers=500)
    ('good', 'weak')
    """
    if buyers < FEWEST_BUYERS or low < TOP_SHARE <= high:
        return "uncertain"
    return "good" if low >= TOP_SHARE else "weak"


def _total(draws: Array, expected: Array, measured: Array, buyers: int) -> dict[str, float]:
    """Sums, and what could have come of as much as was expected here."""
    told, came = float(expected.sum()), float(measured.sum())
    if told <= 0 or came <= 0 or buyers < FEWEST_BUYERS:
        return _tenth(draws, expected, measured)
    drawn_told, drawn_came = draws @ expected, draws @ measured
    kept = (drawn_told > 0) & (drawn_came > 0)
    ratios = drawn_came[kept] / drawn_told[kept]
    squares = draws[kept] @ np.column_stack((measured**2, measured * expected, expected**2))
    missed = squares[:, 0] - 2 * ratios * squares[:, 1] + ratios**2 * squares[:, 2]
    errors = np.sqrt(np.maximum(missed, 0)) / drawn_came[kept]  # of the logarithm
    error = float(np.linalg.norm(measured - came / told * expected)) / came
    away = np.log(ratios * told / came)
    steps = np.divide(away, errors, out=np.zeros_like(away), where=errors > 0)
    low, high = np.percentile(steps, ENDS)
    ends = {"low": came * float(np.exp(-high * error)), "high": came * float(np.exp(-low * error))}
    return {"expected": told, "measured": came, **ends}


def _tenth(draws: Array, expected: Array, measured: Array) -> dict[str, float]:
    """The same where a few may be all that came: the draws as they are."""
    told, came = float(expected.sum()), float(measured.sum())
    drawn_told, drawn_came = draws @ expected, draws @ measured
    likely = _over(drawn_came, drawn_told) * told if told > 0 else drawn_came
    return {"expected": told, "measured": came, **_ends(likely)}


def _over(above: Array, below: Array) -> Array:
    """Ratios of the draws in which there is anything to divide by."""
    kept = below > 0
    return above[kept] / below[kept]


def _ends(drawn: Array) -> dict[str, float]:
    low, high = np.percentile(drawn, ENDS)
    return {"low": float(low), "high": float(high)}


def _row(check: str, place: int, item: str, customers: int, **facts: Any) -> dict[str, Any]:
    return {"check": check, "item": item, "place": place, "customers": customers, **facts}
