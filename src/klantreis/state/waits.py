"""How often somebody failed to sign in, and until when they have to wait."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Integer, String, delete
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["Waits"]


class WaitRow(Base):
    """Failures of an account or an address, which is only kept as a hash."""

    __tablename__ = "waits"
    holds = "nothing"

    subject_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(DateTime)


class Waits:
    """Counts failures; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def get(self, subject_hash: str) -> tuple[int, datetime | None]:
        """How often they failed, and until when they have to wait."""
        with Session(self._database) as session:
            row = session.get(WaitRow, subject_hash)
            return (0, None) if row is None else (row.failures, row.until)

    def put(self, subject_hash: str, failures: int, until: datetime) -> None:
        """Note a failure."""
        with Session(self._database) as session, session.begin():
            session.merge(WaitRow(subject_hash=subject_hash, failures=failures, until=until))

    def forget(self, subject_hash: str) -> None:
        """Start counting anew."""
        with Session(self._database) as session, session.begin():
            session.execute(delete(WaitRow).where(WaitRow.subject_hash == subject_hash))

    def forget_before(self, moment: datetime) -> None:
        """Drop what ended before a moment."""
        with Session(self._database) as session, session.begin():
            session.execute(delete(WaitRow).where(WaitRow.until < moment))
