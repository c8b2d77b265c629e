"""Who may use the pages, and with which keys programs come in."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.users.changes import ACTIONS
from klantreis.web.pages.users.context import UsersAndKeys
from klantreis.web.pages.users.view import users

__all__ = ["PAGE"]

PAGE = Page(
    "users",
    "/users",
    NoQuery,
    UsersAndKeys,
    users,
    is_kept=False,
    actions=ACTIONS,
    role="admin",
    needs_tables=False,
)
