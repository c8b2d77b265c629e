"""What customers are worth: foretold, and held against what came."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.worth.context import WorthPage
from klantreis.web.pages.worth.drawings import draw
from klantreis.web.pages.worth.view import worth

__all__ = ["PAGE"]

PAGE = Page("worth", "/worth", NoQuery, WorthPage, worth, draw)
