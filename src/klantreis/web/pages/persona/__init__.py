"""One persona: its card, rewritten in place, with its history, to print and to present."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.persona.actions import ACTIONS
from klantreis.web.pages.persona.context import Persona, PersonaQuery
from klantreis.web.pages.persona.downloads import DOWNLOADS
from klantreis.web.pages.persona.view import persona

__all__ = ["PAGE"]

PAGE = Page(
    "persona",
    "/personas/{persona_id}",
    PersonaQuery,
    Persona,
    persona,
    is_kept=False,
    actions=ACTIONS,
    downloads=DOWNLOADS,
)
