"""The card of a persona: its face, its texts and its numbers, each with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["CardField", "Kind", "PersonaCard", "Share"]

Kind = Literal["measured", "asked", "assumed"]


@dataclass(frozen=True)
class CardField:
    """One text on a card.

    Attributes:
        field: code, as `story`.
        text: what is shown; what people wrote, else the draft.
        draft: what the data gave.
        kind: what the text rests on; assumed once a person wrote it.
        n: customers behind it; 0 for what is assumed.
        written_by, written_at: who rewrote it; empty for the draft.
    """

    field: str
    text: str
    draft: str
    kind: Kind
    n: int
    written_by: str
    written_at: datetime | None


@dataclass(frozen=True)
class Share:
    """How many of `of` members, with the 95 % interval (Wilson); `code` is a channel or topic."""

    code: str
    n: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class PersonaCard:
    """The face of a cluster of target groups, with what is known of its members.

    Attributes:
        persona_id, position: as in `personas`.
        target_groups, needs: as in `personas`.
        gender: of most members; empty when undecided.
        face: number of the face that goes with it; 0 until somebody chose another.
        face_by: who chose it.
        fields: texts by language.
        size, size_share: expected number of customers (sum of probabilities), and their part.
        revenue, revenue_share: expected revenue of them in EUR, and its part.
        members, members_told: customers with a probability of at least 0.5, and those of them
            whose needs are known: what the measures below rest on.
        age: median of the members, in years.
        revenue_mean, orders_mean: mean of the members, with the ends of their 95 % intervals.
        nps: promoters less detractors in percentage points of `nps_asked`, with its interval.
        returned: buyers who returned something; empty without buyers.
        channels, purchase_channels, towns: of the members, most common first.
        questions: the topics told of most, by phase.
        questions_kind: whether most of those statements were asked for, or came by themselves.
        stability: of the whole division.
    """

    persona_id: str
    position: int
    target_groups: tuple[str, ...]
    needs: tuple[str, ...]
    gender: str
    face: int
    face_by: str
    fields: Mapping[str, tuple[CardField, ...]]
    size: float
    size_share: float
    revenue: float
    revenue_share: float
    members: int
    members_told: int
    age: float | None
    revenue_mean: tuple[float | None, float | None, float | None]
    orders_mean: tuple[float | None, float | None, float | None]
    nps: tuple[float | None, float | None, float | None]
    nps_asked: int
    returned: Share | None
    channels: tuple[Share, ...]
    purchase_channels: tuple[Share, ...]
    towns: tuple[Share, ...]
    questions: Mapping[str, tuple[Share, ...]]
    questions_kind: Kind
    stability: float

    def told(self, field: str, language: str) -> str:
        """A text of the card in a language."""
        return next(own.text for own in self.fields[language] if own.field == field)
