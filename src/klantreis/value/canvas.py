"""The value proposition canvas: what customers go through against what we offer, and the fit.

Osterwalder, Pigneur, Bernarda and Smith, "Value Proposition Design" (2014). Pains and gains come
measured; what we offer is written by people, each with the pains and gains that it answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from klantreis.errors import InputError, NotFoundError, message

__all__ = ["SIDES", "CanvasFit", "Offer", "canvas_fit", "offers", "with_offer", "without_offer"]

SIDES = ("product", "reliever", "creator")
TEXT_LENGTH = 300


@dataclass(frozen=True)
class Offer:
    """A product, pain reliever or gain creator, and the pains and gains (keys) that it answers."""

    offer_id: str
    side: str
    text: str
    answers: tuple[str, ...]
    by: str


@dataclass(frozen=True)
class CanvasFit:
    """How many of the pains and gains are answered, and which are not.

    Attributes:
        answered, total: counts; their quotient is the fit score.
        gaps: keys that nothing answers, in the order given.
    """

    answered: int
    total: int
    gaps: tuple[str, ...]

    @property
    def score(self) -> float | None:
        """Part that is answered, 0 to 1; None when nothing is measured."""
        return self.answered / self.total if self.total else None


def offers(content: Mapping[str, Any]) -> tuple[Offer, ...]:
    """The offers that a draft holds."""
    return tuple(
        Offer(**{**kept, "answers": tuple(kept["answers"])}) for kept in content.get("offers", ())
    )


def with_offer(content: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    """A draft with one offer more.

    Raises:
        InputError: an unknown side, or a text that is empty or too long.
    """
    if offer.side not in SIDES:
        allowed = ", ".join(SIDES)
        raise InputError(message("Unknown side", got=repr(offer.side), allowed=allowed))
    if not 0 < len(offer.text.strip()) <= TEXT_LENGTH:
        raise InputError(message("Wrong text", allowed=f"1 to {TEXT_LENGTH} letters"))
    return {"offers": [*content.get("offers", ()), asdict(offer) | {"answers": [*offer.answers]}]}


def without_offer(content: Mapping[str, Any], offer_id: str) -> dict[str, Any]:
    """A draft without an offer.

    Raises:
        NotFoundError: it is not there.
    """
    kept = [one for one in content.get("offers", ()) if one["offer_id"] != offer_id]
    if len(kept) == len(content.get("offers", ())):
        raise NotFoundError(message("There is no such offer", got=repr(offer_id)))
    return {"offers": kept}


def canvas_fit(keys: Sequence[str], made: Sequence[Offer]) -> CanvasFit:
    """Hold the offers against the pains and gains that are measured now.

    >>> canvas_fit(["a", "b"], [Offer("1", "reliever", "x", ("a", "gone"), "Ann")]).gaps
    ('b',)
    """
    answers = {key for offer in made for key in offer.answers}
    gaps = tuple(key for key in keys if key not in answers)
    return CanvasFit(len(keys) - len(gaps), len(keys), gaps)
