"""What people decided of two records: the same human being, different ones, or not to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Engine, Index, Select, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.errors import NotFoundError, message
from klantreis.state.models import Base

__all__ = ["VERDICTS", "IdentityDecision", "IdentityDecisions"]

VERDICTS = ("same", "different", "unsure")


class IdentityDecisionRow(Base):
    """One decision; undoing it is written beside it, nothing is ever overwritten."""

    __tablename__ = "identity_decisions"
    holds = "persons"

    decision_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    left_person_id: Mapped[str] = mapped_column(String(500))
    right_person_id: Mapped[str] = mapped_column(String(500))
    verdict: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime] = mapped_column(DateTime)
    decided_by: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime)
    undone_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index("identity_decisions_by_pair", "left_person_id", "right_person_id"),)


@dataclass(frozen=True)
class IdentityDecision:
    """What somebody of us decided of two records.

    Attributes:
        left_person_id, right_person_id: the records, the first in the alphabet left.
        verdict: `same`, `different` or `unsure`.
        note: why, in their own words.
        undone_at, undone_by: when and by whom it was taken back; none and empty while it holds.
        decision_id: its number; 0 for one that was not kept yet.
    """

    left_person_id: str
    right_person_id: str
    verdict: str
    note: str
    decided_at: datetime
    decided_by: str
    undone_at: datetime | None = None
    undone_by: str = ""
    decision_id: int = 0

    @property
    def pair(self) -> tuple[str, str]:
        return (self.left_person_id, self.right_person_id)


class IdentityDecisions:
    """Reads and writes the decisions; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(self, decisions: Iterable[IdentityDecision]) -> tuple[int, ...]:
        """Keep decisions, all of them or none.

        Returns:
            Their numbers.
        """
        rows = []
        for one in decisions:
            facts = {name: value for name, value in vars(one).items() if name != "decision_id"}
            rows.append(IdentityDecisionRow(**facts))
        with Session(self._database) as session, session.begin():
            session.add_all(rows)
            session.flush()
            return tuple(row.decision_id for row in rows)

    def undo(self, decision_ids: Iterable[int], *, by: str, at: datetime) -> None:
        """Take decisions back; of each pair the decision before it holds again.

        Raises:
            NotFoundError: one of them does not exist or was taken back already; none is undone.
        """
        with Session(self._database) as session, session.begin():
            for decision_id in decision_ids:
                row = session.get(IdentityDecisionRow, decision_id)
                if row is None or row.undone_at is not None:
                    raise NotFoundError(
                        message("There is no such decision to take back", got=str(decision_id))
                    )
                row.undone_at, row.undone_by = at, by

    def in_force(self) -> tuple[IdentityDecision, ...]:
        """The last decision of each pair that was not taken back, oldest first."""
        wanted = select(IdentityDecisionRow).where(IdentityDecisionRow.undone_at.is_(None))
        last: dict[tuple[str, str], IdentityDecision] = {}
        for one in self._read(wanted.order_by(IdentityDecisionRow.decision_id)):
            last.pop(one.pair, None)
            last[one.pair] = one
        return tuple(last.values())

    def newest(self) -> IdentityDecision | None:
        """The last decision that was not taken back; None when there is none."""
        wanted = select(IdentityDecisionRow).where(IdentityDecisionRow.undone_at.is_(None))
        newest_first = wanted.order_by(IdentityDecisionRow.decision_id.desc())
        return next(iter(self._read(newest_first.limit(1))), None)

    def changed_since(self, moment: datetime) -> int:
        """How many deeds hold now and did not at a moment (UTC), or the other way round."""
        row = IdentityDecisionRow
        touched = select(row).where(or_(row.decided_at > moment, row.undone_at > moment))
        return len(
            {
                (one.decided_at, one.decided_by)
                for one in self._read(touched)
                if (one.decided_at <= moment) != (one.undone_at is None)
            }
        )

    def about(self, person_ids: Iterable[str]) -> tuple[IdentityDecision, ...]:
        """Everything that was ever decided of some records, newest first."""
        records = list(person_ids)
        row = IdentityDecisionRow
        wanted = select(row).where(
            or_(row.left_person_id.in_(records), row.right_person_id.in_(records))
        )
        return tuple(self._read(wanted.order_by(row.decision_id.desc())))

    def _read(self, wanted: Select[IdentityDecisionRow]) -> list[IdentityDecision]:
        with Session(self._database) as session:
            return [_decision(row) for row in session.scalars(wanted)]


def _decision(row: IdentityDecisionRow) -> IdentityDecision:
    return IdentityDecision(
        row.left_person_id,
        row.right_person_id,
        row.verdict,
        row.note,
        row.decided_at,
        row.decided_by,
        row.undone_at,
        row.undone_by,
        row.decision_id,
    )
