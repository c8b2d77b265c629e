"""Bringing a file in: what it is, how it will be read, and one click to keep it."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.bring.actions import ACTIONS
from klantreis.web.pages.bring.context import Bring, BringQuery
from klantreis.web.pages.bring.view import bring

__all__ = ["PAGE"]

PAGE = Page(
    "bring",
    "/sources/import",
    BringQuery,
    Bring,
    bring,
    is_kept=False,
    actions=ACTIONS,
    role="editor",
    needs_tables=False,
)
