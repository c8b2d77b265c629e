"""The plan: what to improve first, who does it when, and what came of it."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.plan.actions import ACTIONS
from klantreis.web.pages.plan.context import PlanQuery, Roadmap
from klantreis.web.pages.plan.downloads import DOWNLOADS
from klantreis.web.pages.plan.drawings import draw
from klantreis.web.pages.plan.view import roadmap

__all__ = ["PAGE"]

PAGE = Page(
    "plan",
    "/plan",
    PlanQuery,
    Roadmap,
    roadmap,
    draw,
    is_kept=False,
    actions=ACTIONS,
    downloads=DOWNLOADS,
)
