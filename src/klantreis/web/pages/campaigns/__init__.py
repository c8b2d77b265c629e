"""All campaigns: whom they reach, what is blocked, and what they bring."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.campaigns.actions import ACTIONS
from klantreis.web.pages.campaigns.context import Campaigns, CampaignsQuery
from klantreis.web.pages.campaigns.drawings import draw
from klantreis.web.pages.campaigns.view import campaigns

__all__ = ["PAGE"]

PAGE = Page(
    "campaigns",
    "/campaigns",
    CampaignsQuery,
    Campaigns,
    campaigns,
    draw,
    is_kept=False,
    actions=ACTIONS,
)
