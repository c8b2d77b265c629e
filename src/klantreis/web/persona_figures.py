"""The numbers of a persona with what they rest on."""

from __future__ import annotations

from typing import Literal

from klantreis.web.figures import NEEDED_FOR_MEAN
from klantreis.words import Evidence, Figure
from klantreis.workspace import PersonaCard, Share

__all__ = ["STABLE_FROM", "nps", "orders", "part", "returned", "revenue", "size"]

# Below this about as much changes from sample to sample as stays.
STABLE_FROM = 0.65
Kind = Literal["measured", "asked", "assumed"]
NEEDED_FOR_NPS = 30


def size(card: PersonaCard) -> Figure:
    """The expected number of customers: the sum of their probabilities."""
    return Figure(round(card.size), "number", Evidence("measured", card.members_told, "customers"))


def revenue(card: PersonaCard) -> Figure:
    """Mean revenue of a member."""
    value, low, high = card.revenue_mean
    evidence = Evidence(
        "measured", card.members, "customers", low=low, high=high, needed=NEEDED_FOR_MEAN
    )
    return Figure(value, "money", evidence)


def orders(card: PersonaCard) -> Figure:
    """Mean number of purchases of a member."""
    value, low, high = card.orders_mean
    evidence = Evidence(
        "measured", card.members, "customers", low=low, high=high, needed=NEEDED_FOR_MEAN
    )
    return Figure(value, "number", evidence)


def nps(card: PersonaCard) -> Figure:
    """Promoters less detractors, in percentage points."""
    value, low, high = card.nps
    evidence = Evidence(
        "asked", card.nps_asked, "customers", low=low, high=high, needed=NEEDED_FOR_NPS
    )
    return Figure(None if value is None else round(value), "number", evidence)


def returned(card: PersonaCard) -> Figure:
    """Part of the buyers among the members who returned something."""
    if card.returned is None:
        return Figure(None, "share", Evidence("measured", 0, "buyers", needed=NEEDED_FOR_MEAN))
    return part(card.returned, "buyers")


def part(share: Share, unit: str, kind: Kind = "measured") -> Figure:
    """A share with its interval."""
    evidence = Evidence(
        kind, share.of, unit, low=share.low, high=share.high, needed=NEEDED_FOR_MEAN
    )
    return Figure(share.share, "share", evidence)
