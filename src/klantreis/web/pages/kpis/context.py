"""What the page of KPIs shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.measures import KpiShown

__all__ = ["KpiQuery", "KpiTree", "PhaseKpis"]


@dataclass(frozen=True)
class KpiQuery:
    """Why a change was refused: `target` or empty."""

    refused: Annotated[str, Query(max_length=40)] = ""


@dataclass(frozen=True)
class PhaseKpis:
    """The chosen measures of one phase."""

    phase: str
    kpis: tuple[KpiShown, ...]


@dataclass(frozen=True)
class KpiTree:
    """The whole page.

    Attributes:
        as_of: end of the last period.
        model: phase model of the phases.
        goal: the end goal.
        phases: what was chosen, by phase.
        library: every measure that there is.
        alarms: how many chosen measures are in alarm.
        refused: code of why a change was not made.
    """

    as_of: datetime
    model: str
    goal: KpiShown
    phases: tuple[PhaseKpis, ...]
    library: tuple[KpiShown, ...]
    alarms: int
    refused: str
