"""What the page of KPIs shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.history import HistoryShown
from klantreis.web.measures import KpiShown
from klantreis.web.named import Named
from klantreis.web.refusal import Refusable, Refusal
from klantreis.words import Figure

__all__ = ["Compared", "KpiQuery", "KpiTree", "PhaseKpis"]


@dataclass(frozen=True)
class KpiQuery(Refusable):
    """Of which persona (empty: everybody); why a change was refused, of its own `target`."""

    persona: Annotated[str, Query(max_length=100)] = ""


@dataclass(frozen=True)
class PhaseKpis:
    """The chosen measures of one phase."""

    phase: str
    kpis: tuple[KpiShown, ...]


@dataclass(frozen=True)
class Compared:
    """A chosen measure, or the end goal, for everybody and beside it for each persona."""

    kpi: KpiShown
    personas: tuple[Figure, ...]


@dataclass(frozen=True)
class KpiTree:
    """The whole page.

    Attributes:
        as_of: end of the last period.
        model: phase model of the phases.
        personas: whose measures can be shown.
        persona: the one chosen; empty for everybody.
        goal: the end goal.
        phases: what was chosen, by phase.
        compared: the end goal and what was chosen, persona by persona.
        library: every measure that there is.
        alarms: how many chosen measures are in alarm.
        history: who changed what.
        refusal: why a change was not made; empty when it was.
    """

    as_of: datetime
    model: str
    personas: tuple[Named, ...]
    persona: Named | None
    goal: KpiShown
    phases: tuple[PhaseKpis, ...]
    compared: tuple[Compared, ...]
    library: tuple[KpiShown, ...]
    alarms: int
    history: HistoryShown
    refusal: Refusal | None
