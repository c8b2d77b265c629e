"""Personas through the workspace: overlap, merges, and cards that people rewrite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from klantreis.errors import InputError, NotFoundError, message
from klantreis.personas import FACES, FIELDS, MOST_ADVISED, face, most_common, numbers, sizes
from klantreis.state import PersonaEdit, State
from klantreis.workspace.persona_cards import PersonaCard
from klantreis.workspace.persona_filling import LANGUAGES, filled_card
from klantreis.workspace.reading import Reading
from klantreis.workspace.research import Research

__all__ = ["FACES", "Personas"]

LONGEST_TEXT = 2_000
FACE = "face"


class Personas:
    """The personas of a workspace: `workspace.personas`.

    Args:
        reading: the published tables.
        state: what people wrote on the cards.
        research: topics and needs.
    """

    def __init__(self, reading: Reading, state: State, research: Research) -> None:
        self._reading = reading
        self._state = state
        self._research = research

    @property
    def most_advised(self) -> int:
        """More faces than this are not remembered."""
        return MOST_ADVISED

    def rows(self) -> list[dict[str, Any]]:
        """Table `personas`, the largest first."""
        return self._reading.rows(self._reading.table("personas").order_by("position"))

    def overlaps(self) -> list[dict[str, Any]]:
        """Table `need_overlaps`: how far the needs of each two target groups overlap."""
        table = self._reading.table("need_overlaps")
        return self._reading.rows(table.order_by("target_group", "other_group"))

    def merges(self) -> list[dict[str, Any]]:
        """Table `persona_merges`: what each merge loses, and how stable the division then is."""
        return self._reading.rows(self._reading.table("persona_merges").order_by("position"))

    def cards(self, *, phase_model: str = "see_think_do_care") -> tuple[PersonaCard, ...]:
        """All cards, the largest persona first."""
        rows = self.rows()
        if not rows:
            return ()
        told = self._told(phase_model)
        return tuple(self._card(row, told) for row in rows)

    def card(self, persona_id: str, *, phase_model: str = "see_think_do_care") -> PersonaCard:
        """The card of a persona.

        Raises:
            NotFoundError: there is no such persona.
        """
        row = self._row(persona_id)
        return self._card(row, self._told(phase_model))

    def names(self) -> dict[str, dict[str, str]]:
        """What each persona is called, by language, the largest first; quicker than their cards."""

        def draft() -> dict[str, dict[str, str]]:
            return {
                card.persona_id: {
                    language: next(own.draft for own in fields if own.field == "name")
                    for language, fields in card.fields.items()
                }
                for card in self.cards()
            }

        drafted = self._reading.remembered("persona names", draft)
        written = self._state.personas.written_in("name")
        return {
            persona_id: {
                language: written.get((persona_id, language), name)
                for language, name in names.items()
            }
            for persona_id, names in drafted.items()
        }

    def face(self, card: PersonaCard, number: int | None = None) -> str:
        """The face of a card as SVG, or another of the `FACES` that go with it."""
        return face(
            card.persona_id,
            gender=card.gender,
            age=card.age,
            number=card.face if number is None else number,
        )

    def chances_of(self, customer_id: int) -> list[dict[str, Any]]:
        """How probable each persona is for a customer, as in `persona_memberships`, most first."""
        scored = self._reading.table("persona_memberships")
        own = self._reading.rows(scored.filter(scored["customer_id"] == customer_id))
        return sorted(own, key=lambda row: (-row["probability"], row["persona_id"]))

    # What people write

    def edit(self, persona_id: str, field: str, text: str, *, language: str, by: str) -> None:
        """Write a text of a card; an empty one, or the draft itself, puts the draft back.

        Raises:
            NotFoundError: there is no such persona.
            InputError: unknown field or language, or too long.
        """
        self._row(persona_id)
        if field not in FIELDS or language not in LANGUAGES:
            allowed = f"{', '.join(FIELDS)} in {', '.join(LANGUAGES)}"
            raise InputError(
                message("No such field", got=f"{field} in {language}", allowed=allowed)
            )
        if len(text) > LONGEST_TEXT:
            allowed = f"at most {LONGEST_TEXT} characters"
            raise InputError(
                message("This text is too long", got=f"{len(text)} characters", allowed=allowed)
            )
        now = next(own for own in self.card(persona_id).fields[language] if own.field == field)
        after = "" if text.strip() == now.draft else text.strip()
        before = now.text if now.written_by else ""
        if after != before:
            self._state.personas.edit(
                persona_id,
                field,
                language=language,
                before=now.text,
                after=after,
                by=by,
                at=datetime.now(UTC).replace(tzinfo=None),
            )

    def choose_face(self, persona_id: str, number: int, *, by: str) -> None:
        """Give a persona another face; number 0 is the one that it begins with.

        Raises:
            NotFoundError: there is no such persona.
            InputError: there is no such face.
        """
        if number not in range(FACES):
            allowed = f"0 to {FACES - 1}"
            raise InputError(message("There is no such face", got=str(number), allowed=allowed))
        now = self.card(persona_id).face
        if number != now:
            self._state.personas.edit(
                persona_id,
                FACE,
                language="",
                before=str(now),
                after=str(number),
                by=by,
                at=datetime.now(UTC).replace(tzinfo=None),
            )

    def history(self, persona_id: str) -> tuple[PersonaEdit, ...]:
        """Who changed what on a card, the newest first."""
        return self._state.personas.history(persona_id)

    def restore(self, persona_id: str, edit_id: int, *, by: str) -> None:
        """Put back what stood there before a change.

        Raises:
            NotFoundError: there is no such change.
        """
        for edit in self.history(persona_id):
            if edit.edit_id == edit_id and edit.field == FACE:
                self.choose_face(persona_id, int(edit.before), by=by)
                return
            if edit.edit_id == edit_id:
                self.edit(persona_id, edit.field, edit.before, language=edit.language, by=by)
                return
        raise NotFoundError(message("There is no such change", got=str(edit_id)))

    # How a card is filled

    def _row(self, persona_id: str) -> dict[str, Any]:
        rows = self.rows()
        found = [row for row in rows if row["persona_id"] == persona_id]
        if not found:
            known = ", ".join(row["persona_id"] for row in rows)
            raise NotFoundError(message("Unknown persona", got=repr(persona_id), allowed=known))
        return found[0]

    def _told(self, phase_model: str) -> dict[str, Any]:
        """Everything that the cards need, asked once for all personas and a publication."""
        asked = self._reading.remembered(("personas", phase_model), lambda: self._ask(phase_model))
        return {
            **asked,
            "names": {topic.id: topic for topic in self._research.topics()},
        }

    def _ask(self, phase_model: str) -> dict[str, Any]:
        memberships = self._reading.table("persona_memberships")
        portraits = self._reading.table("portraits")
        return {
            "sizes": _by(self._reading.rows(sizes(memberships, portraits)), "persona_id"),
            "numbers": _by(self._reading.rows(numbers(memberships, portraits)), "persona_id"),
            "common": self._reading.rows(most_common(memberships, portraits)),
            "needs": self._research.needs("phase", segmentation="persona", phase_model=phase_model),
            "topics": self._research.needs("evidence", "is_problem", segmentation="persona"),
        }

    def _card(self, row: Mapping[str, Any], told: Mapping[str, Any]) -> PersonaCard:
        written = {
            language: self._state.personas.written(row["persona_id"], language)
            for language in LANGUAGES
        }
        return filled_card(row, told, written)


def _by(rows: Sequence[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    return {row[name]: row for row in rows}
