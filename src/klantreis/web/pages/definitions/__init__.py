"""What the numbers mean and what they rest on."""

from __future__ import annotations

from klantreis.web.page import NoQuery, Page
from klantreis.web.pages.definitions.context import Definitions
from klantreis.web.pages.definitions.view import definitions

__all__ = ["PAGE"]

PAGE = Page("definitions", "/definitions", NoQuery, Definitions, definitions)
