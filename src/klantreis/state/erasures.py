"""Who was erased, as marks that tell nobody who it was, and how far each erasure is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Engine, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["DONE", "Erasure", "Erasures"]

DONE = "done"


class ErasureMarkRow(Base):
    """Keyed hash of an identifier of someone who was erased."""

    __tablename__ = "erasure_marks"
    holds = "nothing"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(DateTime)


class ErasureKeyRow(Base):
    """The key of the marks, so that nobody can find them by hashing all telephone numbers."""

    __tablename__ = "erasure_key"
    holds = "nothing"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)


class ErasureRow(Base):
    """One erasure: the number, which leads to nobody any more, and what the proof says."""

    __tablename__ = "erasures"
    holds = "erased"

    erasure_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger)
    begun_at: Mapped[datetime] = mapped_column(DateTime)
    begun_by: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str] = mapped_column(String(20))
    done_at: Mapped[datetime | None] = mapped_column(DateTime)
    proof: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Erasure:
    """One erasure.

    Attributes:
        erasure_id: its number in addresses.
        customer_id: number under which the customer was known.
        stage: `waiting`, `exports`, `tables`, `state`, `proof` or `done`.
        proof: what was done and found, without personal data; empty until it is done.
    """

    erasure_id: str
    customer_id: int
    begun_at: datetime
    begun_by: str
    stage: str = "waiting"
    done_at: datetime | None = None
    proof: Mapping[str, Any] | None = None

    @property
    def is_done(self) -> bool:
        return self.stage == DONE


class Erasures:
    """Reads and writes marks and erasures; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def key(self, fresh: str) -> str:
        """The key of the marks; the fresh one when there is none yet."""
        with Session(self._database) as session, session.begin():
            held = session.scalar(select(ErasureKeyRow.key))
            if held is None:
                session.add(ErasureKeyRow(key=fresh))
            return held or fresh

    def marks(self) -> frozenset[str]:
        """All marks."""
        with Session(self._database) as session:
            return frozenset(session.scalars(select(ErasureMarkRow.mark)).all())

    def begin(self, erasure: Erasure, marks: Iterable[str]) -> None:
        """Remember that these identifiers may not come back, and that an erasure is under way."""
        with Session(self._database) as session, session.begin():
            for mark in marks:
                session.merge(ErasureMarkRow(mark=mark, erased_at=erasure.begun_at))
            if session.get(ErasureRow, erasure.erasure_id) is None:
                session.add(ErasureRow(**vars(erasure) | {"proof": {}}))

    def reach(self, erasure_id: str, stage: str) -> None:
        """Note how far an erasure is."""
        with Session(self._database) as session, session.begin():
            session.get_one(ErasureRow, erasure_id).stage = stage

    def finish(self, erasure_id: str, proof: Mapping[str, Any], *, at: datetime) -> None:
        """Keep the proof of an erasure."""
        with Session(self._database) as session, session.begin():
            row = session.get_one(ErasureRow, erasure_id)
            row.stage, row.done_at, row.proof = DONE, at, dict(proof)

    def find(self, erasure_id: str) -> Erasure | None:
        """One erasure; None when there is no such one."""
        with Session(self._database) as session:
            row = session.get(ErasureRow, erasure_id)
            return None if row is None else _erasure(row)

    def all(self) -> tuple[Erasure, ...]:
        """Every erasure of which the proof is kept or awaited, newest first."""
        order = (ErasureRow.begun_at.desc(), ErasureRow.erasure_id)
        with Session(self._database) as session:
            return tuple(
                _erasure(row) for row in session.scalars(select(ErasureRow).order_by(*order))
            )

    def count_before(self, moment: datetime) -> int:
        """How many proofs are older than a moment."""
        wanted = select(func.count()).select_from(ErasureRow).where(ErasureRow.done_at < moment)
        with Session(self._database) as session:
            return session.scalar(wanted) or 0

    def forget_before(self, moment: datetime) -> int:
        """Drop proofs older than a moment, and return how many; the marks stay."""
        with Session(self._database) as session, session.begin():
            dropped = session.execute(delete(ErasureRow).where(ErasureRow.done_at < moment))
            return int(dropped.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def _erasure(row: ErasureRow) -> Erasure:
    return Erasure(
        row.erasure_id,
        row.customer_id,
        row.begun_at,
        row.begun_by,
        row.stage,
        row.done_at,
        row.proof,
    )
