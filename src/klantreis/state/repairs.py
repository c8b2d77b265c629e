"""What people changed of values that were put aside, who and when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Engine, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["Repair", "RepairStore"]


@dataclass(frozen=True)
class Repair:
    """One value that somebody changed, or a whole row.

    Attributes:
        quarantine_id: of the entry.
        file_id, line, column: where it stood; the column is empty for a whole row.
        row: the row as it was, by which the same row is known in a later file.
        before, after: the value.
        is_loaded: whether the row was taken in with it; else it was refused again.
    """

    quarantine_id: str
    source: str
    file_id: str
    line: int
    column: str
    row: str
    before: str
    after: str
    is_loaded: bool
    repaired_at: datetime
    repaired_by: str


class RepairRow(Base):
    """A repair; nothing is ever overwritten."""

    __tablename__ = "repairs"
    holds = "texts"

    repair_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    quarantine_id: Mapped[str] = mapped_column(String(1000))
    source: Mapped[str] = mapped_column(String(100))
    file_id: Mapped[str] = mapped_column(String(16))
    line: Mapped[int] = mapped_column(BigInteger)
    column: Mapped[str] = mapped_column(String(500))
    row: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    is_loaded: Mapped[bool]
    repaired_at: Mapped[datetime] = mapped_column(DateTime)
    repaired_by: Mapped[str] = mapped_column(String(200))


class RepairStore:
    """Repairs; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(self, repairs: Iterable[Repair]) -> None:
        """Write down what was changed."""
        with Session(self._database) as session, session.begin():
            session.add_all(RepairRow(**asdict(repair)) for repair in repairs)

    def all(self, *, loaded_only: bool = False) -> tuple[Repair, ...]:
        """All repairs, the oldest first."""
        wanted = select(RepairRow).order_by(RepairRow.repair_id)
        if loaded_only:
            wanted = wanted.where(RepairRow.is_loaded)
        names = Repair.__dataclass_fields__
        with Session(self._database) as session:
            rows = session.scalars(wanted).all()
            return tuple(Repair(**{name: getattr(row, name) for name in names}) for row in rows)
