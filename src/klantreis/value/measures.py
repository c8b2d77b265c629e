"""How each measure of the library is taken from the tables, over a period.

Each function gives a table of one row: a share as `part` and `whole`, a mean as `mean`, `deviation`
and `n`, a total as `total` and `n`, a quotient of sums as `top`, `bottom` and `n`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir

__all__ = ["MEASURES", "Period"]

ONLINE = ("web", "app")
FAILED = ("failed", "expired", "canceled")


@dataclass(frozen=True)
class Period:
    """The tables to measure in, from a moment up to (and without) another, both UTC.

    Attributes:
        table: gives a table by its name.
        start, end: of the period.
    """

    table: Callable[[str], ir.Table]
    start: datetime
    end: datetime

    def rows(self, name: str, moment: str) -> ir.Table:
        """The rows of a table in the period, by one of its moments."""
        table = self.table(name)
        return table.filter((table[moment] >= self.start) & (table[moment] < self.end))


def visits(period: Period) -> ir.Table:
    return _total(_visits(period))


def new_customers(period: Period) -> ir.Table:
    return _total(period.rows("portraits", "first_seen_at"))


def advertising_cost(period: Period) -> ir.Table:
    spend = _spend(period)
    cost = spend["cost_amount"].cast("float64")
    return spend.aggregate(total=cost.sum().fill_null(0.0), n=spend.count())


def click_through_rate(period: Period) -> ir.Table:
    spend = _spend(period)
    return _part(spend, spend["clicks"].sum(), spend["impressions"].sum())


def cost_per_click(period: Period) -> ir.Table:
    spend = _spend(period)
    clicks = spend["clicks"].sum()
    return spend.aggregate(
        top=spend["cost_amount"].cast("float64").sum(), bottom=clicks.cast("float64"), n=clicks
    )


def mail_open_rate(period: Period) -> ir.Table:
    return _answered(period, "opened")


def mail_click_rate(period: Period) -> ir.Table:
    return _answered(period, "clicked")


def unsubscribe_rate(period: Period) -> ir.Table:
    return _answered(period, "unsubscribed")


def product_view_rate(period: Period) -> ir.Table:
    seen = _visits(period)
    return _part(seen, _with(seen, "view_item"), seen.count())


def search_rate(period: Period) -> ir.Table:
    seen = _visits(period)
    return _part(seen, _with(seen, "search"), seen.count())


def out_of_stock_rate(period: Period) -> ir.Table:
    seen = _visits(period)
    return _part(seen, _with(seen, "out_of_stock", "view_item"), _with(seen, "view_item"))


def basket_rate(period: Period) -> ir.Table:
    seen = _visits(period)
    return _part(seen, _with(seen, "add_to_cart", "view_item"), _with(seen, "view_item"))


def store_locator_rate(period: Period) -> ir.Table:
    seen = _visits(period)
    return _part(seen, _with(seen, "store_locator"), seen.count())


def conversion(period: Period) -> ir.Table:
    seen = _visits(period)
    return _part(seen, _with(seen, "purchase"), seen.count())


def basket_abandonment(period: Period) -> ir.Table:
    seen = _visits(period)
    filled = _with(seen, "add_to_cart")
    return _part(seen, filled - _with(seen, "add_to_cart", "purchase"), filled)


def checkout_completion(period: Period) -> ir.Table:
    seen = _visits(period)
    begun = _with(seen, "begin_checkout")
    return _part(seen, _with(seen, "begin_checkout", "purchase"), begun)


def payment_failure(period: Period) -> ir.Table:
    tried = period.rows("payments", "created_at")
    return _part(tried, tried.count(where=tried["status"].isin(FAILED)), tried.count())


def orders(period: Period) -> ir.Table:
    return _total(_sales(period))


def revenue(period: Period) -> ir.Table:
    bought = _completed(period)
    amount = bought["total_amount"].cast("float64")
    return bought.aggregate(total=amount.sum().fill_null(0.0), n=bought.count())


def average_order_value(period: Period) -> ir.Table:
    bought = _sales(period)
    return _mean(bought, bought["total_amount"].cast("float64"))


def pieces_per_order(period: Period) -> ir.Table:
    bought = _sales(period)
    lines = period.table("order_lines").semi_join(bought, "order_id")
    pieces = lines.group_by("order_id").aggregate(pieces=lines["quantity"].sum())
    return _mean(pieces, pieces["pieces"].cast("float64"))


def discount_share(period: Period) -> ir.Table:
    bought = _sales(period)
    given = bought["discount_amount"].cast("float64").sum().fill_null(0.0)
    paid = bought["total_amount"].cast("float64").sum().fill_null(0.0)
    return bought.aggregate(top=given, bottom=paid + given, n=bought.count())


def store_share(period: Period) -> ir.Table:
    bought = _sales(period)
    amount = bought["total_amount"].cast("float64")
    inside = amount.sum(where=bought["channel"] == "store").fill_null(0.0)
    return bought.aggregate(top=inside, bottom=amount.sum(), n=bought.count())


def buyers(period: Period) -> ir.Table:
    return _total(_buyers(period))


def return_rate(period: Period) -> ir.Table:
    happened = period.rows("timeline", "occurred_at")
    amount = happened["amount"].cast("float64")
    back = amount.sum(where=happened["event"].isin(("return", "refund"))).fill_null(0.0)
    sold = happened["event"] == "purchase"
    return happened.aggregate(
        top=back.abs(), bottom=amount.sum(where=sold), n=happened.count(where=sold)
    )


def late_parcels(period: Period) -> ir.Table:
    happened = period.rows("timeline", "occurred_at")
    late = happened.count(where=happened["event"] == "delivery_delayed")
    return _part(happened, late, happened.count(where=happened["event"] == "delivered"))


def first_answer_days(period: Period) -> ir.Table:
    asked = period.rows("feedback", "occurred_at")
    answered = asked.filter(
        asked["kind"].isin(("ticket", "chat")) & (asked["answered_at"] >= asked["occurred_at"])
    )
    waited = answered["answered_at"].delta(answered["occurred_at"], unit="millisecond")
    return _mean(answered, waited / 86_400_000)


def contact_rate(period: Period) -> ir.Table:
    happened = period.rows("timeline", "occurred_at")
    each = happened.group_by("customer_id").aggregate(
        bought=happened.count(where=happened["event"] == "purchase"),
        asked=happened.count(where=happened["event"].isin(("ticket", "chat"))),
    )
    both = (each["bought"] > 0) & (each["asked"] > 0)
    return _part(each, each.count(where=both), each.count(where=each["bought"] > 0))


def nps(period: Period) -> ir.Table:
    answers = period.rows("survey_answers", "answered_at")
    answers = answers.filter((answers["kind"] == "nps") & answers["score"].notnull())
    score = ibis.cases((answers["score"] >= 9, 100.0), (answers["score"] <= 6, -100.0), else_=0.0)
    return _mean(answers, score)


def review_score(period: Period) -> ir.Table:
    said = period.rows("feedback", "occurred_at")
    scored = said.filter((said["kind"] == "review") & (said["score_max"] > 0))
    return _mean(scored, scored["score"] / scored["score_max"] * 10)


def repeat_rate(period: Period) -> ir.Table:
    bought = _buyers(period)
    return _part(bought, bought.count(where=bought["orders"] > 1), bought.count())


def emotion(period: Period) -> ir.Table:
    felt = period.rows("emotions", "felt_at")
    told = felt.filter(felt["kind"] != "behaviour")
    return _mean(told, told["emotion"])


MEASURES: Mapping[str, Callable[[Period], ir.Table]] = {
    function.__name__: function
    for function in (
        visits,
        new_customers,
        advertising_cost,
        click_through_rate,
        cost_per_click,
        mail_open_rate,
        mail_click_rate,
        unsubscribe_rate,
        product_view_rate,
        search_rate,
        out_of_stock_rate,
        basket_rate,
        store_locator_rate,
        conversion,
        basket_abandonment,
        checkout_completion,
        payment_failure,
        orders,
        revenue,
        average_order_value,
        pieces_per_order,
        discount_share,
        store_share,
        buyers,
        return_rate,
        late_parcels,
        first_answer_days,
        contact_rate,
        nps,
        review_score,
        repeat_rate,
        emotion,
    )
}


def _visits(period: Period) -> ir.Table:
    """One row a visit online, with how often each event that matters happened in it."""
    happened = period.rows("timeline", "occurred_at")
    online = happened.filter(happened["channel"].isin(ONLINE) & happened["session"].notnull())
    names = ("view_item", "search", "out_of_stock", "add_to_cart", "store_locator")
    counted = (*names, "begin_checkout", "purchase")
    return online.group_by("customer_id", "session").aggregate(
        **{name: online.count(where=online["event"] == name) for name in counted}
    )


def _with(seen: ir.Table, *events: str) -> ir.IntegerScalar:
    """How many visits had all of these events."""
    condition = seen[events[0]] > 0
    for name in events[1:]:
        condition = condition & (seen[name] > 0)
    return seen.count(where=condition)


def _completed(period: Period) -> ir.Table:
    placed = period.rows("orders", "ordered_at")
    return placed.filter(placed["status"].isin(("completed", "refunded")))


def _sales(period: Period) -> ir.Table:
    done = _completed(period)
    return done.filter(done["kind"] == "sale")


def _buyers(period: Period) -> ir.Table:
    happened = period.rows("timeline", "occurred_at")
    bought = happened.filter(happened["event"] == "purchase")
    return bought.group_by("customer_id").aggregate(orders=bought.count())


def _spend(period: Period) -> ir.Table:
    spend = period.table("spend")
    first, last = period.start.date(), period.end.date()
    return spend.filter((spend["spent_on"] >= first) & (spend["spent_on"] < last))


def _answered(period: Period, action: str) -> ir.Table:
    """Messages that were sent in the period and answered so at any time."""
    messages = period.table("messages")
    keys = ["person_id", "campaign"]
    rows = period.rows("messages", "occurred_at")
    sent = rows.filter(rows["action"] == "sent").select(keys).distinct()
    done = messages.filter(messages["action"] == action).select(keys).distinct()
    both = sent.left_join(done.mutate(is_done=True), keys)
    return _part(both, both.count(where=both["is_done"]), both.count())


def _part(rows: ir.Table, part: ir.Value, whole: ir.Value) -> ir.Table:
    return rows.aggregate(part=part, whole=whole)


def _mean(rows: ir.Table, value: ir.Value) -> ir.Table:
    return rows.aggregate(mean=value.mean(), deviation=value.std(), n=value.count())


def _total(rows: ir.Table) -> ir.Table:
    return rows.aggregate(total=rows.count(), n=rows.count())
