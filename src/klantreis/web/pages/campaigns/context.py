"""What the campaigns page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.web.effects import EffectShown
from klantreis.words import Figure

__all__ = ["CampaignLine", "Campaigns", "CampaignsQuery", "Mailing", "Reason"]


@dataclass(frozen=True)
class CampaignsQuery:
    """Whether making a campaign was refused just now."""

    refused: bool = False


@dataclass(frozen=True)
class Reason:
    """Why messages did not go out, and how many."""

    code: str
    messages: int


@dataclass(frozen=True)
class CampaignLine:
    """One campaign of our own.

    Attributes:
        name: in its address.
        title_nl, title_en: as editors call it.
        channel: how it is sent.
        is_service: whether it sends service messages only.
        letters: how many messages a customer can get on the way.
        audience: customers for whom its trigger holds now.
        sent, held_out: decisions so far.
        blocked: decisions not to send, the most frequent reason first.
        effect: what it brought; empty while an arm is empty.
    """

    name: str
    title_nl: str
    title_en: str
    channel: str
    is_running: bool
    is_service: bool
    letters: int
    audience: int
    sent: int
    held_out: int
    blocked: tuple[Reason, ...]
    effect: EffectShown | None


@dataclass(frozen=True)
class Mailing:
    """A campaign of the mail tool that had a holdout, and what it brought."""

    campaign: str
    started_at: datetime
    effect: EffectShown


@dataclass(frozen=True)
class Campaigns:
    """All campaigns.

    Attributes:
        as_of: moment up to which the tables hold.
        effect_days: days after a message in which purchases count.
        tied: part of all purchases that can be tied to a customer; the others count in no arm.
        campaigns: our own, running ones first.
        mailings: those of the mail tool, newest first.
        refused: whether making a campaign was refused just now.
    """

    as_of: datetime
    effect_days: int
    tied: Figure
    campaigns: tuple[CampaignLine, ...]
    mailings: tuple[Mailing, ...]
    refused: bool
