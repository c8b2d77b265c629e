"""What people change on the cards of personas, with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Engine, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["PersonaEdit", "PersonaStore"]


@dataclass(frozen=True)
class PersonaEdit:
    """One change of one field.

    Attributes:
        field: code, as `story`.
        language: `nl` or `en`; empty for a field that has none.
        before, after: what stood there and what stands there now; empty for the drafted text.
    """

    edit_id: int
    persona_id: str
    field: str
    language: str
    before: str
    after: str
    edited_at: datetime
    edited_by: str


class PersonaEditRow(Base):
    """A change of a persona's card; nothing is ever overwritten."""

    __tablename__ = "persona_edits"
    holds = "texts"

    edit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    persona_id: Mapped[str] = mapped_column(String(100))
    field: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime] = mapped_column(DateTime)
    edited_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index("by_persona", "persona_id", "field", "language"),)


class PersonaStore:
    """Changes of the cards; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def written(self, persona_id: str, language: str) -> dict[str, PersonaEdit]:
        """What people wrote over the draft, by field; a field put back to its draft is left out."""
        newest = (
            select(func.max(PersonaEditRow.edit_id))
            .where(
                PersonaEditRow.persona_id == persona_id, PersonaEditRow.language.in_(("", language))
            )
            .group_by(PersonaEditRow.field)
        )
        wanted = select(PersonaEditRow).where(PersonaEditRow.edit_id.in_(newest))
        with Session(self._database) as session:
            rows = session.scalars(wanted).all()
            return {row.field: _edit(row) for row in rows if row.after}

    def written_in(self, field: str) -> dict[tuple[str, str], str]:
        """What people wrote in one field, by persona and language."""
        newest = (
            select(func.max(PersonaEditRow.edit_id))
            .where(PersonaEditRow.field == field)
            .group_by(PersonaEditRow.persona_id, PersonaEditRow.language)
        )
        wanted = select(PersonaEditRow).where(PersonaEditRow.edit_id.in_(newest))
        with Session(self._database) as session:
            rows = session.scalars(wanted).all()
            return {(row.persona_id, row.language): row.after for row in rows if row.after}

    def history(self, persona_id: str) -> tuple[PersonaEdit, ...]:
        """All changes of a card, the newest first."""
        wanted = select(PersonaEditRow).where(PersonaEditRow.persona_id == persona_id)
        with Session(self._database) as session:
            rows = session.scalars(wanted.order_by(PersonaEditRow.edit_id.desc())).all()
            return tuple(_edit(row) for row in rows)

    def edit(
        self,
        persona_id: str,
        field: str,
        *,
        language: str,
        before: str,
        after: str,
        by: str,
        at: datetime,
    ) -> None:
        """Write a field; an empty `after` puts the draft back."""
        with Session(self._database) as session, session.begin():
            session.add(
                PersonaEditRow(
                    persona_id=persona_id,
                    field=field,
                    language=language,
                    before=before,
                    after=after,
                    edited_at=at,
                    edited_by=by,
                )
            )


def _edit(row: PersonaEditRow) -> PersonaEdit:
    return PersonaEdit(
        row.edit_id,
        row.persona_id,
        row.field,
        row.language,
        row.before,
        row.after,
        row.edited_at,
        row.edited_by,
    )
