"""How the overview is found: a few aggregates over whole tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from klantreis.web.figures import amount, counted, share
from klantreis.web.page import NoQuery
from klantreis.web.pages.overview.context import NextStep, Overview
from klantreis.web.pages.overview.findings import findings
from klantreis.web.pages.overview.revenue import Revenue, revenue
from klantreis.workspace import Workspace

__all__ = ["overview"]


def overview(workspace: Workspace, query: NoQuery) -> Overview:
    """Answer the overview page."""
    published = workspace.published
    assert published is not None
    undated = _undated(workspace)
    people = _people(workspace)
    people["dated_orders_store"] = (people["orders_store"] or 0) - (undated["store"] or 0)
    ways = _journeys(workspace)
    intake = _intake(workspace)
    turnover = revenue(workspace, published.as_of)
    period = {"first_at": people["first_at"], "last_at": people["last_at"]}
    told = findings(workspace, people)
    return Overview(
        as_of=published.as_of,
        published_at=published.published_at,
        run_seconds=sum(version.seconds for version in published.tables.values()),
        **period,
        customers=counted(people["customers"], "customers", **period),
        known_customers=counted(people["known"], "customers"),
        known=share(people["known"], people["customers"], "customers"),
        orders=counted(turnover.orders, "orders"),
        undated_orders=undated["orders"] or 0,
        undated_amount=float(undated["amount"] or 0),
        revenue_online=_amount(turnover, online=True),
        revenue_offline=_amount(turnover, online=False),
        journeys=counted(ways["journeys"], "journeys"),
        journeys_bought=share(ways["bought"], ways["bought"] + ways["lapsed"], "journeys"),
        sources=counted(intake["sources"], "sources"),
        months=turnover.months,
        findings=tuple(f for f in told if not f.figure.evidence.lacking),
        untold=tuple(f for f in told if f.figure.evidence.lacking),
        next_steps=_next_steps(people, intake),
    )


def _people(workspace: Workspace) -> dict[str, Any]:
    portraits = workspace.table("portraits")
    both = (portraits["orders_web"] > 0) & (portraits["orders_store"] > 0)
    one = (portraits["orders"] > 0) & ~both
    spent = portraits["revenue_amount"].cast("float64")
    basket = portraits["open_basket_amount"].cast("float64")
    return _one(
        workspace,
        portraits.aggregate(
            customers=portraits.count(),
            known=portraits.count(where=portraits["is_known"]),
            first_at=portraits["first_seen_at"].min(),
            last_at=portraits["last_seen_at"].max(),
            buyers=portraits.count(where=portraits["orders"] > 0),
            repeated=portraits.count(where=portraits["orders"] > 1),
            orders_store=portraits["orders_store"].sum(),
            ropo=portraits["research_online_buy_offline_orders"].sum(),
            both=portraits.count(where=both),
            both_mean=spent.mean(where=both),
            both_deviation=spent.std(where=both),
            one=portraits.count(where=one),
            one_mean=spent.mean(where=one),
            one_deviation=spent.std(where=one),
            complaints=portraits.count(where=portraits["has_open_complaint"]),
            complaints_revenue=spent.sum(where=portraits["has_open_complaint"]),
            baskets=portraits.count(where=basket > 0),
            basket_amount=basket.sum(),
        ),
    )


def _undated(workspace: Workspace) -> dict[str, Any]:
    """Purchases of which only the number is known."""
    undated = workspace.table("undated_purchases")
    return _one(
        workspace,
        undated.aggregate(
            orders=undated["orders"].sum(),
            amount=undated["amount"].sum(),
            store=undated["orders"].sum(where=undated["channel"] == "store"),
        ),
    )


def _journeys(workspace: Workspace) -> dict[str, Any]:
    journeys = workspace.table("journeys")
    return _one(
        workspace,
        journeys.aggregate(
            journeys=journeys.count(),
            bought=journeys.count(where=journeys["outcome"] == "purchase"),
            lapsed=journeys.count(where=journeys["outcome"] == "lapsed"),
        ),
    )


def _intake(workspace: Workspace) -> dict[str, Any]:
    quality = workspace.table("source_quality")
    rejected = workspace.table("quarantine")
    found = _one(workspace, quality.aggregate(sources=quality["source"].nunique()))
    return found | _one(workspace, rejected.aggregate(quarantined=rejected.count()))


def _next_steps(people: dict[str, Any], intake: dict[str, Any]) -> tuple[NextStep, ...]:
    steps: Sequence[NextStep] = (
        NextStep("repair_quarantine", intake["quarantined"], "/sources/quarantine"),
        NextStep("answer_complaints", people["complaints"], "/customers?only=complaint"),
        NextStep("look_at_baskets", people["baskets"], "/customers?only=basket"),
        NextStep("look_at_drop_off", people["customers"], "/journey"),
    )
    return tuple(step for step in steps if step.count)


def _amount(turnover: Revenue, *, online: bool) -> Any:
    if online:
        return amount(turnover.online_amount, turnover.online_orders, "orders")
    return amount(turnover.offline_amount, turnover.offline_orders, "orders")


def _one(workspace: Workspace, expression: Any) -> dict[str, Any]:
    return workspace.rows(expression)[0]
