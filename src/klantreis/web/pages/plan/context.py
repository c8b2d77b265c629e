"""What the plan shows, and what its address may ask. Money in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.history import HistoryShown
from klantreis.web.measures import KpiShown
from klantreis.web.named import Named
from klantreis.web.refusal import Refusable, Refusal
from klantreis.words import Figure

__all__ = [
    "ActionShown",
    "ClosedCycle",
    "Column",
    "KpiThen",
    "NeedThen",
    "OpportunityShown",
    "PlanQuery",
    "Roadmap",
    "StrategyThen",
]


@dataclass(frozen=True)
class PlanQuery(Refusable):
    """Which action is open, or which opportunity is to be planned; and why a change was refused.

    Of its own a change is refused for `plan`: it does not fit the cycle or the other actions.
    """

    action: Annotated[str, Query(max_length=40)] = ""
    improve: Annotated[str, Query(max_length=300)] = ""


@dataclass(frozen=True)
class OpportunityShown:
    """A moment that could go better, with every part of its rank.

    Attributes:
        key: as actions name it.
        phase, channel, event: which moment.
        emotion: mean, -2 to +2.
        value_at_risk_amount: of the phase.
        reach: part of the journeys in the phase that met it.
        confidence: 0 to 1.
        effort: 1 to 5; assumed in the middle unless judged.
        is_judged: whether someone judged the effort.
        score: value at risk x reach x severity x confidence against effort.
        action_id: the action on the roadmap that improves it; empty when there is none.
    """

    key: str
    phase: str
    channel: str
    event: str
    emotion: Figure
    value_at_risk_amount: float
    reach: float
    confidence: float
    effort: int
    is_judged: bool
    score: float
    action_id: str


@dataclass(frozen=True)
class ActionShown:
    """An action on the roadmap; `measured` is what its measure does now.

    Attributes:
        action_id: stays the same.
        title, owner: what, and who.
        starts_on, ends_on: first and last day.
        status: code.
        after: ids of what must be done before.
        opportunity: key of what it improves.
        measure: id of the measure that it should change.
        expected: by how much.
        measured: the measure over the last 90 days; empty without one.
        before: the measure over the 90 days before those.
    """

    action_id: str
    title: str
    owner: str
    starts_on: date
    ends_on: date
    status: str
    after: tuple[str, ...]
    opportunity: str
    measure: str
    expected: float | None
    measured: Figure | None
    before: Figure | None


@dataclass(frozen=True)
class Column:
    """The actions with one status."""

    status: str
    actions: tuple[ActionShown, ...]


@dataclass(frozen=True)
class KpiThen:
    """A chosen measure then and now; `then` empty when it was not chosen in that cycle."""

    kpi: KpiShown
    then: float | None


@dataclass(frozen=True)
class NeedThen:
    """What was decided on a need then and now: `open`, `chosen`, `parked` or `refused`."""

    need: Named
    then: str
    now: str


@dataclass(frozen=True)
class StrategyThen:
    """A part of identity and strategy that was written otherwise then."""

    part: str
    then: str
    now: str


@dataclass(frozen=True)
class ClosedCycle:
    """A cycle that was closed: its first day, when it was closed, and what stood there then.

    Needs are those that were decided on then or now; strategy has only what changed since.
    """

    starts_on: date
    closed_at: datetime
    closed_by: str
    done: int
    actions: tuple[ActionShown, ...]
    kpis: tuple[KpiThen, ...]
    needs: tuple[NeedThen, ...]
    strategy: tuple[StrategyThen, ...]


@dataclass(frozen=True)
class Roadmap:
    """The whole page.

    Attributes:
        as_of: moment up to which the measures hold.
        model: phase model of the phases.
        starts_on, ends_on: of the cycle.
        number: version of the plan; a change is made of this version.
        opportunities: those that weigh most first.
        columns: the board, by status.
        actions: all, by first day.
        chosen: the action that is open.
        improves: the opportunity for which an action is to be added.
        measures: measures that an action can change.
        last: the cycle before; empty in the first.
        history: who changed what in this cycle and before.
        refusal: why a change was not made; empty when it was.
    """

    as_of: datetime
    model: str
    starts_on: date
    ends_on: date
    number: int
    opportunities: tuple[OpportunityShown, ...]
    columns: tuple[Column, ...]
    actions: tuple[ActionShown, ...]
    chosen: ActionShown | None
    improves: OpportunityShown | None
    measures: tuple[KpiShown, ...]
    last: ClosedCycle | None
    history: HistoryShown
    refusal: Refusal | None
