"""One segment over time: size, value, who came in and left, and what it can carry."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.segment_group.context import GroupPage, GroupQuery
from klantreis.web.pages.segment_group.drawings import draw
from klantreis.web.pages.segment_group.view import group

__all__ = ["PAGE"]

PAGE = Page("segment_group", "/segments/group", GroupQuery, GroupPage, group, draw)
