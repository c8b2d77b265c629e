"""What the quarterly report shows. Money in EUR, moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from klantreis.web.measures import KpiShown
from klantreis.web.named import Named
from klantreis.web.strategy import StrategyShown
from klantreis.words import Figure

__all__ = ["CampaignBrought", "Lowest", "PlannedLine", "QuarterlyReport", "SourceLine"]


@dataclass(frozen=True)
class Lowest:
    """A moment with little positive emotion, and the value at risk in its phase."""

    phase: str
    channel: str
    event: str
    emotion: Figure
    value_at_risk_amount: float


@dataclass(frozen=True)
class PlannedLine:
    """An action with what was expected of it and what its measure did.

    Attributes:
        title, owner, status, ends_on: as on the roadmap.
        measure: what it should change; empty when nothing was named.
        expected: by how much.
    """

    title: str
    owner: str
    status: str
    ends_on: date
    measure: KpiShown | None
    expected: float | None


@dataclass(frozen=True)
class CampaignBrought:
    """What a campaign brought over its holdout, in EUR a customer; empty without both arms."""

    campaign: Named
    started_at: datetime
    customers: int
    revenue: Figure | None


@dataclass(frozen=True)
class SourceLine:
    """How good a source is: rows, rows put aside, and the part tied to a customer."""

    source: str
    rows: int
    quarantined: int
    tied: Figure


@dataclass(frozen=True)
class QuarterlyReport:
    """The whole report, from stored or measured facts only.

    Attributes:
        as_of: end of the quarter that is told about; each measure is over the 90 days before.
        model: phase model of the phases.
        goal: the end goal.
        kpis: chosen measures.
        decided: decisions in the needs, changes of maps and of the plan in the 90 days before now.
        strategy: who we are and where we want to go, as people wrote it; those parts that they did.
        lowest: the least positive moments that rest on enough.
        actions: the roadmap.
        campaigns: our own and those of the mail tool that had a holdout, the newest first.
        sources: by name.
    """

    as_of: datetime
    model: str
    goal: KpiShown
    kpis: tuple[KpiShown, ...]
    decided: int
    strategy: tuple[StrategyShown, ...]
    lowest: tuple[Lowest, ...]
    actions: tuple[PlannedLine, ...]
    campaigns: tuple[CampaignBrought, ...]
    sources: tuple[SourceLine, ...]
