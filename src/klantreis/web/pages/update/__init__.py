"""Bringing everything up to date: what waits for it, how far it is, and what it brought."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.update.actions import ACTIONS
from klantreis.web.pages.update.context import UpdatePage, UpdateQuery
from klantreis.web.pages.update.view import update

__all__ = ["PAGE"]

PAGE = Page(
    "update",
    "/update",
    UpdateQuery,
    UpdatePage,
    update,
    is_kept=False,
    actions=ACTIONS,
    needs_tables=False,
)
