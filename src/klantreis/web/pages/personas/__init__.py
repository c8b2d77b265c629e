"""The personas: target groups whose needs overlap, and what merging them loses."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.personas.context import Personas
from klantreis.web.pages.personas.drawings import draw
from klantreis.web.pages.personas.view import personas

__all__ = ["PAGE"]

PAGE = Page("personas", "/personas", NoQuery, Personas, personas, draw, is_kept=False)
