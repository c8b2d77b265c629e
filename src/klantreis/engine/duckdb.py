"""The embedded engine: an in-memory DuckDB over Parquet files, so that nothing locks."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend
from ibis.backends.duckdb.converter import DuckDBPyArrowData
from ibis.backends.sql.datatypes import DuckDBType
from ibis.util import gen_name

from klantreis.engine.asking import asker
from klantreis.engine.protocol import Written
from klantreis.errors import AbandonedError, InputError, message
from klantreis.tables import Table, check_shape, conform, empty

__all__ = ["DuckDBEngine"]

# What an expression may read beside rows that are here.
OWN_TO_ONE_CONNECTION = (
    ops.DatabaseTable,
    ops.UnboundTable,
    ops.SQLQueryResult,
    ops.SQLStringView,
    ops.ScalarUDF,
    ops.AggUDF,
)
ROWS_PER_GROUP = 61_440  # 30 DuckDB vectors: a customer's page reads one or two groups.


class DuckDBEngine:
    """Tables on one machine.

    Args:
        memory: limit as DuckDB writes it (`8GB`); by default 70 % of the machine.
        threads: by default all cores.
        temporary: folder to spill to when a step does not fit in memory.
    """

    name = "duckdb"
    rows_at_once = 12_000_000  # about 8 GB while they are sorted
    failures: tuple[type[Exception], ...] = (duckdb.Error,)

    def __init__(
        self,
        *,
        memory: str | None = None,
        threads: int | None = None,
        temporary: Path | None = None,
    ) -> None:
        self.temporary = temporary
        self._backend: Backend = ibis.duckdb.connect(":memory:")
        settings: dict[str, Any] = {
            "memory_limit": memory or _share_of_memory(0.7),
            "TimeZone": "UTC",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
            # Versions never change, so their footers need to be read once only.
            "parquet_metadata_cache": True,
        }
        if threads:
            settings["threads"] = threads
        if temporary:
            temporary.mkdir(parents=True, exist_ok=True)
            settings["temp_directory"] = str(temporary)
        for name, value in settings.items():
            self._backend.raw_sql(f"SET {name} = '{value}'")
        self._kept = 0
        self._views: set[str] = set()
        # One question at a time is written, and asked of what only the first connection knows;
        # questions about tables at rest are asked side by side.
        self._lock = RLock()

    @property
    def backend(self) -> Backend:
        """The Ibis connection: only for connectors, which read the outside set by set."""
        return self._backend

    def read(self, files: Sequence[Path], table: Table) -> ir.Table:
        if not files:
            return empty(table)
        listed = ", ".join(f"'{_quoted(file)}'" for file in files)
        view = self._viewed(f"SELECT * FROM read_parquet([{listed}])")
        schema = _schema_in(files[0], files[0].stat().st_mtime_ns, table)
        if schema is None:
            return self._backend.table(view)
        return self._of_schema(view, schema, ops.Namespace())

    def write(self, expression: ir.Table, table: Table, folder: Path) -> Written:
        shaped = conform(expression, table)
        check_shape(shaped, table)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{table.name}.parquet"
        unfinished = file.with_suffix(".unfinished")
        order = ", ".join(f'"{name}"' for name in table.order)
        rows = self._exact(shaped) + (f" ORDER BY {order}" if order else "")
        self._backend.raw_sql(
            f"COPY ({rows}) TO '{_quoted(unfinished)}' "
            f"(FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION {_encodings(table)}, "
            f"ROW_GROUP_SIZE {ROWS_PER_GROUP})"
        )
        unfinished.replace(file)
        return Written((file,), pq.read_metadata(file).num_rows)

    def keep(self, expression: ir.Table) -> ir.Table:
        # As Ibis makes a table, without asking the database for types that are known already:
        # a run keeps hundreds of small ones.
        self._kept += 1
        name = f"kept_{self._kept}"
        self._backend.raw_sql(f"CREATE TEMP TABLE {name} AS {self._exact(expression)}")
        return self._named(name, expression, ops.Namespace(catalog="temp", database="main"))

    def view(self, expression: ir.Table) -> ir.Table:
        return self._named(self._viewed(self._exact(expression)), expression, ops.Namespace())

    def _viewed(self, sql: str) -> str:
        # As Ibis makes a view, but for every connection to see.
        name: str = gen_name("at_rest")
        self._backend.raw_sql(f'CREATE VIEW "{name}" AS {sql}')
        self._views.add(name)
        return name

    def _named(self, name: str, expression: ir.Table, namespace: ops.Namespace) -> ir.Table:
        types = expression.schema().items()
        schema = ibis.schema({name: dtype.copy(nullable=True) for name, dtype in types})
        return self._of_schema(name, schema, namespace)

    def _of_schema(self, name: str, schema: ibis.Schema, namespace: ops.Namespace) -> ir.Table:
        return ops.DatabaseTable(
            name, schema=schema, source=self._backend, namespace=namespace
        ).to_expr()

    def _exact(self, expression: ir.Table) -> str:
        # An integer sum is a HUGEINT in DuckDB, which Parquet does not know: it would come back as
        # a double. Ibis leaves out casts that it thinks needless, so the types are written here.
        self._backend._run_pre_execute_hooks(expression)
        casts = ", ".join(
            f'CAST("{name}" AS {DuckDBType.to_string(dtype)}) AS "{name}"'
            for name, dtype in expression.schema().items()
        )
        return f"SELECT {casts} FROM ({self._backend.compile(expression)})"

    def fetch(self, expression: ir.Table) -> pa.Table:
        with self._lock:
            if not self._is_at_rest(expression):
                rows: pa.Table = self._backend.to_pyarrow(expression)
                return rows
            question = self._backend.compile(expression)
            connection = self._backend.con.cursor()
        # A long answer keeps nobody waiting: DuckDB shares its cores between connections.
        try:
            connection.execute("SET TimeZone = 'UTC'")
            for rows_here in expression.op().find(ops.InMemoryTable):
                connection.register(rows_here.name, rows_here.data.to_pyarrow(rows_here.schema))
            with asker().waits_for(connection.interrupt):
                found = connection.sql(question).to_arrow_table()
        except duckdb.InterruptException as error:
            raise AbandonedError("Nobody waits for the answer any more") from error
        finally:
            connection.close()
        answer: pa.Table = expression.__pyarrow_result__(found, data_mapper=DuckDBPyArrowData)
        return answer

    def _is_at_rest(self, expression: ir.Table) -> bool:
        """Whether every connection can answer: only files and rows that are here are asked for."""
        read = expression.op().find(OWN_TO_ONE_CONNECTION)
        return all(isinstance(one, ops.DatabaseTable) and one.name in self._views for one in read)

    def table(self, rows: pa.Table) -> ir.Table:
        return ibis.memtable(rows)

    def components(self, edges: ir.Table) -> ir.Table:
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        # scipy on the host: 1.7 s for 5 million edges, where SQL iterations need 9 to 14 s.
        rows = self.fetch(edges.select("left", "right"))
        ends = np.concatenate([rows["left"].to_numpy(), rows["right"].to_numpy()])
        nodes, places = np.unique(ends, return_inverse=True)
        half = len(places) // 2
        graph = coo_matrix(
            (np.ones(half, dtype=np.int8), (places[:half], places[half:])),
            shape=(len(nodes), len(nodes)),
        )
        count, labels = connected_components(graph, directed=False)
        smallest = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(smallest, labels, nodes)
        return self.keep(ibis.memtable(pa.table({"node": nodes, "component": smallest[labels]})))

    def query(self, sql: str, tables: Mapping[str, ir.Table]) -> pa.Table:
        with self._lock:
            for name, expression in tables.items():
                if re.search(rf"\b{re.escape(name)}\b", sql, re.IGNORECASE):
                    self._backend.create_view(name, expression, overwrite=True)
            try:
                answer: pa.Table = self._backend.con.execute(sql).to_arrow_table()
            except duckdb.Error as error:
                raise InputError(
                    message(
                        "The query cannot be answered",
                        got=str(error).strip(),
                        next_step="klantreis tables shows tables and columns",
                    )
                ) from error
            return answer

    def close(self) -> None:
        self._backend.disconnect()


def _encodings(table: Table) -> str:
    """The Parquet version by whose encodings a table is read fastest (ADR 0009).

    That of numbers with a fraction (BYTE_STREAM_SPLIT) is unknown to Spark, up to 4.0.
    """
    has_fractions = any(dtype.is_floating() for dtype in table.schema.values())
    return "V1" if has_fractions else "V2"


@lru_cache(maxsize=4096)
def _schema_in(file: Path, written_at: int, table: Table) -> ibis.Schema | None:
    """The columns of a file where all are as the contract has them, else None.

    Its footer is read once, in less than half the time in which the database describes a view of
    it each time anew: a run reads hundreds.

    Args:
        written_at: tells a file from another that took its place.
    """
    agreed = _types(table)
    found = pq.read_schema(file)
    if any(agreed.get(field.name) != field.type for field in found):
        return None
    return ibis.schema({name: table.schema[name].copy(nullable=True) for name in found.names})


@lru_cache(maxsize=256)
def _types(table: Table) -> Mapping[str, pa.DataType]:
    return {field.name: field.type for field in table.schema.to_pyarrow()}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _share_of_memory(share: float) -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return "4GB"  # systems that do not tell (Windows): a laptop's safe half
    return f"{int(total * share / 2**20)}MB"
