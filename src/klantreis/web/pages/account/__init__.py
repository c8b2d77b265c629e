"""One's own account: role, where one is signed in, password."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.account.context import Account, AccountQuery
from klantreis.web.pages.account.view import account

__all__ = ["PAGE"]

PAGE = Page(
    "account", "/account", AccountQuery, Account, account, is_kept=False, needs_tables=False
)
