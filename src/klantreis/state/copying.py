"""Copies a whole state between databases of the same schema: for backups, and out of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, text

from klantreis.errors import WorkspaceError, message
from klantreis.state.models import Base

__all__ = ["copy_rows", "save_sqlite"]

ROWS_AT_ONCE = 5_000


def save_sqlite(database: Engine, file: Path) -> None:
    """Write an SQLite database, as of one moment, into a new file."""
    held = database.url.database
    assert held is not None
    with closing(sqlite3.connect(held)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
        # One file that is complete by itself, without a log beside it.
        target.execute("PRAGMA journal_mode=DELETE")


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy all rows, as of one moment, into a database that holds none.

    Raises:
        WorkspaceError: the target holds something already.
    """
    with source.connect() as reading, target.begin() as written:
        if reading.dialect.name == "postgresql":
            # One snapshot for all tables, whatever others write meanwhile.
            reading = reading.execution_options(isolation_level="REPEATABLE READ")
        _refuse_rows(written)
        for table in Base.metadata.sorted_tables:
            rows = reading.execute(select(table)).mappings()
            for portion in rows.partitions(ROWS_AT_ONCE):
                written.execute(table.insert(), [dict(row) for row in portion])
        if written.dialect.name == "postgresql":
            _count_on(written)


def _refuse_rows(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if connection.scalar(select(func.count()).select_from(table)):
            raise WorkspaceError(
                message(
                    "The state database is in use",
                    where=f"table {table.name}",
                    allowed="an empty database",
                    next_step="take another database in klantreis.toml",
                )
            )


def _count_on(connection: Connection) -> None:
    """PostgreSQL numbers new rows from a counter of its own: put it behind the highest number."""
    for table in Base.metadata.sorted_tables:
        for column in table.primary_key:
            counter = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            )
            highest = connection.scalar(select(func.max(column))) if counter else None
            if highest is not None:
                connection.execute(
                    text("SELECT setval(:counter, :highest)"),
                    {"counter": counter, "highest": highest},
                )
