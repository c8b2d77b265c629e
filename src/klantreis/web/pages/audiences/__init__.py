"""Audiences: a rule, how many customers it is about, and the list for advertising platforms."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.audiences.actions import ACTIONS
from klantreis.web.pages.audiences.context import AudiencesPage, AudiencesQuery
from klantreis.web.pages.audiences.downloads import DOWNLOADS
from klantreis.web.pages.audiences.drawings import draw
from klantreis.web.pages.audiences.view import audiences

__all__ = ["PAGE"]

PAGE = Page(
    "audiences",
    "/audiences",
    AudiencesQuery,
    AudiencesPage,
    audiences,
    draw,
    is_kept=False,
    actions=ACTIONS,
    downloads=DOWNLOADS,
)
