"""What customers ask, need and feel; the topic list and notes that it is counted with."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.needs.actions import ACTIONS
from klantreis.web.pages.needs.context import Needs, NeedsQuery
from klantreis.web.pages.needs.view import needs

__all__ = ["PAGE"]

PAGE = Page("needs", "/needs", NeedsQuery, Needs, needs, is_kept=False, actions=ACTIONS)
