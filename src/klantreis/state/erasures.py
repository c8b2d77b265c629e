"""Who was erased, as marks that tell nobody who it was; and taking a customer out of the state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, String, Table, Text, delete, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["Erasures"]


class ErasureMarkRow(Base):
    """Keyed hash of an identifier of someone who was erased."""

    __tablename__ = "erasure_marks"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(DateTime)


class ErasureKeyRow(Base):
    """The key of the marks, so that nobody can find them by hashing all telephone numbers."""

    __tablename__ = "erasure_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)


class Erasures:
    """Reads and writes marks, and finds and removes texts in all tables of the state."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def key(self, fresh: str) -> str:
        """The key of the marks; the fresh one when there is none yet."""
        with Session(self._database) as session, session.begin():
            held = session.scalar(select(ErasureKeyRow.key))
            if held is None:
                session.add(ErasureKeyRow(key=fresh))
            return held or fresh

    def add(self, marks: Iterable[str], at: datetime) -> None:
        """Remember that these identifiers may not come back."""
        with Session(self._database) as session, session.begin():
            for mark in marks:
                session.merge(ErasureMarkRow(mark=mark, erased_at=at))

    def marks(self) -> frozenset[str]:
        """All marks."""
        with Session(self._database) as session:
            return frozenset(session.scalars(select(ErasureMarkRow.mark)).all())

    def tables_with(self, is_wanted: Callable[[str], bool]) -> tuple[str, ...]:
        """Names of the tables that hold a text for which this is so."""
        with self._database.connect() as connection:
            return tuple(
                table.name
                for table in Base.metadata.sorted_tables
                for row in [
                    connection.execute(select(*_texts(table))).all() if _texts(table) else []
                ]
                if any(is_wanted(_written(value)) for values in row for value in values)
            )

    def remove(self, customer_ids: Iterable[int], without: Callable[[str], str]) -> int:
        """Delete rows about customers and replace texts in all others.

        Args:
            customer_ids: numbers of the customer, old ones too.
            without: gives a text without what may not stand there.

        Returns:
            How many rows were deleted or changed.
        """
        changed = 0
        with self._database.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(text("PRAGMA secure_delete=ON"))
            for table in Base.metadata.sorted_tables:
                if "customer_id" in table.c:
                    about = table.c.customer_id.in_(list(customer_ids))
                    changed += connection.execute(delete(table).where(about)).rowcount
                columns = _texts(table)
                for row in connection.execute(select(table)).mappings().all() if columns else ():
                    fresh = _changed(dict(row), columns, without)
                    if fresh:
                        own = [c == row[c.name] for c in table.primary_key]
                        connection.execute(update(table).where(*own).values(**fresh))
                        changed += 1
        self._give_back_space()
        return changed

    def _give_back_space(self) -> None:
        """SQLite keeps deleted rows in free pages and in its log: write both anew."""
        if self._database.dialect.name != "sqlite":
            return
        with self._database.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            plain.execute(text("VACUUM"))
            plain.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _texts(table: Table) -> list[Any]:
    return [c for c in table.c if isinstance(c.type, String | Text | JSON)]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _changed(
    row: dict[str, Any], columns: list[Any], without: Callable[[str], str]
) -> dict[str, Any]:
    fresh = {c.name: _cleaned(row[c.name], without) for c in columns}
    return {name: value for name, value in fresh.items() if value != row[name]}


def _cleaned(value: Any, without: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return without(value)
    if isinstance(value, list):
        return [_cleaned(one, without) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one, without) for key, one in value.items()}
    return value
