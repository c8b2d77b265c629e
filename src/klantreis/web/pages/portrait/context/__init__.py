"""What a portrait shows, and what its address may ask. Money in EUR, moments in UTC."""

from __future__ import annotations

from klantreis.web.pages.portrait.context.feelings import Feeling, Feelings
from klantreis.web.pages.portrait.context.glance import Glance, Got, Said, Viewed
from klantreis.web.pages.portrait.context.groups import Asked, Chance, Expectation, Phase, Scores
from klantreis.web.pages.portrait.context.page import Portrait, PortraitQuery
from klantreis.web.pages.portrait.context.sides import (
    ChannelUse,
    Feel,
    Household,
    Housemate,
    May,
    What,
    When,
    Where,
    Who,
)
from klantreis.web.pages.portrait.context.timeline import PERIODS, LaneMark, Moment, Visit, Window

__all__ = [
    "PERIODS",
    "Asked",
    "Chance",
    "ChannelUse",
    "Expectation",
    "Feel",
    "Feeling",
    "Feelings",
    "Glance",
    "Got",
    "Household",
    "Housemate",
    "LaneMark",
    "May",
    "Moment",
    "Phase",
    "Portrait",
    "PortraitQuery",
    "Said",
    "Scores",
    "Viewed",
    "Visit",
    "What",
    "When",
    "Where",
    "Who",
    "Window",
]
