"""What people said that columns of a source are called now, who and when, and what they took back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import DateTime, Engine, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.errors import NotFoundError, message
from klantreis.state.models import Base

__all__ = ["ColumnName", "ColumnNames"]


@dataclass(frozen=True)
class ColumnName:
    """A column of a source that is called otherwise now.

    Attributes:
        source: folder below `exports/`.
        known: as the connector knows it.
        now: as the exports have it now.
        taken_back_at, taken_back_by: none and empty while it holds.
    """

    source: str
    known: str
    now: str
    said_at: datetime
    said_by: str
    taken_back_at: datetime | None = None
    taken_back_by: str = ""


class ColumnNameRow(Base):
    """A new name; taking it back is written beside it, nothing is ever overwritten."""

    __tablename__ = "column_names"
    holds = "texts"

    column_name_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(String(100))
    known: Mapped[str] = mapped_column(String(500))
    now: Mapped[str] = mapped_column(String(500))
    said_at: Mapped[datetime] = mapped_column(DateTime)
    said_by: Mapped[str] = mapped_column(String(200))
    taken_back_at: Mapped[datetime | None] = mapped_column(DateTime)
    taken_back_by: Mapped[str] = mapped_column(String(200))


class ColumnNames:
    """New names of columns; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def say(self, name: ColumnName) -> None:
        """Keep a new name; one that the column had before is taken back by it."""
        with Session(self._database) as session, session.begin():
            _take_back(session, name.source, name.known, at=name.said_at, by=name.said_by)
            session.add(ColumnNameRow(**asdict(name)))

    def take_back(self, source: str, known: str, *, at: datetime, by: str) -> None:
        """From now on the column has the name again that the connector knows.

        Raises:
            NotFoundError: it has no other name.
        """
        with Session(self._database) as session, session.begin():
            if not _take_back(session, source, known, at=at, by=by):
                raise NotFoundError(
                    message("The column has no other name", where=f"source {source}", got=known)
                )

    def in_force(self) -> tuple[ColumnName, ...]:
        """The names that hold, oldest first."""
        row = ColumnNameRow
        wanted = select(row).where(row.taken_back_at.is_(None)).order_by(row.column_name_id)
        names = ColumnName.__dataclass_fields__
        with Session(self._database) as session:
            rows = session.scalars(wanted).all()
            return tuple(ColumnName(**{name: getattr(one, name) for name in names}) for one in rows)

    def by_source(self) -> Mapping[str, Mapping[str, str]]:
        """By source, by the name that the connector knows, the name that holds now."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for one in self.in_force():
            found[one.source][one.known] = one.now
        return dict(found)


def _take_back(session: Session, source: str, known: str, *, at: datetime, by: str) -> bool:
    wanted = select(ColumnNameRow).where(
        ColumnNameRow.source == source,
        ColumnNameRow.known == known,
        ColumnNameRow.taken_back_at.is_(None),
    )
    rows = session.scalars(wanted).all()
    for row in rows:
        row.taken_back_at, row.taken_back_by = at, by
    return bool(rows)
