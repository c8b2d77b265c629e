"""How the campaigns page is found."""

from __future__ import annotations

from collections.abc import Mapping

from klantreis.web.effects import shown
from klantreis.web.figures import share
from klantreis.web.pages.campaigns.context import (
    CampaignLine,
    Campaigns,
    CampaignsQuery,
    Mailing,
    Reason,
)
from klantreis.words import Figure
from klantreis.workspace import Campaign, Send, Workspace

__all__ = ["campaigns"]

Counts = Mapping[tuple[str, str, str], int]


def campaigns(workspace: Workspace, query: CampaignsQuery) -> Campaigns:
    """Answer the campaigns page."""
    published = workspace.published
    assert published is not None
    counts = workspace.state.campaigns.counts()
    return Campaigns(
        as_of=published.as_of,
        effect_days=workspace.settings.effect_days,
        tied=_tied(workspace),
        campaigns=tuple(_line(workspace, one, counts) for one in workspace.campaigns.all()),
        mailings=tuple(
            Mailing(effect.campaign, effect.started_at, shown(effect))
            for effect in workspace.effects.imported()
        ),
        refused=query.refused,
    )


def _line(workspace: Workspace, campaign: Campaign, counts: Counts) -> CampaignLine:
    flow = campaign.flow
    own = {key[1:]: times for key, times in counts.items() if key[0] == flow.name}
    blocked = [Reason(reason, n) for (action, reason), n in own.items() if action == "blocked"]
    held_out = sum(n for (action, _), n in own.items() if action == "held_out")
    effect = workspace.effects.own(flow.name) if held_out else None
    return CampaignLine(
        name=flow.name,
        title_nl=flow.title["nl"],
        title_en=flow.title["en"],
        channel=flow.channel,
        is_running=campaign.is_running,
        is_service=flow.is_service,
        letters=sum(isinstance(step, Send) for step in flow.steps),
        audience=workspace.campaigns.audience(flow),
        sent=sum(n for (action, _), n in own.items() if action == "sent"),
        held_out=held_out,
        blocked=tuple(sorted(blocked, key=lambda reason: -reason.messages)),
        effect=shown(effect) if effect else None,
    )


def _tied(workspace: Workspace) -> Figure:
    recognised = workspace.effects.recognised()
    return share(recognised.orders, recognised.all_orders, "orders")
