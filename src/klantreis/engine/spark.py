"""The distributed engine: the same expressions on Spark, over the same Parquet files."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine.protocol import Written
from klantreis.errors import InputError, MissingExtraError, message
from klantreis.tables import Table, check_shape, conform

__all__ = ["SparkEngine"]


class SparkEngine:
    """Tables on a Spark cluster, or on this machine's cores (`local[*]`).

    Args:
        master: address of the cluster.
        temporary: folder for shuffle files.

    Raises:
        MissingExtraError: PySpark is not installed.
    """

    name = "spark"
    rows_at_once = 2**62  # it divides large tables itself
    failures: tuple[type[Exception], ...] = ()

    def __init__(self, *, master: str = "local[*]", temporary: Path | None = None) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise MissingExtraError(
                message("Spark is not installed", next_step="pip install 'klantreis[spark]'")
            ) from error
        self.temporary = temporary
        builder = (
            SparkSession.builder.master(master)
            .appName("klantreis")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "8" if master.startswith("local") else "200")
            # What Spark infers of kept tables may name columns that they no longer have, and stops
            # a union of them (NoSuchElementException in UnionBase.rewriteConstraints).
            .config("spark.sql.constraintPropagation.enabled", "false")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        )
        if temporary:
            builder = builder.config("spark.local.dir", str(temporary))
        self._session: Any = builder.getOrCreate()
        self._backend = ibis.pyspark.connect(self._session)
        self._names = 0

    def read(self, files: Sequence[Path], table: Table) -> ir.Table:
        if not files:
            return self.table(table.schema.to_pyarrow().empty_table())
        return self._named(self._session.read.parquet(*(str(file) for file in files)))

    def write(self, expression: ir.Table, table: Table, folder: Path) -> Written:
        shaped = conform(expression, table)
        check_shape(shaped, table)
        frame = self._frame(shaped)
        if table.order:
            frame = frame.repartitionByRange(*table.order[:1]).sortWithinPartitions(*table.order)
        frame.write.mode("overwrite").parquet(str(folder))
        files = tuple(sorted(folder.glob("*.parquet")))
        return Written(files, self._session.read.parquet(str(folder)).count())

    def keep(self, expression: ir.Table) -> ir.Table:
        return self._named(self._frame(expression).localCheckpoint())

    def view(self, expression: ir.Table) -> ir.Table:
        return self._named(self._frame(expression))

    def fetch(self, expression: ir.Table) -> pa.Table:
        rows: pa.Table = self._backend.to_pyarrow(expression)
        return rows

    def table(self, rows: pa.Table) -> ir.Table:
        return ibis.memtable(rows)

    def components(self, edges: ir.Table) -> ir.Table:
        # Smallest label over neighbours until nothing changes: no recursive queries on Spark.
        both = edges.select(node="left", neighbour="right").union(
            edges.select(node="right", neighbour="left")
        )
        both = self.keep(both.distinct())
        labels = self.keep(both.group_by("node").aggregate(component=_smallest(both)))
        while True:  # ends: labels only get smaller
            spread = both.join(labels, both["neighbour"] == labels["node"]).select(
                node=both["node"], component=labels["component"]
            )
            seen = spread.union(labels)
            nearer = self.keep(seen.group_by("node").aggregate(component=seen["component"].min()))
            changed = nearer.join(labels.rename(was="component"), "node").filter(
                lambda t: t["component"] != t["was"]
            )
            labels = nearer
            if self.fetch(changed.limit(1)).num_rows == 0:
                return labels

    def query(self, sql: str, tables: Mapping[str, ir.Table]) -> pa.Table:
        for name, expression in tables.items():
            self._frame(expression).createOrReplaceTempView(name)
        try:
            answer: pa.Table = self._session.sql(sql).toArrow()
        except Exception as error:
            raise InputError(
                message(
                    "The query cannot be answered",
                    got=str(error).strip().splitlines()[0],
                    next_step="klantreis tables shows tables and columns",
                )
            ) from error
        return answer

    def close(self) -> None:
        """Forget this engine's views; the session goes on, as others may use it."""
        for number in range(1, self._names + 1):
            with contextlib.suppress(Exception):
                self._session.catalog.dropTempView(f"klantreis_{number}")

    def _frame(self, expression: ir.Table) -> Any:
        self._backend._run_pre_execute_hooks(expression)  # registers rows that are here
        return self._session.sql(self._backend.compile(expression))

    def _named(self, frame: Any) -> ir.Table:
        self._names += 1
        name = f"klantreis_{self._names}"
        frame.createOrReplaceTempView(name)
        return self._backend.table(name)


def _smallest(edges: ir.Table) -> ir.IntegerScalar:
    return ibis.least(edges["node"].min(), edges["neighbour"].min())
