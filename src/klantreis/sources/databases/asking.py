"""Asks a database for the rows of a table or query, a portion at a time, every value as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.sql.compiler import IdentifierPreparer

from klantreis.engine.database_file import DatabaseFileError, rows_of_file
from klantreis.errors import MissingExtraError, UnreadableFileError, message
from klantreis.sources.reading.mapping import Question

__all__ = ["Database"]

EXTRAS = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql"}
WAITS_SECONDS = 15


class Database:
    """A database that is only read.

    Args:
        address: with the password filled in; it goes into no message.
        where: what messages call the place.
    """

    def __init__(self, address: URL, where: str) -> None:
        self._address, self._where = address, where

    def portions(self, question: Question, since: str, rows_at_once: int) -> Iterator[pa.Table]:
        """The rows, as tables of text columns.

        Args:
            since: only rows whose `question.changed` is at least this; empty: all.

        Raises:
            UnreadableFileError: the server does not answer, or does not know the table.
            MissingExtraError: the driver is not installed.
        """
        if self._address.get_backend_name() == "duckdb":
            sql = _sql(question, since, _quoted)
            try:
                yield from rows_of_file(Path(self._address.database or ""), sql, rows_at_once)
            except DatabaseFileError as error:
                raise self._unreadable(question, str(error)) from error
            return
        engine = self._engine()
        try:
            yield from _fetched(engine, question, since, rows_at_once)
        except SQLAlchemyError as error:
            raise self._unreadable(question, _reason(error)) from error
        except OSError as error:
            raise self._unreadable(question, str(error)) from error
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        backend = self._address.get_backend_name()
        try:
            if backend == "sqlite":
                file = f"file:{self._address.database}?mode=ro&uri=true"
                return create_engine(f"sqlite:///{file}")
            waits = {"connect_timeout": WAITS_SECONDS} if backend in ("mysql", "mariadb") else {}
            return create_engine(self._address, connect_args=waits)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            extra = EXTRAS.get(backend)
            raise MissingExtraError(
                message(
                    "The driver of the database is not installed",
                    where=self._where,
                    got=self._address.drivername,
                    allowed="postgresql, mysql, mariadb, sqlite, duckdb",
                    next_step=f"pip install 'klantreis[{extra}]'" if extra else "",
                )
            ) from error

    def _unreadable(self, question: Question, reason: str) -> UnreadableFileError:
        password = self._address.password
        shown = reason.replace(str(password), "***") if password else reason
        return UnreadableFileError(
            message(
                f"{question.shown} cannot be read",
                where=f"{self._where} ({self._address.render_as_string(hide_password=True)})",
                got=shown,
                next_step="check address, rights and names of tables and columns",
            )
        )


def _fetched(
    engine: Engine, question: Question, since: str, rows_at_once: int
) -> Iterator[pa.Table]:
    with engine.connect() as connection:
        quoted = _Quoted(engine.dialect.identifier_preparer)
        sql = text(_sql(question, since, quoted).replace(":", "\\:"))
        # A cursor of the server's: the rows never stand in memory together.
        answer = connection.execution_options(stream_results=True).execute(sql)
        names = list(answer.keys())
        for rows in answer.partitions(rows_at_once):
            columns = zip(*rows, strict=True)
            yield pa.table(
                {
                    name: pa.array([_text(value) for value in column], pa.string())
                    for name, column in zip(names, columns, strict=True)
                }
            )


class _Quoted:
    """Quotes a name, or a schema and a name, as the database wants it."""

    def __init__(self, preparer: IdentifierPreparer) -> None:
        self._preparer = preparer

    def __call__(self, name: str) -> str:
        return ".".join(self._preparer.quote_identifier(part) for part in name.split("."))


def _quoted(name: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def _sql(question: Question, since: str, quoted: Any) -> str:
    asked = f"({question.sql}) AS asked" if question.sql else quoted(question.table)
    # A plain literal takes the type of the column in every database.
    where = f" WHERE {quoted(question.changed)} >= '{since}'" if since else ""
    order = [*([question.changed] if question.changed else []), *question.key]
    ordered = f" ORDER BY {', '.join(map(quoted, dict.fromkeys(order)))}" if order else ""
    return f"SELECT * FROM {asked}{where}{ordered}"


def _text(value: Any) -> str | None:
    """A value as text, as an export would write it; a type never differs between portions."""
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return _decoded(bytes(value))
        case dict() | list() | tuple():
            return json.dumps(value, default=str, ensure_ascii=False)
        case _:
            return str(value)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def _reason(error: SQLAlchemyError) -> str:
    """What the database itself says, without our question and its values."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    told: Sequence[Any] = getattr(cause, "args", ())
    if told and isinstance(told[0], dict):  # PostgreSQL's fields: M is the message
        return str(told[0].get("M", cause))
    return str(cause).splitlines()[0] if str(cause) else type(cause).__name__
