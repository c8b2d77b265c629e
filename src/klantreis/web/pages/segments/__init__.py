"""The segments: who buys often, who is drifting away."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.segments.context import Segments, SegmentsQuery
from klantreis.web.pages.segments.drawings import draw
from klantreis.web.pages.segments.view import segments

__all__ = ["PAGE"]

PAGE = Page("segments", "/segments", SegmentsQuery, Segments, segments, draw, is_kept=False)
