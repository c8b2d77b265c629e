"""What the card of one persona shows. Money in EUR, moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query

from klantreis.web.named import Named
from klantreis.words import Figure

__all__ = ["Change", "FaceQuery", "Field", "Part", "Persona", "PersonaQuery", "PhaseQuestions"]


@dataclass(frozen=True)
class PersonaQuery:
    """Which persona."""

    persona_id: Annotated[str, Path(max_length=100)]


@dataclass(frozen=True)
class FaceQuery(PersonaQuery):
    """Which persona, and which of the faces that go with it; by default its own."""

    number: Annotated[int, Query(ge=-1, lt=100)] = -1


@dataclass(frozen=True)
class Field:
    """A text of the card in one language.

    Attributes:
        field: code, as `story`.
        language: `nl` or `en`.
        text: what is shown.
        draft: what the data gave; differs when somebody rewrote it.
        kind: measured, asked or assumed.
        n: customers behind it; 0 for what is assumed.
        written_by: who rewrote it; empty for the draft.
        written_at: when.
    """

    field: str
    language: str
    text: str
    draft: str
    kind: str
    n: int
    written_by: str
    written_at: datetime | None


@dataclass(frozen=True)
class Part:
    """A channel or a topic with its share.

    Attributes:
        name: a topic in both languages; of a channel the code alone.
        figure: share of the members.
    """

    name: Named
    figure: Figure


@dataclass(frozen=True)
class PhaseQuestions:
    """What is asked in a phase, most first.

    Attributes:
        phase: of the phase model.
        questions: topics with the share of the members who told needs.
    """

    phase: str
    questions: tuple[Part, ...]


@dataclass(frozen=True)
class Change:
    """One change of the card.

    Attributes:
        edit_id: number.
        field: code of the text.
        language: of the text; empty for a face.
        before, after: what stood and what stands there; empty for the draft.
        edited_at: when.
        edited_by: who.
    """

    edit_id: int
    field: str
    language: str
    before: str
    after: str
    edited_at: datetime
    edited_by: str


@dataclass(frozen=True)
class Persona:
    """The whole card.

    Attributes:
        as_of: moment of measuring (UTC).
        persona_id: code.
        faces: numbers of the faces to choose from.
        face: number of its own.
        face_by: who chose that; empty for the one that it began with.
        fields: the texts, in both languages.
        groups: target groups in it.
        needs: what sets it apart.
        size: expected number of customers.
        size_share: their part of all.
        revenue_share: part of all revenue that they are expected to bring.
        members: customers who are at least as likely of this persona as not.
        members_told: those of them whose needs are known.
        revenue: mean revenue of a member.
        orders: mean number of purchases of a member.
        nps: promoters less detractors, in percentage points.
        returned: part of the buyers who returned something.
        channels: most preferred channels of the members.
        purchase_channels: where they buy most.
        phase_model: whose phases.
        phases: what is asked in each.
        changes: who rewrote what, the newest first.
        stability: of the division into personas.
        is_stable: whether that is enough to build on.
    """

    as_of: datetime
    persona_id: str
    faces: tuple[int, ...]
    face: int
    face_by: str
    fields: tuple[Field, ...]
    groups: tuple[Named, ...]
    needs: tuple[Named, ...]
    size: Figure
    size_share: float
    revenue_share: float
    members: int
    members_told: int
    revenue: Figure
    orders: Figure
    nps: Figure
    returned: Figure
    channels: tuple[Part, ...]
    purchase_channels: tuple[Part, ...]
    phase_model: str
    phases: tuple[PhaseQuestions, ...]
    changes: tuple[Change, ...]
    stability: float
    is_stable: bool

    def in_language(self, language: str) -> dict[str, Field]:
        """The texts in a language, by field."""
        return {own.field: own for own in self.fields if own.language == language}
