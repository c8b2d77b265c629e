"""The audit log: who did what, to what, when and from where. Lines are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, Select, String, delete, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["Audit", "AuditLine"]


class AuditRow(Base):
    """One line of the audit log."""

    __tablename__ = "audit"
    holds = "texts"

    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(100))

    __table_args__ = (Index("audit_by_moment", "at"),)


@dataclass(frozen=True)
class AuditLine:
    """Something that was done.

    Attributes:
        at: when (UTC).
        actor: name of the user, `key:<name>` of a program, `owner` where nobody has to sign in.
        action: code of what was done.
        subject: what it was done to: a path, a user, a table; never a customer's name or address.
        address: where the request came from; `command line` for commands.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    address: str


class Audit:
    """Adds to and reads the audit log; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(self, line: AuditLine) -> None:
        """Write a line."""
        cut = {"actor": line.actor[:100], "subject": line.subject[:300]}
        with Session(self._database) as session, session.begin():
            session.add(AuditRow(**vars(line) | cut))

    def lines(
        self, *, actor: str = "", action: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[AuditLine, ...]:
        """Lines, newest first, of one actor or action where given."""
        wanted = _fitting(select(AuditRow), actor, action)
        newest_first = wanted.order_by(AuditRow.line.desc()).limit(limit).offset(offset)
        with Session(self._database) as session:
            return tuple(_line(row) for row in session.scalars(newest_first).all())

    def count(self, *, actor: str = "", action: str = "", before: datetime | None = None) -> int:
        """How many lines there are, of one actor or action or before a moment where given."""
        wanted = _fitting(select(func.count()).select_from(AuditRow), actor, action)
        if before is not None:
            wanted = wanted.where(AuditRow.at < before)
        with Session(self._database) as session:
            return session.scalar(wanted) or 0

    def choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Actors and actions that occur, in alphabetical order."""
        with Session(self._database) as session:
            actors = session.scalars(select(AuditRow.actor).distinct().order_by(AuditRow.actor))
            actions = session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action))
            return tuple(actors.all()), tuple(actions.all())

    def forget_before(self, moment: datetime) -> int:
        """Drop lines older than a moment; returns how many."""
        with Session(self._database) as session, session.begin():
            dropped = session.execute(delete(AuditRow).where(AuditRow.at < moment))
            return int(dropped.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def _fitting(wanted: Select[Any], actor: str, action: str) -> Select[Any]:
    if actor:
        wanted = wanted.where(AuditRow.actor == actor)
    if action:
        wanted = wanted.where(AuditRow.action == action)
    return wanted


def _line(row: AuditRow) -> AuditLine:
    return AuditLine(row.at, row.actor, row.action, row.subject, row.address)
