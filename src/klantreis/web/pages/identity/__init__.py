"""Who is who: pairs of records in doubt, what was merged, and what blocked a merge."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.identity.actions import ACTIONS
from klantreis.web.pages.identity.context import IdentityPage, IdentityQuery
from klantreis.web.pages.identity.drawings import draw
from klantreis.web.pages.identity.view import identity

__all__ = ["PAGE"]

PAGE = Page(
    "identity",
    "/identity",
    IdentityQuery,
    IdentityPage,
    identity,
    drawings=draw,
    is_kept=False,
    actions=ACTIONS,
)
