"""What goes when a file is taken back, and what stays since other files tell of it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.runner.store import Store
from klantreis.state import ImportPart
from klantreis.tables import contract

__all__ = ["TableGoing", "tables_going"]

LOOKED_THROUGH = 20_000_000  # rows of other files, while somebody waits


@dataclass(frozen=True)
class TableGoing:
    """The rows of one table that a file gave.

    Attributes:
        table: its name; `quarantine` for what was put aside.
        rows: that are known by this file.
        elsewhere: of them those that another file gave too, and that therefore stay; None when
            there are too many rows to look through.
        merged: records that stood in several files that were read together, this one among them or
            not, and of which one row was kept: at most so many of the rows stay too, once those
            files are read again.
    """

    table: str
    rows: int
    elsewhere: int | None
    merged: int = 0


def tables_going(
    source: str, file_id: str, parts: Sequence[ImportPart], store: Store
) -> Iterator[TableGoing]:
    """What a file gave, table by table.

    Args:
        source, file_id: as the table `imports` knows it.
        parts: all that imports wrote.
    """
    for name in dict.fromkeys(part.table_name for part in parts if part.source == source):
        of_table = [part for part in parts if part.table_name == name]
        own = [part for part in of_table if part.source == source and _may_hold(part, file_id)]
        keys = _keys(name, own, store, file_id)
        if not keys:
            continue
        merged = sum(
            max(0, sum(line["rows_loaded"] for line in part.log) - part.rows)
            for part in own
            if len(part.log) > 1
        )
        others = None if name == "quarantine" else _others(name, of_table, store, file_id)
        yield TableGoing(
            name,
            len(keys),
            0 if others is None else _found_in(keys, others, of_table),
            min(merged, len(keys)),
        )


def _may_hold(part: ImportPart, file_id: str) -> bool:
    """Whether a part may hold rows of a file; that of the quarantine has no log."""
    return not part.log or any(line["file_id"] == file_id for line in part.log)


def _found_in(
    keys: pa.Array, others: Iterator[pa.Array], parts: Sequence[ImportPart]
) -> int | None:
    if sum(part.rows for part in parts) > LOOKED_THROUGH:
        return None
    is_found = pa.repeat(pa.scalar(False), len(keys))
    for there in others:
        is_found = pc.or_(is_found, pc.is_in(keys, value_set=there))
    return int(pc.sum(is_found).as_py() or 0)


def _keys(table: str, parts: Sequence[ImportPart], store: Store, file_id: str) -> pa.Array:
    """The keys of the rows that a file gave."""
    found = [
        _key(rows, table)
        for part in parts
        for path in store.absolute(part.files)
        if (rows := _read(path, table, pc.field("file_id") == file_id)).num_rows
    ]
    return pa.concat_arrays(found) if found else pa.array([], pa.string())


def _others(
    table: str, parts: Sequence[ImportPart], store: Store, file_id: str
) -> Iterator[pa.Array]:
    """The keys of the rows that other files gave, a file of ours at a time."""
    for part in parts:
        for path in store.absolute(part.files):
            rows = _read(path, table, pc.field("file_id") != file_id)
            if rows.num_rows:
                yield _key(rows, table)


def _read(path: object, table: str, wanted: pc.Expression) -> pa.Table:
    return pq.read_table(path, columns=[*contract(table).key, "file_id"], filters=wanted)


def _key(rows: pa.Table, table: str) -> pa.Array:
    """The key of each row as one text."""
    texts = [rows[name].cast(pa.string()).combine_chunks() for name in contract(table).key]
    joined = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, "\x1f")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
