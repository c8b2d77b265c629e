"""Rows of what imports wrote that are older than a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.runner import Store
from klantreis.state import ImportPart, State
from klantreis.tables import TABLES

__all__ = ["OldRows"]


class OldRows:
    """Counts and removes them.

    Args:
        state: what imports wrote.
        store: where their files are.
    """

    def __init__(self, state: State, store: Store) -> None:
        self._state, self._store = state, store

    def count(self, tables: Sequence[str], before: datetime) -> int:
        """How many rows of these tables are older than a moment (naive UTC)."""
        return sum(
            pc.sum(self._is_old(self._read(name, part, only_dates=True), part, before)).as_py() or 0
            for part in self._parts(tables, before)
            for name in part.files
        )

    def remove(self, tables: Sequence[str], before: datetime) -> bool:
        """Remove them, and the lines of orders that go; returns whether there were any."""
        parts: dict[str, ImportPart] = {}
        orders: set[str] = set()
        for part in self._parts(tables, before):
            kept, gone = self._split(part, before)
            if gone:
                parts[part.part_id] = kept
                orders.update(order for table in gone for order in _orders(part, table))
        if orders:
            parts |= self._without_lines(orders)
        self._state.replace_parts(parts, [], [])
        return bool(parts)

    def _parts(self, tables: Sequence[str], before: datetime) -> Iterator[ImportPart]:
        for part in self._state.import_parts():
            may_be_old = part.first_at is None or part.first_at < before
            if part.table_name in tables and may_be_old:
                yield part

    def _split(self, part: ImportPart, before: datetime) -> tuple[ImportPart, list[pa.Table]]:
        files, rows, gone = [], 0, []
        for name in part.files:
            table = self._read(name, part)
            is_old = self._is_old(table, part, before)
            kept = table.filter(pc.invert(is_old))
            rows += kept.num_rows
            if kept.num_rows == table.num_rows:
                files.append(name)
                continue
            gone.append(table.filter(is_old))
            files += self._written(kept, name)
        return _replaced(part, files, rows), gone

    def _without_lines(self, orders: set[str]) -> dict[str, ImportPart]:
        parts = {}
        wanted = pa.array(sorted(orders), pa.string())
        for part in self._state.import_parts():
            if part.table_name != "order_lines":
                continue
            files: list[str] = []
            rows = before = 0
            for name in part.files:
                table = self._read(name, part)
                kept = table.filter(pc.invert(pc.is_in(table["order_id"], wanted)))
                before, rows = before + table.num_rows, rows + kept.num_rows
                is_same = kept.num_rows == table.num_rows
                files += [name] if is_same else self._written(kept, name)
            if rows != before:
                parts[part.part_id] = _replaced(part, files, rows)
        return parts

    def _read(self, name: str, part: ImportPart, *, only_dates: bool = False) -> pa.Table:
        columns = [TABLES[part.table_name].period] if only_dates else None
        return pq.read_table(self._store.folder / name, columns=columns)

    def _is_old(self, table: pa.Table, part: ImportPart, before: datetime) -> pa.ChunkedArray:
        dates = table[TABLES[part.table_name].period]
        return pc.fill_null(pc.less(dates, pa.scalar(before, dates.type)), False)

    def _written(self, table: pa.Table, beside: str) -> list[str]:
        if not table.num_rows:
            return []
        target = (self._store.folder / beside).with_name(f"{uuid4().hex[:12]}.parquet")
        pq.write_table(table, target, compression="zstd")
        return [target.relative_to(self._store.folder).as_posix()]


def _replaced(part: ImportPart, files: Sequence[str], rows: int) -> ImportPart:
    part_id = f"{part.part_id[:27]}-{uuid4().hex[:12]}"
    return replace(part, part_id=part_id, files=tuple(files), rows=rows)


def _orders(part: ImportPart, table: pa.Table) -> list[str]:
    return table["order_id"].to_pylist() if part.table_name == "orders" else []
