"""The sources: what came in, and how good it is."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.sources.context import Sources
from klantreis.web.pages.sources.view import sources

__all__ = ["PAGE"]

PAGE = Page("sources", "/sources", NoQuery, Sources, sources)
