"""Measures that exist only once sources are joined."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.joined.context import JoinedPage
from klantreis.web.pages.joined.drawings import draw
from klantreis.web.pages.joined.view import joined

__all__ = ["PAGE"]

PAGE = Page("joined", "/joined", NoQuery, JoinedPage, joined, draw)
