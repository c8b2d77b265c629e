"""What a campaign brought, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from klantreis.web.figures import share
from klantreis.words import Evidence, Figure
from klantreis.workspace import Effect, Estimate

__all__ = ["EffectShown", "shown"]

ENOUGH_BUYERS = 30


@dataclass(frozen=True)
class EffectShown:
    """What one campaign brought.

    Attributes:
        sent, held_out: customers in each arm.
        sent_share, held_out_share: how many of each bought.
        conversion: the difference, in percentage points; empty without both arms.
        revenue: the difference in EUR a customer; empty without both arms.
        conversion_of_all, revenue_of_all: both over all purchases, assuming that those which tie
            to nobody respond alike.
        is_shown: whether the interval of the conversion lies wholly on one side of nought.
        is_suspect: whether the arms cannot have been drawn fairly.
        narrowed: how much narrower what was bought before made the interval of the revenue.
        previous: the campaign of the same kind before it; empty when there is none.
        against_previous: how many percentage points more it brought than that one.
        demand: how many percentage points more of the held-out bought than then.
    """

    sent: int
    held_out: int
    sent_share: Figure
    held_out_share: Figure
    conversion: Figure | None
    revenue: Figure | None
    conversion_of_all: Figure | None
    revenue_of_all: Figure | None
    is_shown: bool
    is_suspect: bool
    narrowed: float
    previous: str
    against_previous: Figure | None
    demand: Figure | None


def shown(effect: Effect) -> EffectShown:
    """Bring a measured effect in the form of pages."""
    buyers = effect.sent.buyers + effect.held_out.buyers
    left = effect.revenue.variance_left if effect.revenue else 1.0
    return EffectShown(
        sent=effect.sent.customers,
        held_out=effect.held_out.customers,
        sent_share=share(effect.sent.buyers, effect.sent.customers, "customers"),
        held_out_share=share(effect.held_out.buyers, effect.held_out.customers, "customers"),
        conversion=_figure(effect.conversion, "share", buyers),
        revenue=_figure(effect.revenue, "money", buyers),
        conversion_of_all=_figure(effect.conversion_of_all, "share", buyers, kind="assumed"),
        revenue_of_all=_figure(effect.revenue_of_all, "money", buyers, kind="assumed"),
        is_shown=bool(effect.conversion and effect.conversion.is_shown),
        is_suspect=effect.is_suspect,
        narrowed=max(0.0, 1 - left**0.5),
        previous=effect.previous,
        against_previous=_figure(effect.against_previous, "share", buyers),
        demand=_figure(effect.demand, "share", buyers),
    )


def _figure(
    estimate: Estimate | None,
    measure: Literal["share", "money"],
    buyers: int,
    *,
    kind: Literal["measured", "assumed"] = "measured",
) -> Figure | None:
    if estimate is None:
        return None
    evidence = Evidence(
        kind, buyers, "buyers", low=estimate.low, high=estimate.high, needed=ENOUGH_BUYERS
    )
    return Figure(estimate.value, measure, evidence)
