"""The sources: what came in, and how good it is."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.sources.actions import ACTIONS
from klantreis.web.pages.sources.context import Sources, SourcesQuery
from klantreis.web.pages.sources.view import renewed, sources
from klantreis.web.problems import column_actions

__all__ = ["PAGE"]

PAGE = Page(
    "sources",
    "/sources",
    SourcesQuery,
    Sources,
    sources,
    actions=(*ACTIONS, *column_actions("sources", "/sources")),
    renewed=renewed,
)
