"""The embedded connection that reads files from outside, and how SQL is written for it.

Mappings become SQL text here, not Ibis expressions: they run on the embedded engine only, and a
query of thirty columns takes Ibis a quarter of a second to put together, for each of the tables
of each source. What is written is read by every engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

import ibis.expr.types as ir
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
    _held: list[str] = field(default_factory=list)
    _views: list[str] = field(default_factory=list)

    def hold(self, rows: pa.Table) -> str:
        """Give a table that is here a name for questions."""
        name = f"held_{uuid4().hex}"
        self.backend.con.register(name, rows)
        self._held.append(name)
        return name

    def kept(self, sql: str) -> str:
        """Answer a question once and give the answer a name for other questions."""
        return self.hold(self.fetch(sql))

    def let_go(self, name: str) -> None:
        """Give back a table that was held; anything else is left as it is."""
        if name in self._held:
            self._held.remove(name)
            self.backend.con.unregister(name)

    def fetch(self, sql: str) -> pa.Table:
        """Answer a question."""
        rows: pa.Table = self.backend.con.execute(sql).to_arrow_table()
        return rows

    def count_by_file(self, records: str) -> Mapping[str, int]:
        """How many records there are of each file.

        Args:
            records: what stands behind FROM.
        """
        counts = self.fetch(f"SELECT file_id, count(*) AS n FROM {records} GROUP BY file_id")
        return dict(zip(counts["file_id"].to_pylist(), counts["n"].to_pylist(), strict=True))

    def view(self, sql: str) -> str:
        """Give a question a name for other questions; it is answered whenever it is used."""
        name = f"read_{uuid4().hex}"
        self.backend.con.execute(f"CREATE TEMP VIEW {name} AS {sql}")
        self._views.append(name)
        return name

    def table(self, sql: str) -> ir.Table:
        """A question as a table of the engine."""
        table: ir.Table = self.backend.table(self.view(sql))
        return table

    def release(self) -> None:
        """Let go of everything that was held; tables over it can no longer be used."""
        for name in reversed(self._views):
            self.backend.con.execute(f"DROP VIEW {name}")
        for name in self._held:
            self.backend.con.unregister(name)
        self._views.clear()
        self._held.clear()


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
