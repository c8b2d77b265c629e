"""How the quarterly report is found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from klantreis.web.figures import NEEDED_FOR_MEAN, share
from klantreis.web.measures import kpi_now_shown, kpi_shown
from klantreis.web.named import Named
from klantreis.web.page import NoQuery
from klantreis.web.pages.report.context import (
    CampaignBrought,
    Lowest,
    PlannedLine,
    QuarterlyReport,
    SourceLine,
)
from klantreis.web.phases import FIRST_CHOICE
from klantreis.web.strategy import strategy_shown
from klantreis.words import Evidence, Figure
from klantreis.workspace import Effect, Opportunity, PlannedAction, Workspace

__all__ = ["report"]

LOWEST = 6
CAMPAIGNS = 8
QUARTER = timedelta(days=90)


def report(workspace: Workspace, query: NoQuery) -> QuarterlyReport:
    """Answer the quarterly report."""
    published = workspace.published
    assert published is not None
    return QuarterlyReport(
        as_of=published.as_of,
        model=FIRST_CHOICE,
        goal=kpi_shown(workspace.kpis.goal()),
        kpis=tuple(kpi_now_shown(one) for one in workspace.kpis.chosen()),
        decided=workspace.plan.changes_since(published.published_at - QUARTER),
        strategy=tuple(one for one in strategy_shown(workspace) if one.text),
        lowest=_lowest(workspace),
        actions=tuple(_line(workspace, one) for one in workspace.plan.cycle().actions),
        campaigns=_campaigns(workspace),
        sources=_sources(workspace),
    )


def _lowest(workspace: Workspace) -> tuple[Lowest, ...]:
    enough = [one for one in workspace.plan.opportunities() if one.n >= NEEDED_FOR_MEAN]
    # A survey with one score for all says less than a moment where more is lost.
    ranked = sorted(enough, key=lambda one: (one.emotion, -one.value_at_risk, one.key))
    return tuple(_moment(one) for one in ranked[:LOWEST])


def _moment(one: Opportunity) -> Lowest:
    evidence = Evidence(
        one.evidence,  # type: ignore[arg-type]  # the contract of `emotions` allows these kinds
        one.n,
        "moments",
    )
    emotion = Figure(one.emotion, "score", evidence)
    return Lowest(one.phase, one.channel, one.event, emotion, one.value_at_risk)


def _line(workspace: Workspace, one: PlannedAction) -> PlannedLine:
    measure = kpi_shown(workspace.kpis.take(one.measure)) if one.measure else None
    return PlannedLine(one.title, one.owner, one.status, one.ends_on, measure, one.expected)


def _campaigns(workspace: Workspace) -> tuple[CampaignBrought, ...]:
    titles = {one.flow.name: one.flow.title for one in workspace.campaigns.all()}
    own = [effect for name in titles if (effect := workspace.effects.own(name))]
    found = sorted([*own, *workspace.effects.imported()], key=lambda one: one.started_at)
    return tuple(
        _brought(one, titles.get(one.campaign, {})) for one in found[: -CAMPAIGNS - 1 : -1]
    )


def _brought(effect: Effect, title: Mapping[str, str]) -> CampaignBrought:
    revenue = None
    if effect.revenue:
        evidence = Evidence(
            "measured",
            effect.sent.customers + effect.held_out.customers,
            "customers",
            low=effect.revenue.low,
            high=effect.revenue.high,
        )
        revenue = Figure(effect.revenue.value, "money", evidence)
    name = Named(effect.campaign, title.get("nl", ""), title.get("en", ""))
    return CampaignBrought(name, effect.started_at, effect.sent.customers, revenue)


def _sources(workspace: Workspace) -> tuple[SourceLine, ...]:
    quality = workspace.table("source_quality")
    by_source = quality.group_by("source").aggregate(
        rows=quality["rows"].sum().cast("int64"),
        quarantined=quality["quarantined"].sum().cast("int64"),
        tied=(quality["tied_share"] * quality["rows"]).sum(),
        told=quality["rows"].sum(where=quality["tied_share"].notnull()).cast("int64"),
    )
    return tuple(
        SourceLine(
            row["source"],
            row["rows"],
            row["quarantined"],
            share(round(row["tied"] or 0), row["told"] or 0, "rows"),
        )
        for row in workspace.rows(by_source.order_by("source"))
    )
