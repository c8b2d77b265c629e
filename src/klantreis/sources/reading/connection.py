"""The embedded connection that reads files from outside, and how SQL is written for it.

Mappings become SQL text here, not Ibis expressions: they run on the embedded engine only, and a
query of thirty columns takes Ibis a quarter of a second to put together, for each of the tables
of each source. What is written is read by every engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from klantreis.engine import Engine
from klantreis.errors import InputError, message
from klantreis.tables import Column

__all__ = ["Connection", "Expression", "Kind", "connection_of", "identifier", "literal", "sql_type"]

Kind = Literal["text", "number", "float", "time", "zoned_time", "date", "boolean", "other"]
SQL_TYPES = {
    "string": "VARCHAR",
    "money": "DECIMAL(18, 4)",
    "float64": "DOUBLE",
    "int64": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp(6)": "TIMESTAMP",
}


@dataclass(frozen=True)
class Expression:
    """SQL for a value, and what kind of value it is."""

    sql: str
    kind: Kind = "text"


@dataclass
class Connection:
    """Questions in SQL over tables that are here and files that are there."""

    backend: Any
    held: int = 0

    def hold(self, rows: pa.Table) -> str:
        """Give a table that is here a name for questions."""
        self.held += 1
        name = f"held_{self.held}"
        self.backend.con.register(name, rows)
        return name

    def fetch(self, sql: str) -> pa.Table:
        """Answer a question."""
        rows: pa.Table = self.backend.con.execute(sql).to_arrow_table()
        return rows

    def release(self) -> None:
        """Let go of the tables that were held."""
        for number in range(1, self.held + 1):
            self.backend.con.unregister(f"held_{number}")


def connection_of(engine: Engine) -> Connection:
    """The embedded connection.

    Raises:
        InputError: the engine cannot read raw files.
    """
    backend = getattr(engine, "backend", None)
    if getattr(backend, "name", "") != "duckdb":
        raise InputError(
            message(
                "This engine does not read export files",
                got=repr(engine.name),
                allowed="duckdb",
                next_step="import with the embedded engine; every engine reads what it writes",
            )
        )
    return Connection(backend)


def literal(text: str) -> str:
    """SQL for a text."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """SQL for a name."""
    return '"' + name.replace('"', '""') + '"'


def sql_type(column: Column) -> str:
    """SQL for the type of a contract's column."""
    return SQL_TYPES[column.type]
