"""How each measure of the library is taken: from which rows, and by which numbers of them.

A share is `part` and `whole`, a mean `mean`, `deviation` and `n`, a total `total` and `n`, a
quotient of sums `top`, `bottom` and `n`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from klantreis.value import samples
from klantreis.value.period import Period, Sample

__all__ = ["MEASURES", "Measure"]

Numbers = Mapping[str, ir.Value]
MEASURES: dict[str, Measure] = {}


@dataclass(frozen=True)
class Measure:
    """One measure: the rows that it is taken from, and the numbers that it takes of them."""

    sample: Sample
    numbers: Callable[[ir.Table], Numbers]

    def __call__(self, period: Period) -> ir.Table:
        """Its numbers in one row, or in one for each combination of the period's keys."""
        rows = period.sampled(self.sample)
        return period.summed(rows, **self.numbers(rows))


def _of(sample: Sample) -> Callable[[Callable[[ir.Table], Numbers]], Measure]:
    """Make a measure, named after the function, of the rows of a sample."""

    def made(numbers: Callable[[ir.Table], Numbers]) -> Measure:
        MEASURES[numbers.__name__] = Measure(sample, numbers)
        return MEASURES[numbers.__name__]

    return made


@_of(samples.visits)
def visits(seen: ir.Table) -> Numbers:
    return {"total": _with(seen), "n": _with(seen)}


@_of(samples.newcomers)
def new_customers(portraits: ir.Table) -> Numbers:
    return _total(portraits)


@_of(samples.spend)
def advertising_cost(spend: ir.Table) -> Numbers:
    cost = spend["cost_amount"].cast("float64")
    return {"total": cost.sum().fill_null(0.0), "n": spend.count()}


@_of(samples.spend)
def click_through_rate(spend: ir.Table) -> Numbers:
    return _part(spend["clicks"].sum(), spend["impressions"].sum())


@_of(samples.spend)
def cost_per_click(spend: ir.Table) -> Numbers:
    clicks = spend["clicks"].sum()
    cost = spend["cost_amount"].cast("float64").sum()
    return {"top": cost, "bottom": clicks.cast("float64"), "n": clicks}


@_of(samples.sent)
def mail_open_rate(sent: ir.Table) -> Numbers:
    return _part(sent.count(where=sent["opened"]), sent.count())


@_of(samples.sent)
def mail_click_rate(sent: ir.Table) -> Numbers:
    return _part(sent.count(where=sent["clicked"]), sent.count())


@_of(samples.sent)
def unsubscribe_rate(sent: ir.Table) -> Numbers:
    return _part(sent.count(where=sent["unsubscribed"]), sent.count())


@_of(samples.visits)
def product_view_rate(seen: ir.Table) -> Numbers:
    return _part(_with(seen, "view_item"), _with(seen))


@_of(samples.visits)
def search_rate(seen: ir.Table) -> Numbers:
    return _part(_with(seen, "search"), _with(seen))


@_of(samples.visits)
def out_of_stock_rate(seen: ir.Table) -> Numbers:
    return _part(_with(seen, "out_of_stock", "view_item"), _with(seen, "view_item"))


@_of(samples.visits)
def basket_rate(seen: ir.Table) -> Numbers:
    return _part(_with(seen, "add_to_cart", "view_item"), _with(seen, "view_item"))


@_of(samples.visits)
def store_locator_rate(seen: ir.Table) -> Numbers:
    return _part(_with(seen, "store_locator"), _with(seen))


@_of(samples.visits)
def conversion(seen: ir.Table) -> Numbers:
    return _part(_with(seen, "purchase"), _with(seen))


@_of(samples.visits)
def basket_abandonment(seen: ir.Table) -> Numbers:
    filled = _with(seen, "add_to_cart")
    return _part(filled - _with(seen, "add_to_cart", "purchase"), filled)


@_of(samples.visits)
def checkout_completion(seen: ir.Table) -> Numbers:
    return _part(_with(seen, "begin_checkout", "purchase"), _with(seen, "begin_checkout"))


@_of(samples.payments)
def payment_failure(tried: ir.Table) -> Numbers:
    failed = tried["status"].isin(("failed", "expired", "canceled"))
    return _part(tried.count(where=failed), tried.count())


@_of(samples.sales)
def orders(sales: ir.Table) -> Numbers:
    return _total(sales)


@_of(samples.completed)
def revenue(done: ir.Table) -> Numbers:
    return {"total": done["paid"].sum().fill_null(0.0), "n": done.count()}


@_of(samples.sales)
def average_order_value(sales: ir.Table) -> Numbers:
    return _mean(sales["paid"])


@_of(samples.baskets)
def pieces_per_order(baskets: ir.Table) -> Numbers:
    return _mean(baskets["pieces"].cast("float64"))


@_of(samples.sales)
def discount_share(sales: ir.Table) -> Numbers:
    given = sales["discount_amount"].cast("float64").sum().fill_null(0.0)
    paid = sales["paid"].sum().fill_null(0.0)
    return {"top": given, "bottom": paid + given, "n": sales.count()}


@_of(samples.sales)
def store_share(sales: ir.Table) -> Numbers:
    inside = sales["paid"].sum(where=sales["channel"] == "store").fill_null(0.0)
    return {"top": inside, "bottom": sales["paid"].sum(), "n": sales.count()}


@_of(samples.buyers)
def buyers(kinds: ir.Table) -> Numbers:
    return {"total": _having(kinds, "has_bought"), "n": _having(kinds, "has_bought")}


@_of(samples.deliveries)
def return_rate(made: ir.Table) -> Numbers:
    return {
        "top": made["returned"].sum().fill_null(0.0).abs(),
        "bottom": made["sold"].sum(),
        "n": _whole(made["purchases"].sum()),
    }


@_of(samples.deliveries)
def late_parcels(made: ir.Table) -> Numbers:
    return _part(_whole(made["late"].sum()), _whole(made["delivered"].sum()))


@_of(samples.answered)
def first_answer_days(answered: ir.Table) -> Numbers:
    waited = answered["answered_at"].delta(answered["occurred_at"], unit="millisecond")
    return _mean(waited / 86_400_000)


@_of(samples.buyers)
def contact_rate(kinds: ir.Table) -> Numbers:
    return _part(_having(kinds, "has_bought", "has_asked"), _having(kinds, "has_bought"))


@_of(samples.recommendations)
def nps(answers: ir.Table) -> Numbers:
    # Whole numbers: Spark makes decimals of 100.0, and of their mean.
    return _mean(ibis.cases((answers["score"] >= 9, 100), (answers["score"] <= 6, -100), else_=0))


@_of(samples.reviews)
def review_score(reviews: ir.Table) -> Numbers:
    return _mean(reviews["score"] / reviews["score_max"] * 10)


@_of(samples.buyers)
def repeat_rate(kinds: ir.Table) -> Numbers:
    return _part(_having(kinds, "has_repeated"), _having(kinds, "has_bought"))


@_of(samples.told)
def emotion(told: ir.Table) -> Numbers:
    return _mean(told["emotion"])


def _with(seen: ir.Table, *events: str) -> ir.IntegerScalar:
    """How many visits had all of these events."""
    return _summed_where(seen, "visits", events)


def _having(kinds: ir.Table, *flags: str) -> ir.IntegerScalar:
    """How many customers did all of this."""
    return _summed_where(kinds, "customers", flags)


def _summed_where(rows: ir.Table, count: str, flags: Sequence[str]) -> ir.IntegerScalar:
    condition = reduce(and_, (rows[flag] for flag in flags)) if flags else None
    return _whole(rows[count].sum(where=condition))


def _whole(count: ir.Value) -> ir.IntegerScalar:
    return count.fill_null(0).cast("int64")


def _part(part: ir.Value, whole: ir.Value) -> Numbers:
    return {"part": part, "whole": whole}


def _mean(value: ir.Value) -> Numbers:
    return {"mean": value.mean(), "deviation": value.std(), "n": value.count()}


def _total(rows: ir.Table) -> Numbers:
    return {"total": rows.count(), "n": rows.count()}
