"""The journey map: what is measured, and what we make of it, phase by phase."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.map.actions import ACTIONS
from klantreis.web.pages.map.context import JourneyMap, MapQuery
from klantreis.web.pages.map.downloads import DOWNLOADS
from klantreis.web.pages.map.drawings import draw
from klantreis.web.pages.map.view import journey_map

__all__ = ["PAGE"]

PAGE = Page(
    "map",
    "/map",
    MapQuery,
    JourneyMap,
    journey_map,
    draw,
    is_kept=False,
    actions=ACTIONS,
    downloads=DOWNLOADS,
)
