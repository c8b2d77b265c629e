"""Which model of what customers will buy is in use, and how far it may be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from math import isfinite

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.segments.clv.amounts import (
    MEAN,
    AmountModel,
    best_of,
    learn_amounts,
    tried,
)
from klantreis.segments.clv.cells import CELL_MODEL, averages_of_cells, foretold_by_cells
from klantreis.segments.clv.findings import Finding, cumulative, findings
from klantreis.segments.clv.foretelling import (
    ORDER_MODELS,
    foretold,
    with_amounts,
)
from klantreis.segments.clv.purchase_model import PurchaseModel
from klantreis.segments.clv.seen import day_number, histories, purchase_days, seen_at
from klantreis.segments.clv.trial import (
    FEWEST_CUSTOMERS,
    Score,
    Split,
    score_of_cells,
    scores_of_models,
    verdict,
)
from klantreis.tables import contract

__all__ = ["value_checks"]


# Above this part of the purchases histories are not what customers did any more.
MOST_UNDATED = 0.05


def value_checks(
    timeline: ir.Table,
    orders: ir.Table,
    undated_purchases: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
) -> ir.Table:
    """Learn the models from an earlier period, test them on a later one, and choose.

    The last third of the time, at most a year, is kept apart. A model is good when it comes
    within 30 % of all later orders and says better than one number for everybody how many orders
    a customer places and whether there is one; of the good ones the one that says both best is
    in use.
    What an order is worth is foretold in the way that was nearest in the period before the later
    one: Gamma-Gamma, the own orders with two of everybody's mean added, or that mean.
    Where none is, or fewer than 50 customers bought twice, the averages of cells have to do; and
    where those were more than 60 % off as well, nothing is foretold. Nor is it where nobody ever
    bought twice: a file of one purchase a customer cannot tell how often they come back; nor where
    of more than 5 % of the purchases only the number is known, not the day.

    Args:
        timeline, orders, undated_purchases: as in their contracts.
        as_of: the moment of measuring (UTC).

    Returns:
        As in the contract of `value_checks`.
    """
    days = engine.keep(purchase_days(timeline, orders, as_of=as_of))
    left = engine.fetch(undated_purchases.aggregate(n=undated_purchases["orders"].sum()))
    rows = list(_checked(days, left["n"][0].as_py() or 0, day_number(as_of), engine))
    return engine.table(
        pa.Table.from_pylist(rows, schema=contract("value_checks").schema.to_pyarrow())
    )


def _checked(days: ir.Table, undated: int, today: int, engine: Engine) -> Iterator[Finding]:
    first, customers, repeat_days = _beginning(days, engine)
    if undated > MOST_UNDATED * (undated + customers + repeat_days):
        yield _row("none", "verdict", "undated", customers=customers)
        return
    split = Split.of(first, today)
    if not customers or not split.is_long_enough:
        yield _row("none", "verdict", "too_short", customers=customers)
        return
    if not repeat_days:
        yield _row("none", "verdict", "no_repeats", customers=customers)
        return
    seen = engine.keep(seen_at(days, split.until, later_days=split.later_days))
    known = engine.fetch(seen.aggregate(n=seen.count()))["n"][0].as_py()
    if known < FEWEST_CUSTOMERS:
        yield _row("none", "verdict", "few_customers", customers=known)
        return
    models = scores_of_models(seen, split, engine)
    scores = {name: score for name, (score, _) in models.items()}
    before = split.until - split.later_days
    earlier = engine.keep(seen_at(days, before, later_days=split.later_days))
    of_cells = score_of_cells(earlier, seen, engine)
    chosen, reason = verdict(scores, of_cells)
    yield _row(chosen, "verdict", reason, customers=known)
    yield _row(chosen, "period", "learning", 0, measured=split.learning_days, customers=known)
    yield _row(chosen, "period", "later", 1, measured=split.later_days, customers=known)
    for name, score in (scores | ({CELL_MODEL: of_cells} if of_cells else {})).items():
        yield from _scored(name, score)
    amounts: AmountModel | None = None
    if chosen in models:
        amounts, trials = _chosen_amounts(earlier, seen, engine)
        yield from trials
        told = _by_model(days, seen, split, models[chosen][1], amounts, engine)
    elif of_cells and chosen == CELL_MODEL:
        told = _by_cells(days, seen, earlier, split, engine)
    else:
        told = iter(())
    yield from ({"model": chosen, **row} for row in told)
    if amounts:
        yield from _learned_from_all(days, today, chosen, amounts.name, engine)


def _chosen_amounts(
    earlier: ir.Table, seen: ir.Table, engine: Engine
) -> tuple[AmountModel, list[Finding]]:
    """The way that foretold best what an order was worth, chosen before the period reported on.

    Only where the period before that was too thin is it chosen on the reported one itself.
    """
    models = learn_amounts(seen, engine)
    later = tried(models, seen, engine)
    before = tried(learn_amounts(earlier, engine), earlier, engine)
    is_earlier = before.is_enough and models.keys() <= before.errors.keys()
    trials = {"earlier": before, "later": later} if is_earlier else {"later": later}
    findings_ = [
        _row(
            name,
            "order_amount",
            period,
            place,
            customers=trial.customers,
            expected=trial.errors[MEAN],
            measured=trial.errors[name],
        )
        for place, (period, trial) in enumerate(trials.items())
        for name in trial.errors
        if name in models
    ]
    return best_of(models, before if is_earlier else later), findings_


def _beginning(days: ir.Table, engine: Engine) -> tuple[int, int, int]:
    """The day of the first purchase, who bought, and days with a purchase after somebody's first."""
    bought = days.filter(days["is_purchase"])
    row = engine.fetch(
        bought.aggregate(
            first=bought["day"].min(),
            customers=bought["customer_id"].nunique(),
            purchase_days=bought.count(),
        )
    ).to_pylist()[0]
    return row["first"] or 0, row["customers"], row["purchase_days"] - row["customers"]


def _by_model(
    days: ir.Table,
    seen: ir.Table,
    split: Split,
    model: PurchaseModel,
    amounts: AmountModel,
    engine: Engine,
) -> Iterator[Finding]:
    rows, _ = histories(seen, engine)
    told = foretold(model, rows, split.later_days, engine)
    yield from findings(with_amounts(seen, told, amounts), engine)

    def expected(moment: int) -> float:
        return float(rows.count @ model.expected_purchases(moment, rows))

    yield from cumulative(days, seen, split, expected, engine)


def _by_cells(
    days: ir.Table, seen: ir.Table, earlier: ir.Table, split: Split, engine: Engine
) -> Iterator[Finding]:
    told = engine.keep(foretold_by_cells(seen, averages_of_cells(earlier, engine), 1.0, engine))
    yield from findings(told, engine)
    total = engine.fetch(told.aggregate(n=told["expected_orders"].sum()))["n"][0].as_py()

    def expected(moment: int) -> float:
        return float(total * moment / split.later_days)

    yield from cumulative(days, seen, split, expected, engine)


def _scored(name: str, score: Score) -> Iterator[Finding]:
    pairs: Mapping[str, tuple[float | None, float]] = {
        "orders": score.orders,
        "squared_error": score.squared_error,
        "brier": score.brier,
        "correlation": (None, score.correlation),
        "log_likelihood": (None, score.log_likelihood),
    }
    for place, (item, (expected, measured)) in enumerate(pairs.items()):
        if isfinite(measured):
            numbers = {"expected": expected, "measured": measured}
            yield _row(name, "score", item, place, customers=score.customers, **numbers)


def _learned_from_all(
    days: ir.Table, today: int, chosen: str, way: str, engine: Engine
) -> Iterator[Finding]:
    """The parameters that the values of today rest on.

    Args:
        chosen: model of the purchases.
        way: model of what an order is worth; everybody's mean where it cannot be learned now.
    """
    seen = engine.keep(seen_at(days, today))
    rows, _ = histories(seen, engine)
    model = ORDER_MODELS[chosen]().fit(rows)
    yield from _parameters(chosen, model.parameters_, model.intervals, model.customers_)
    models = learn_amounts(seen, engine)
    amounts = models.get(way, models[MEAN])
    if amounts.learned:
        learned = amounts.learned
        yield from _parameters(
            amounts.name, learned.parameters_, learned.intervals, learned.customers_
        )
    else:
        yield _row(
            amounts.name, "parameter", "mean", expected=amounts.mean, customers=rows.customers
        )


def _parameters(
    name: str,
    values: Mapping[str, float],
    intervals: Callable[[], Mapping[str, tuple[float, float]]],
    customers: int,
) -> Iterator[Finding]:
    ends = intervals()
    for place, (item, value) in enumerate(values.items()):
        low, high = (end if isfinite(end) else None for end in ends[item])
        numbers = {"expected": value, "low": low, "high": high}
        yield _row(name, "parameter", item, place, customers=customers, **numbers)


def _row(
    model: str,
    check: str,
    item: str,
    place: int = 0,
    *,
    customers: int,
    **numbers: float | None,
) -> Finding:
    return {
        "model": model,
        "check": check,
        "item": item,
        "place": place,
        "customers": customers,
        **numbers,
    }
