"""What an import wrote, without some of its rows or with others."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.runner.store import Store
from klantreis.state import ImportPart

__all__ = ["renamed", "rewritten", "without_files"]


def rewritten(
    part: ImportPart,
    is_gone: Callable[[pa.Table], pa.Array] | None,
    added: pa.Table | None = None,
    *,
    store: Store,
) -> ImportPart:
    """The part without some rows and with others; files that stay as they are are not touched.

    Args:
        is_gone: of the rows of a file, which go; None where none do.
        added: rows that come, in the shape of the part's table.
    """
    files: list[str] = []
    rows = 0
    for name, path in zip(part.files, store.absolute(part.files), strict=True):
        table = pq.read_table(path)
        kept = table.filter(pc.invert(is_gone(table))) if is_gone else table
        rows += kept.num_rows
        if kept.num_rows == table.num_rows:
            files.append(name)
        elif kept.num_rows:
            files.append(_written(part, kept, store))
    if added:
        files.append(_written(part, added, store))
        rows += added.num_rows
    return replace(renamed(part), files=tuple(files), rows=rows, is_checked=False)


def without_files(
    part: ImportPart, file_ids: Collection[str], *, store: Store
) -> ImportPart | None:
    """The part without what some files gave; itself where they gave nothing, None where they gave all."""
    log = tuple(line for line in part.log if line["file_id"] not in file_ids)
    if part.log and not log:
        return None
    ids = pa.array(sorted(file_ids), pa.string())
    fresh = rewritten(part, lambda table: pc.is_in(table["file_id"], ids), store=store)
    if fresh.rows == part.rows and len(log) == len(part.log):
        return part
    return replace(fresh, log=log) if fresh.rows or log else None


def renamed(part: ImportPart) -> ImportPart:
    """The part under an id of its own: tables that rest on the one before are made anew."""
    return replace(part, part_id=f"{part.part_id[:27]}-{uuid4().hex[:12]}")


def _written(part: ImportPart, table: pa.Table, store: Store) -> str:
    target = store.parts / part.source / f"repair-{uuid4().hex[:12]}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, target, compression="zstd")
    return store.relative([target])[0]
