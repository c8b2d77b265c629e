"""All pages, a folder each: context (what it shows), view (how it is found), template."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages import (
    account,
    audiences,
    audit,
    campaign,
    campaign_editor,
    campaigns,
    customers,
    definitions,
    journey,
    kpis,
    map,
    needs,
    overview,
    persona,
    personas,
    plan,
    portrait,
    privacy,
    quarantine,
    records,
    report,
    segments,
    sources,
    users,
    value,
)

__all__ = ["PAGES"]

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    sources.PAGE,
    quarantine.PAGE,
    customers.PAGE,
    records.PAGE,
    privacy.PAGE,
    portrait.PAGE,
    segments.PAGE,
    journey.PAGE,
    needs.PAGE,
    personas.PAGE,
    persona.PAGE,
    map.PAGE,
    value.PAGE,
    kpis.PAGE,
    plan.PAGE,
    report.PAGE,
    campaigns.PAGE,
    campaign.PAGE,
    campaign_editor.PAGE,
    audiences.PAGE,
    definitions.PAGE,
    account.PAGE,
    users.PAGE,
    audit.PAGE,
)
