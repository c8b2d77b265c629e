"""Which needs we answer, and what we set against pains and gains."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.value.actions import ACTIONS
from klantreis.web.pages.value.context import ValueCanvas, ValueQuery
from klantreis.web.pages.value.view import value_canvas

__all__ = ["PAGE"]

PAGE = Page(
    "value", "/value", ValueQuery, ValueCanvas, value_canvas, is_kept=False, actions=ACTIONS
)
