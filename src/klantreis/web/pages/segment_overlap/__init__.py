"""Overlap between segments: who is in this group and in that one too."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.segment_overlap.context import OverlapPage, OverlapQuery
from klantreis.web.pages.segment_overlap.drawings import draw
from klantreis.web.pages.segment_overlap.view import overlap

__all__ = ["PAGE"]

PAGE = Page(
    "segment_overlap",
    "/segments/overlap",
    OverlapQuery,
    OverlapPage,
    overlap,
    draw,
    is_kept=False,
)
