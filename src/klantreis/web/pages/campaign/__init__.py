"""One campaign: its flow, who gets it and who does not, the log, and what it brings."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.campaign.actions import ACTIONS
from klantreis.web.pages.campaign.context import CampaignPage, CampaignQuery
from klantreis.web.pages.campaign.view import campaign

__all__ = ["PAGE"]

PAGE = Page(
    "campaign",
    "/campaigns/{name}",
    CampaignQuery,
    CampaignPage,
    campaign,
    is_kept=False,
    actions=ACTIONS,
)
