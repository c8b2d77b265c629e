"""Audiences that people saved: a rule under a name, and how large it was at each run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Engine, Float, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["AudienceRow", "AudienceSizeRow", "AudienceStore", "MeasuredAudience", "SavedAudience"]


class AudienceRow(Base):
    """A saved audience as it is now."""

    __tablename__ = "audiences"
    holds = "texts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    description: Mapped[str] = mapped_column(String(300))
    rule: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime)
    changed_by: Mapped[str] = mapped_column(String(200))


class AudienceSizeRow(Base):
    """How large a saved audience was at a run."""

    __tablename__ = "audience_sizes"
    holds = "texts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    measured_at: Mapped[datetime] = mapped_column(DateTime, primary_key=True)
    rule_mark: Mapped[str] = mapped_column(String(64))
    customers: Mapped[int] = mapped_column(BigInteger)
    reachable: Mapped[int] = mapped_column(BigInteger)
    revenue_amount: Mapped[float] = mapped_column(Float)
    since: Mapped[datetime | None] = mapped_column(DateTime)
    came: Mapped[int | None] = mapped_column(BigInteger)
    left: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class MeasuredAudience:
    """How large a saved audience was at a run.

    Attributes:
        name: of the audience.
        measured_at: up to when the tables of the run held, naive UTC.
        rule_mark: stands for the rule by which it was counted; another rule has another mark.
        customers: how many were in it.
        reachable: how many of them might be mailed.
        revenue_amount: what they had bought until then, less what was paid back, in EUR.
        since: moment of the run before by the same rule; None when there was none.
        came, left: how many came in and left since then; None when there was none.
    """

    name: str
    measured_at: datetime
    rule_mark: str
    customers: int
    reachable: int
    revenue_amount: float
    since: datetime | None = None
    came: int | None = None
    left: int | None = None


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
        """Drop an audience and its sizes; returns whether there was one."""
        with Session(self._database) as session, session.begin():
            row = session.get(AudienceRow, name)
            if row is None:
                return False
            session.delete(row)
            session.execute(delete(AudienceSizeRow).where(AudienceSizeRow.name == name))
            return True

    def keep_size(self, size: MeasuredAudience) -> None:
        """Keep a size in the place of those measured at its moment or later, over the same data."""
        kept = AudienceSizeRow
        with Session(self._database) as session, session.begin():
            outdated = (kept.name == size.name) & (kept.measured_at >= size.measured_at)
            session.execute(delete(kept).where(outdated))
            session.add(kept(**vars(size)))

    def sizes(self, name: str) -> tuple[MeasuredAudience, ...]:
        """All sizes of an audience that were kept, the first one first."""
        asked = select(AudienceSizeRow).where(AudienceSizeRow.name == name)
        with Session(self._database) as session:
            rows = session.scalars(asked.order_by(AudienceSizeRow.measured_at)).all()
            return tuple(
                MeasuredAudience(
                    row.name,
                    row.measured_at,
                    row.rule_mark,
                    row.customers,
                    row.reachable,
                    row.revenue_amount,
                    row.since,
                    row.came,
                    row.left,
                )
                for row in rows
            )
