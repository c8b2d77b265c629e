"""What people draw up together - maps, choices, plans - with every version that there ever was.

A draft is a document under a name. Each change is a new version with its whole content, so that
anything can be looked up, compared and taken back; versions are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, Integer, String, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.errors import ConflictError, message
from klantreis.state.models import Base

__all__ = ["Draft", "DraftRow", "Drafts"]


class DraftRow(Base):
    """One version of a draft."""

    __tablename__ = "drafts"
    holds = "texts"

    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    change: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(300))
    shows: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(DateTime)


@dataclass(frozen=True)
class Draft:
    """One version of a draft.

    Attributes:
        name: of the draft, as `map/all/see_think_do_care/as_is`.
        number: of the version, from 1; 0 for a draft that nobody has written in yet.
        content: all of it.
        change: code of what was done, as `card_moved`; `undo` and `redo` for those.
        about: what it was done to, in its own words.
        shows: the version whose content this is; its own number unless it was taken back.
        made_by: who.
        made_at: when, UTC.
    """

    name: str
    number: int
    content: Mapping[str, Any]
    change: str = ""
    about: str = ""
    shows: int = 0
    made_by: str = ""
    made_at: datetime | None = None


class Drafts:
    """Reads and writes drafts; each method is one transaction.

    Args:
        database: of the state.
    """

    def __init__(self, database: Engine) -> None:
        self._database = database

    def newest(self, name: str) -> Draft:
        """A draft as it is now; an empty one with number 0 when nobody has written in it."""
        wanted = select(DraftRow).where(DraftRow.name == name).order_by(DraftRow.number.desc())
        with Session(self._database) as session:
            row = session.scalars(wanted.limit(1)).first()
            return Draft(name, 0, {}) if row is None else _draft(row)

    def version(self, name: str, number: int) -> Draft | None:
        """A draft as it was; None when there is no such version."""
        with Session(self._database) as session:
            row = session.get(DraftRow, (name, number))
            return None if row is None else _draft(row)

    def versions(self, name: str) -> tuple[Draft, ...]:
        """All versions, oldest first, without their contents."""
        told = (
            DraftRow.name,
            DraftRow.number,
            DraftRow.change,
            DraftRow.about,
            DraftRow.shows,
            DraftRow.made_by,
            DraftRow.made_at,
        )
        wanted = select(*told).where(DraftRow.name == name).order_by(DraftRow.number)
        with Session(self._database) as session:
            return tuple(Draft(**row._mapping, content={}) for row in session.execute(wanted))

    def names(self, start: str) -> tuple[str, ...]:
        """Names of the drafts that start with this, in alphabetical order."""
        wanted = select(DraftRow.name).where(
            DraftRow.name.startswith(start, autoescape=True), DraftRow.number == 1
        )
        with Session(self._database) as session:
            return tuple(sorted(session.scalars(wanted).all()))

    def count_since(self, moment: datetime, starts: Sequence[str]) -> int:
        """How many versions were written since a moment, of drafts whose names start so."""
        wanted = (
            select(func.count())
            .select_from(DraftRow)
            .where(
                DraftRow.made_at >= moment,
                or_(*(DraftRow.name.startswith(start, autoescape=True) for start in starts)),
            )
        )
        with Session(self._database) as session:
            return session.scalar(wanted) or 0

    def write(
        self,
        name: str,
        content: Mapping[str, Any],
        *,
        after: int,
        change: str,
        about: str = "",
        shows: int | None = None,
        by: str,
        at: datetime,
    ) -> Draft:
        """Add a version behind the one that the writer has seen.

        Args:
            name: of the draft.
            content: all of it, as it is from now on.
            after: number of the version that the change was made in.
            change: code of what was done.
            about: what it was done to.
            shows: the earlier version whose content this is, when it was taken back.
            by: who.
            at: when, UTC.

        Raises:
            ConflictError: there is a later version already; nothing was written.
        """
        number = after + 1
        row = DraftRow(
            name=name,
            number=number,
            content=dict(content),
            change=change,
            about=about[:300],
            shows=number if shows is None else shows,
            made_by=by,
            made_at=at,
        )
        try:
            with Session(self._database) as session, session.begin():
                newest = session.scalar(
                    select(DraftRow.number)
                    .where(DraftRow.name == name)
                    .order_by(DraftRow.number.desc())
                    .limit(1)
                )
                if (newest or 0) != after:
                    raise _overtaken(name, after, newest or 0)
                session.add(row)
                session.flush()
                return _draft(row)
        except IntegrityError as error:
            raise _overtaken(name, after, number) from error


def _overtaken(name: str, seen: int, newest: int) -> ConflictError:
    return ConflictError(
        message(
            "Someone else wrote in this meanwhile",
            where=name,
            got=f"a change of version {seen}",
            allowed=f"a change of version {newest}",
            next_step="look at the newest version and repeat the change",
        )
    )


def _draft(row: DraftRow) -> Draft:
    return Draft(
        row.name,
        row.number,
        row.content,
        row.change,
        row.about,
        row.shows,
        row.made_by,
        row.made_at,
    )
