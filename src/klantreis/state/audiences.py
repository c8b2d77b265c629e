"""Audiences that people saved: a rule under a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Engine, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["AudienceRow", "AudienceStore", "SavedAudience"]


class AudienceRow(Base):
    """A saved audience as it is now."""

    __tablename__ = "audiences"
    holds = "texts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    description: Mapped[str] = mapped_column(String(300))
    rule: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime)
    changed_by: Mapped[str] = mapped_column(String(200))


@dataclass(frozen=True)
class SavedAudience:
    """An audience: what it is called, whom it is about in words and as a rule, who changed it."""

    name: str
    description: str
    rule: str
    changed_at: datetime
    changed_by: str


class AudienceStore:
    """Reads and writes saved audiences; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def all(self) -> tuple[SavedAudience, ...]:
        """All audiences, by name."""
        with Session(self._database) as session:
            rows = session.scalars(select(AudienceRow).order_by(AudienceRow.name)).all()
            return tuple(
                SavedAudience(row.name, row.description, row.rule, row.changed_at, row.changed_by)
                for row in rows
            )

    def save(self, audience: SavedAudience) -> None:
        """Keep an audience in the place of the one of that name."""
        with Session(self._database) as session, session.begin():
            session.merge(
                AudienceRow(
                    name=audience.name,
                    description=audience.description,
                    rule=audience.rule,
                    changed_at=audience.changed_at,
                    changed_by=audience.changed_by,
                )
            )

    def remove(self, name: str) -> bool:
        """Drop an audience; returns whether there was one."""
        with Session(self._database) as session, session.begin():
            row = session.get(AudienceRow, name)
            if row is None:
                return False
            session.delete(row)
            return True
