"""The measured journey: phases, drop-off, flow."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.journey.context import Journey, JourneyQuery
from klantreis.web.pages.journey.drawings import draw
from klantreis.web.pages.journey.view import journey

__all__ = ["PAGE"]

PAGE = Page("journey", "/journey", JourneyQuery, Journey, journey, draw)
