"""How the page of worth is found: three small questions to `workspace.worth`."""

from __future__ import annotations

from klantreis.web.figures import NEEDED_FOR_MEAN, amount
from klantreis.web.page import NoQuery
from klantreis.web.pages.worth.context import (
    Expected,
    Group,
    OrderAmount,
    Point,
    Score,
    Valued,
    WorthPage,
)
from klantreis.words import Evidence, Figure
from klantreis.workspace import CustomerWorth, ValueCheck, Workspace

__all__ = ["worth"]

BEST = 10


def worth(workspace: Workspace, query: NoQuery) -> WorthPage:
    """Answer the page of worth."""
    published = workspace.published
    assert published is not None
    verdict, totals = workspace.worth.verdict(), workspace.worth.totals()
    scores = _scores(workspace, verdict.order_model)
    return WorthPage(
        as_of=published.as_of,
        model=verdict.order_model,
        amount_model=verdict.amount_model,
        reason=verdict.reason,
        use=verdict.use,
        orders=verdict.orders,
        revenue=verdict.revenue,
        top_tenth=verdict.top_tenth,
        learning_days=verdict.learning_days,
        later_days=verdict.later_days,
        has_amounts=bool(totals.history_amount or totals.expected_amount),
        undated_amount=_undated(workspace),
        history=amount(totals.history_amount, totals.customers, "buyers"),
        expected=Expected(
            amount=totals.expected_amount,
            orders=totals.expected_orders,
            returning=totals.returning,
            top_share=totals.top_share,
        ),
        cumulative=_points(workspace, "cumulative"),
        conditional=_points(workspace, "conditional"),
        reliability=_points(workspace, "reliability"),
        tenths=_points(workspace, "revenue"),
        lift=_points(workspace, "lift"),
        in_range=_shown(workspace, "range", "orders", "customers"),
        by_half=_shown(workspace, "next_order", "half", "buyers"),
        order_amounts=_order_amounts(workspace, verdict.amount_model),
        scores=scores,
        groups=tuple(
            Group(
                segment=group.segment,
                customers=group.customers,
                evidence=Evidence("measured", group.customers, "buyers", needed=NEEDED_FOR_MEAN),
                history_amount=group.history_amount,
                expected_amount=group.expected_amount,
                expected_orders=group.expected_orders,
                churn_risk=group.churn_risk,
            )
            for group in workspace.worth.groups()
        ),
        best=tuple(_valued(one) for one in workspace.worth.best(BEST)),
    )


def _undated(workspace: Workspace) -> float:
    undated = workspace.table("undated_purchases")
    told = workspace.rows(undated.aggregate(amount=undated["amount"].sum()))
    return float(told[0]["amount"] or 0)


def _order_amounts(workspace: Workspace, used: str) -> tuple[OrderAmount, ...]:
    rows = workspace.worth.checks("order_amount")
    parts = {(one.model, one.item): _part(one) for one in rows}
    found = [
        OrderAmount(name, name == used, parts.get((name, "earlier")), parts.get((name, "later")))
        for name in {one.model for one in rows}
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_used, one.later or 0.0, one.model)))


def _points(workspace: Workspace, check: str) -> tuple[Point, ...]:
    return tuple(
        Point(one.place, one.expected, one.measured, one.low, one.high, one.customers)
        for one in workspace.worth.checks(check)
        if one.expected is not None and one.measured is not None
    )


def _shown(workspace: Workspace, check: str, item: str, unit: str) -> Figure | None:
    found = next((one for one in workspace.worth.checks(check) if one.item == item), None)
    if found is None or found.measured is None:
        return None
    evidence = Evidence("measured", found.customers, unit, low=found.low, high=found.high)
    return Figure(found.measured, "share", evidence)


def _scores(workspace: Workspace, used: str) -> tuple[Score, ...]:
    rows = workspace.worth.checks("score")
    by_model: dict[str, dict[str, ValueCheck]] = {}
    for row in rows:
        by_model.setdefault(row.model, {})[row.item] = row
    found = [_score(name, items, name == used) for name, items in by_model.items()]
    return tuple(sorted(found, key=lambda one: (not one.is_used, one.squared_error + one.brier)))


def _score(name: str, items: dict[str, ValueCheck], is_used: bool) -> Score:
    orders, correlation = items["orders"], items.get("correlation")
    return Score(
        model=name,
        is_used=is_used,
        expected_orders=orders.expected or 0.0,
        measured_orders=orders.measured or 0.0,
        squared_error=_part(items["squared_error"]),
        brier=_part(items["brier"]),
        correlation=correlation.measured if correlation else None,
    )


def _part(check: ValueCheck) -> float:
    return (check.measured or 0.0) / check.expected if check.expected else 1.0


def _valued(one: CustomerWorth) -> Valued:
    return Valued(
        customer_id=one.customer_id,
        name=one.name,
        history_amount=one.history_amount,
        expected_amount=one.expected_amount,
        low=one.expected_amount_low,
        high=one.expected_amount_high,
        expected_orders=one.expected_orders,
        churn_risk=one.churn_risk,
        next_order_on=one.next_order_on,
    )
