"""The quarantine: every row that was put aside, and why."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.quarantine.actions import ACTIONS
from klantreis.web.pages.quarantine.context import Quarantine, QuarantineQuery
from klantreis.web.pages.quarantine.view import quarantine

__all__ = ["PAGE"]

PAGE = Page(
    "quarantine",
    "/sources/quarantine",
    QuarantineQuery,
    Quarantine,
    quarantine,
    is_kept=False,
    actions=ACTIONS,
    needs_tables=False,
)
