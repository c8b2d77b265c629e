"""What the best customers do differently."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.best.context import BestPage
from klantreis.web.pages.best.drawings import draw
from klantreis.web.pages.best.view import best

__all__ = ["PAGE"]

PAGE = Page("best", "/best", NoQuery, BestPage, best, draw)
