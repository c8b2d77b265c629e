"""The measured customer journey: steps, phases, transitions and drop-off from the timeline."""

from __future__ import annotations

from klantreis.journeys.channel_paths import channel_paths
from klantreis.journeys.drop_offs import drop_offs
from klantreis.journeys.flow import flow, variants
from klantreis.journeys.journeys import journeys
from klantreis.journeys.mechanics import KINDS as MECHANIC_KINDS
from klantreis.journeys.mechanics import Mechanic, read_mechanic
from klantreis.journeys.offer_prices import offer_prices
from klantreis.journeys.phase_models import (
    Phase,
    PhaseModel,
    PhaseRule,
    phase_models,
    read_phase_model,
)
from klantreis.journeys.phase_touchpoints import phase_touchpoints
from klantreis.journeys.phase_visits import phase_visits
from klantreis.journeys.steps import steps
from klantreis.journeys.stops import channel_stops, phase_stops, touchpoint_stops
from klantreis.journeys.touchpoint_phases import with_phase
from klantreis.journeys.transitions import transitions

__all__ = [
    "MECHANIC_KINDS",
    "Mechanic",
    "Phase",
    "PhaseModel",
    "PhaseRule",
    "channel_paths",
    "channel_stops",
    "drop_offs",
    "flow",
    "journeys",
    "offer_prices",
    "phase_models",
    "phase_stops",
    "phase_touchpoints",
    "phase_visits",
    "read_mechanic",
    "read_phase_model",
    "steps",
    "touchpoint_stops",
    "transitions",
    "variants",
    "with_phase",
]
