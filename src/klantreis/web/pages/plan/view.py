"""How the plan is found."""

from __future__ import annotations

from collections.abc import Sequence

from klantreis.web.figures import NEEDED_FOR_MEAN
from klantreis.web.history import history_shown
from klantreis.web.measures import kpi_now_shown, kpi_shown, taken_figure
from klantreis.web.named import Named, topic_names
from klantreis.web.pages.plan.context import (
    ActionShown,
    ClosedCycle,
    Column,
    KpiThen,
    NeedThen,
    OpportunityShown,
    PlanQuery,
    Roadmap,
    StrategyThen,
)
from klantreis.web.phases import FIRST_CHOICE
from klantreis.web.refusal import refusal_of
from klantreis.words import Evidence, Figure, translator
from klantreis.workspace import STATUSES, FrozenCycle, Opportunity, PlannedAction, Workspace

__all__ = ["roadmap"]

SHOWN = 12


def roadmap(workspace: Workspace, query: PlanQuery) -> Roadmap:
    """Answer the plan."""
    published = workspace.published
    assert published is not None
    cycle = workspace.plan.cycle()
    actions = tuple(_action(workspace, one) for one in cycle.actions)
    found = workspace.plan.opportunities()
    opportunities = _opportunities(found, actions)
    return Roadmap(
        as_of=published.as_of,
        model=FIRST_CHOICE,
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
        number=cycle.number,
        opportunities=opportunities,
        columns=tuple(
            Column(status, tuple(one for one in actions if one.status == status))
            for status in STATUSES
        ),
        actions=actions,
        chosen=next((one for one in actions if one.action_id == query.action), None),
        improves=next((one for one in opportunities if one.key == query.improve), None),
        measures=tuple(kpi_now_shown(one) for one in workspace.kpis.chosen()),
        last=_last(workspace),
        history=history_shown(
            workspace.plan.history(), {one.key: _moment_name(one) for one in found}
        ),
        refusal=refusal_of(query),
    )


def _opportunities(
    found: Sequence[Opportunity], actions: Sequence[ActionShown]
) -> tuple[OpportunityShown, ...]:
    planned = {one.opportunity: one.action_id for one in actions}
    return tuple(_opportunity(one, planned.get(one.key, "")) for one in found[:SHOWN])


def _opportunity(one: Opportunity, action_id: str) -> OpportunityShown:
    evidence = Evidence(
        one.evidence,  # type: ignore[arg-type]  # the contract of `emotions` allows these kinds
        one.n,
        "moments",
        needed=NEEDED_FOR_MEAN,
    )
    return OpportunityShown(
        key=one.key,
        phase=one.phase,
        channel=one.channel,
        event=one.event,
        emotion=Figure(one.emotion, "score", evidence),
        value_at_risk_amount=one.value_at_risk,
        reach=one.reach,
        confidence=one.confidence,
        effort=one.effort,
        is_judged=one.is_judged,
        score=one.score,
        action_id=action_id,
    )


def _moment_name(one: Opportunity) -> Named:
    told = (
        f"{words.code('event', one.event)} ({words.code('channel', one.channel)})"
        for words in (translator("nl"), translator("en"))
    )
    return Named(one.key, *told)


def _action(workspace: Workspace, one: PlannedAction) -> ActionShown:
    taken = workspace.kpis.take(one.measure) if one.measure else None
    return ActionShown(
        action_id=one.action_id,
        title=one.title,
        owner=one.owner,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        status=one.status,
        after=one.after,
        opportunity=one.opportunity,
        measure=one.measure,
        expected=one.expected,
        measured=taken_figure(taken.now, taken.meaning) if taken else None,
        before=taken_figure(taken.before, taken.meaning) if taken else None,
    )


def _last(workspace: Workspace) -> ClosedCycle | None:
    closed = workspace.plan.cycles()
    if not closed:
        return None
    last = closed[0]
    then = {row["measure"]: row["value"] for row in last.kpis}
    names = [*then, *(one.kpi.measure for one in workspace.kpis.chosen())]
    return ClosedCycle(
        starts_on=last.starts_on,
        closed_at=last.closed_at,
        closed_by=last.closed_by,
        done=sum(one.status == "done" for one in last.actions),
        actions=tuple(_action(workspace, one) for one in last.actions),
        kpis=tuple(
            KpiThen(kpi_shown(workspace.kpis.take(name)), then.get(name))
            for name in dict.fromkeys(names)
        ),
        needs=_needs_since(workspace, last),
        strategy=tuple(
            StrategyThen(one.part, last.strategy.get(one.part, ""), one.text)
            for one in workspace.strategy.read().texts
            if one.text != last.strategy.get(one.part, "")
        ),
    )


def _needs_since(workspace: Workspace, last: FrozenCycle) -> tuple[NeedThen, ...]:
    """The needs on which something was decided, then or now."""
    names = topic_names(workspace)
    now = {need.topic: need.test.decision for need in workspace.value.needs()}
    found = (
        NeedThen(
            names.get(topic, Named(topic, topic, topic)),
            last.needs.get(topic, "open"),
            now.get(topic, "open"),
        )
        for topic in dict.fromkeys((*last.needs, *now))
    )
    return tuple(one for one in found if {one.then, one.now} != {"open"})
