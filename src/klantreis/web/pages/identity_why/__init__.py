"""Why two are one customer, and why not."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.identity_why.context import WhyPage, WhyQuery
from klantreis.web.pages.identity_why.drawings import draw
from klantreis.web.pages.identity_why.view import identity_why

__all__ = ["PAGE"]

PAGE = Page(
    "identity_why",
    "/identity/why",
    WhyQuery,
    WhyPage,
    identity_why,
    drawings=draw,
    is_kept=False,
)
