"""What people decide about research: the topic list, and what they write down themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["Note", "ResearchStore", "TopicChange"]


@dataclass(frozen=True)
class TopicChange:
    """One change of the topic list; the newest of a topic holds.

    Attributes:
        definition: the topic in the shape of `topics.toml`, or `is_removed` when it was taken off.
    """

    change_id: int
    topic_id: str
    definition: Mapping[str, Any]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class Note:
    """What someone heard from customers and wrote down.

    Attributes:
        language: `nl` or `en`.
        moment: `before`, `purchase` or `after`; empty to leave it to the topic.
    """

    note_id: int
    text: str
    language: str
    moment: str
    written_at: datetime
    written_by: str
    removed_at: datetime | None = None
    removed_by: str = ""


class TopicChangeRow(Base):
    """A change of the topic list; nothing is ever overwritten."""

    __tablename__ = "topic_changes"
    holds = "texts"

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    topic_id: Mapped[str] = mapped_column(String(60), index=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(DateTime)
    changed_by: Mapped[str] = mapped_column(String(200))


class NoteRow(Base):
    """A note; taken off it stays, with who did so."""

    __tablename__ = "research_notes"
    holds = "texts"

    note_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    moment: Mapped[str] = mapped_column(String(20))
    written_at: Mapped[datetime] = mapped_column(DateTime)
    written_by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None] = mapped_column(DateTime)
    removed_by: Mapped[str] = mapped_column(String(200))


class ResearchStore:
    """Topic changes and notes; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def topics(self) -> tuple[Mapping[str, Any], ...]:
        """The newest change of each topic, as `research.topic_list` takes them."""
        newest = select(func.max(TopicChangeRow.change_id)).group_by(TopicChangeRow.topic_id)
        wanted = select(TopicChangeRow).where(TopicChangeRow.change_id.in_(newest))
        with Session(self._database) as session:
            rows = session.scalars(wanted.order_by(TopicChangeRow.change_id)).all()
            return tuple(row.definition for row in rows)

    def topic_changes(self, topic_id: str | None = None) -> tuple[TopicChange, ...]:
        """All changes, of one topic or of all, the newest first."""
        wanted = select(TopicChangeRow).order_by(TopicChangeRow.change_id.desc())
        if topic_id is not None:
            wanted = wanted.where(TopicChangeRow.topic_id == topic_id)
        with Session(self._database) as session:
            return tuple(
                TopicChange(
                    row.change_id, row.topic_id, row.definition, row.changed_at, row.changed_by
                )
                for row in session.scalars(wanted).all()
            )

    def change_topic(
        self, topic_id: str, definition: Mapping[str, Any] | None, *, by: str, at: datetime
    ) -> None:
        """Set a topic, or take it off the list (None)."""
        with Session(self._database) as session, session.begin():
            session.add(
                TopicChangeRow(
                    topic_id=topic_id,
                    definition=dict(definition or {"id": topic_id, "is_removed": True}),
                    changed_at=at,
                    changed_by=by,
                )
            )

    def notes(self) -> tuple[Note, ...]:
        """Notes that still stand, the newest first."""
        wanted = select(NoteRow).where(NoteRow.removed_at.is_(None))
        with Session(self._database) as session:
            rows = session.scalars(wanted.order_by(NoteRow.note_id.desc())).all()
            return tuple(_note(row) for row in rows)

    def note_moments(self) -> tuple[datetime, ...]:
        """When notes were written or taken off."""
        with Session(self._database) as session:
            rows = session.scalars(select(NoteRow)).all()
            return tuple(row.removed_at or row.written_at for row in rows)

    def notes_for_steps(self) -> tuple[Mapping[str, Any], ...]:
        """The same as plain rows, oldest first, as step `questions` takes them."""
        names = ("note_id", "text", "language", "moment", "written_at")
        notes = [asdict(note) for note in reversed(self.notes())]
        return tuple({name: note[name] or None for name in names} for note in notes)

    def write_note(self, text: str, *, language: str, moment: str, by: str, at: datetime) -> int:
        """Keep a note; returns its number."""
        with Session(self._database) as session, session.begin():
            row = NoteRow(
                text=text,
                language=language,
                moment=moment,
                written_at=at,
                written_by=by,
                removed_at=None,
                removed_by="",
            )
            session.add(row)
            session.flush()
            return row.note_id

    def remove_note(self, note_id: int, *, by: str, at: datetime) -> None:
        """Take a note off; it stays in the history."""
        with Session(self._database) as session, session.begin():
            row = session.get(NoteRow, note_id)
            if row is not None and row.removed_at is None:
                row.removed_at, row.removed_by = at, by


def _note(row: NoteRow) -> Note:
    return Note(
        row.note_id,
        row.text,
        row.language,
        row.moment,
        row.written_at,
        row.written_by,
        row.removed_at,
        row.removed_by,
    )
