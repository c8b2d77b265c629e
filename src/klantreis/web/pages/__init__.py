"""All pages, a folder each: context (what it shows), view (how it is found), template."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages import (
    account,
    audit,
    customers,
    definitions,
    journey,
    map,
    overview,
    persona,
    personas,
    portrait,
    quarantine,
    records,
    segments,
    sources,
    users,
)

__all__ = ["PAGES"]

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    sources.PAGE,
    quarantine.PAGE,
    customers.PAGE,
    records.PAGE,
    portrait.PAGE,
    segments.PAGE,
    journey.PAGE,
    personas.PAGE,
    persona.PAGE,
    map.PAGE,
    definitions.PAGE,
    account.PAGE,
    users.PAGE,
    audit.PAGE,
)
