"""The portrait of one customer, with everything that happened."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.portrait.context import Portrait, PortraitQuery
from klantreis.web.pages.portrait.drawings import draw
from klantreis.web.pages.portrait.view import portrait

__all__ = ["PAGE"]

PAGE = Page(
    "portrait", "/customers/{customer_id}", PortraitQuery, Portrait, portrait, draw, is_kept=False
)
