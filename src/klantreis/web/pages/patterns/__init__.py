"""What stands out over all joined measures."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.patterns.context import PatternsPage, PatternsQuery
from klantreis.web.pages.patterns.drawings import draw
from klantreis.web.pages.patterns.view import patterns

__all__ = ["PAGE"]

PAGE = Page("patterns", "/patterns", PatternsQuery, PatternsPage, patterns, draw)
