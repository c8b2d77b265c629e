"""What an engine can do; steps are written in Ibis expressions and know nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.tables import Table

__all__ = ["Engine", "Written"]


@dataclass(frozen=True)
class Written:
    """What was written: Parquet files, and the number of rows in them together."""

    files: tuple[Path, ...]
    rows: int


@runtime_checkable
class Engine(Protocol):
    """Where tables are computed; every table at rest is a list of Parquet files."""

    name: str
    temporary: Path | None  # folder for what does not fit in memory; None: the system's
    rows_at_once: int  # the largest table that is made in one piece
    failures: tuple[type[Exception], ...]  # what it raises by itself, as of a damaged file

    def read(self, files: Sequence[Path], table: Table) -> ir.Table:
        """A table over Parquet files; an empty one that keeps the contract where there are none."""
        ...

    def write(self, expression: ir.Table, table: Table, folder: Path) -> Written:
        """Bring into the contract's shape and order, and write as Parquet into a new folder."""
        ...

    def keep(self, expression: ir.Table) -> ir.Table:
        """Compute now and keep the result for this session, so that it is not computed twice."""
        ...

    def view(self, expression: ir.Table) -> ir.Table:
        """The same rows under a name: what is asked of them is shorter to write than of all they rest on."""
        ...

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Compute and bring the rows here.

        Raises:
            AbandonedError: who asked left meanwhile, and this engine can break off.
        """
        ...

    def table(self, rows: pa.Table) -> ir.Table:
        """A table over rows that are here."""
        ...

    def components(self, edges: ir.Table) -> ir.Table:
        """Connected components of an undirected graph.

        Args:
            edges: columns `left` and `right`, both int64 node numbers.

        Returns:
            Columns `node` and `component` (the smallest node number in it), one row a node.
        """
        ...

    def query(self, sql: str, tables: Mapping[str, ir.Table]) -> pa.Table:
        """Answer an SQL query over the named tables."""
        ...

    def close(self) -> None:
        """Give back memory and temporary files."""
        ...
