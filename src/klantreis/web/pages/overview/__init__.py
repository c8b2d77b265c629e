"""The overview: what is in, what stands out, what to do next."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.overview.context import Overview
from klantreis.web.pages.overview.drawings import draw
from klantreis.web.pages.overview.loop import with_loop
from klantreis.web.pages.overview.view import overview

__all__ = ["PAGE"]

PAGE = Page("overview", "/", NoQuery, Overview, overview, draw, renewed=with_loop)
