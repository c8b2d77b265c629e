"""What the journey page shows, and what its address may ask. Money in EUR, moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.words import Figure

__all__ = ["Band", "Journey", "JourneyQuery", "PhaseFacts", "Transition", "Variant"]


@dataclass(frozen=True)
class JourneyQuery:
    """Which phase model; empty for the usual one."""

    model: Annotated[str, Query(max_length=100)] = ""


@dataclass(frozen=True)
class PhaseFacts:
    """One phase of the model.

    Attributes:
        phase: code.
        reached: part of the ended journeys that were in it.
        skipped: part of the ended journeys that were in a later phase without this one.
        returned: part of those that reached it, that came back to it after another phase.
        stopped: part of those that reached it, for which it was the last phase without a purchase.
        stopped_journeys: how many that are.
        median_stay_seconds: half stayed less.
        value_at_risk_amount: journeys that stopped, times the mean purchase.
    """

    phase: str
    reached: Figure
    skipped: Figure
    returned: Figure
    stopped: Figure
    stopped_journeys: int
    median_stay_seconds: float | None
    value_at_risk_amount: float


@dataclass(frozen=True)
class Band:
    """Journeys that go from one channel, at stop `step`, to the next channel or to an end.

    Ends are `purchase_end`, `lapse_end` and `open_end`; `goes_on` stands for further stops, and
    `rest` for channels that few journeys come by.
    """

    step: int
    source: str
    target: str
    journeys: int


@dataclass(frozen=True)
class Transition:
    """One touchpoint directly after another; waits in seconds."""

    source: str
    target: str
    transitions: int
    customers: int
    median_wait_seconds: float | None
    p90_wait_seconds: float | None


@dataclass(frozen=True)
class Variant:
    """A way through the channels, how many journeys took it, and how many of the ended bought."""

    path: tuple[str, ...]
    journeys: int
    bought: Figure


@dataclass(frozen=True)
class Journey:
    """The whole page.

    Attributes:
        as_of: moment up to which all numbers hold.
        first_at, last_at: period of the journeys.
        models: phase models to choose from.
        model: the one chosen.
        journeys: all journeys.
        ended: those that ended, on which the phases rest.
        bought: part of the ended ones with a purchase.
        still_open: journeys that have not ended.
        days_to_purchase: mean time from start to purchase.
        phases: in the order of the model.
        worst: code of the phase with most value at risk; empty when nothing stops.
        flow: journeys on which flow and ways rest; a sample when there are very many.
        bands: flow by stop and channel, up to the purchase.
        transitions: those that occur most.
        variants: ways that occur most.
    """

    as_of: datetime
    first_at: datetime | None
    last_at: datetime | None
    models: tuple[str, ...]
    model: str
    journeys: Figure
    ended: Figure
    bought: Figure
    still_open: Figure
    days_to_purchase: Figure
    phases: tuple[PhaseFacts, ...]
    worst: str
    flow: Figure
    bands: tuple[Band, ...]
    transitions: tuple[Transition, ...]
    variants: tuple[Variant, ...]
