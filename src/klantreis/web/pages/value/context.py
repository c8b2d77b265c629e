"""What the value page shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.web.history import HistoryShown
from klantreis.web.refusal import Refusable, Refusal
from klantreis.web.strategy import StrategyShown
from klantreis.words import Figure

__all__ = ["Felt", "NeedShown", "OfferShown", "ValueCanvas", "ValueQuery"]


@dataclass(frozen=True)
class ValueQuery(Refusable):
    """Why a change was refused; of its own `reason` (is lacking) and `wrong`."""


@dataclass(frozen=True)
class NeedShown:
    """A need.

    Attributes:
        topic: code.
        name_nl, name_en: its names.
        importance: part of the customers who spoke that asked after it.
        fit, cost: judged 1 to 5; 0 for not judged.
        decision: code.
        reason, by: why, and who decided.
        score: importance times fit against cost; empty when not judged.
    """

    topic: str
    name_nl: str
    name_en: str
    importance: Figure
    fit: int
    cost: int
    decision: str
    reason: str
    by: str
    score: float | None


@dataclass(frozen=True)
class Felt:
    """A measured pain or gain: a touchpoint with its emotion, or a phase with its drop-off.

    Attributes:
        key: by which offers name it.
        channel, event: of a touchpoint; empty for a phase.
        phase: where journeys stop; empty for a touchpoint.
        figure: emotion (-2 to +2) or drop-off.
        is_answered: whether an offer answers it.
    """

    key: str
    channel: str
    event: str
    phase: str
    figure: Figure
    is_answered: bool


@dataclass(frozen=True)
class OfferShown:
    """A product, pain reliever or gain creator, and the keys that it answers."""

    offer_id: str
    side: str
    text: str
    answers: tuple[str, ...]
    by: str


@dataclass(frozen=True)
class ValueCanvas:
    """The whole page.

    Attributes:
        as_of: moment up to which the measures hold.
        model: phase model of the phases.
        strategy: who we are and where we want to go.
        strategy_history, needs_history, canvas_history: who changed what.
        needs: those of most customers first.
        pains, gains: measured now.
        offers: what we set against them.
        answered, total: pains and gains that are answered, of all.
        refusal: why a change was not made; empty when it was.
    """

    as_of: datetime
    model: str
    strategy: tuple[StrategyShown, ...]
    strategy_history: HistoryShown
    needs_history: HistoryShown
    canvas_history: HistoryShown
    needs: tuple[NeedShown, ...]
    pains: tuple[Felt, ...]
    gains: tuple[Felt, ...]
    offers: tuple[OfferShown, ...]
    answered: int
    total: int
    refusal: Refusal | None
