"""Movement between segments: who went from which group to which between two dates."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.segment_moves.context import MovesPage, MovesQuery
from klantreis.web.pages.segment_moves.downloads import DOWNLOADS
from klantreis.web.pages.segment_moves.drawings import draw
from klantreis.web.pages.segment_moves.view import moves

__all__ = ["PAGE"]

PAGE = Page(
    "segment_moves",
    "/segments/moves",
    MovesQuery,
    MovesPage,
    moves,
    draw,
    is_kept=False,
    downloads=DOWNLOADS,
)
