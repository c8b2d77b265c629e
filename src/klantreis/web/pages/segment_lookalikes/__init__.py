"""Lookalikes: the customers who most resemble a group, with why and how sure that is."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.segment_lookalikes.context import LookalikesPage, LookalikesQuery
from klantreis.web.pages.segment_lookalikes.downloads import DOWNLOADS
from klantreis.web.pages.segment_lookalikes.view import lookalikes

__all__ = ["PAGE"]

PAGE = Page(
    "segment_lookalikes",
    "/segments/lookalikes",
    LookalikesQuery,
    LookalikesPage,
    lookalikes,
    is_kept=False,
    downloads=DOWNLOADS,
)
