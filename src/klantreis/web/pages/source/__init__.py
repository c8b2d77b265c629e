"""One source: its rhythm, what drifted, what changed in its files, and what was recognised."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.source.context import SourcePage, SourceQuery
from klantreis.web.pages.source.drawings import draw
from klantreis.web.pages.source.view import renewed, source

__all__ = ["PAGE"]

PAGE = Page(
    "source", "/sources/{source_name}", SourceQuery, SourcePage, source, draw, renewed=renewed
)
