"""Tables at rest in layers: what was written before, what of it is gone, and what came.

A version is a list of Parquet files. A file in a folder `gone` holds keys: the rows with them in the
files before it do not hold any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import ibis.expr.types as ir

from klantreis.engine import Engine, Written
from klantreis.tables import Renewal, Table, conform, filled_up

__all__ = ["add_layer", "changes_added", "read_layers", "write_whole"]

GONE, CAME = "gone", "came"
MOST_FILES = 24
ROWS_WORTH_A_LAYER = 50_000  # smaller tables are written whole


def read_layers(files: Sequence[Path], table: Table, engine: Engine) -> ir.Table:
    """The rows of a version that hold, with the columns that came since it was written, empty."""
    rows: ir.Table | None = None
    waiting: list[Path] = []
    for file in files:
        if file.parent.name != GONE:
            waiting.append(file)
            continue
        so_far = _together(rows, waiting, table, engine)
        rows, waiting = so_far.anti_join(_keys([file], table, engine), list(table.key)), []
    return _together(rows, waiting, table, engine)


def add_layer(
    files: Sequence[Path],
    rows: int,
    renewal: Renewal,
    table: Table,
    engine: Engine,
    folder: Path,
) -> Written:
    """Write what a renewal changes beside the files of a version, or all anew when that is better.

    Rows that were made anew and say what they said before are no change.

    Args:
        files, rows: the version of before.
        folder: a new one.
    """
    if rows < ROWS_WORTH_A_LAYER or len(files) >= MOST_FILES:
        return write_whole(files, rows, renewal, table, engine, folder)
    fresh, gone = _made(renewal, table, engine)
    if not renewal.is_compared:
        key = list(table.key)
        # Of the keys only those count that are there: a step may name new ones among what goes.
        before = read_layers(files, table, engine).semi_join(gone, key)
        held = engine.keep(conform(before, table))
        same = engine.keep(held.intersect(fresh).select(key))
        fresh, gone = (rows.anti_join(same, key) for rows in (fresh, held.select(key)))
    left = engine.write(gone, _of_keys(table), folder / GONE)
    came = engine.write(fresh, table, folder / CAME)
    added = (*(left.files if left.rows else ()), *(came.files if came.rows else ()))
    return Written((*files, *added), rows - left.rows + came.rows)


def write_whole(
    files: Sequence[Path],
    rows: int,
    renewal: Renewal,
    table: Table,
    engine: Engine,
    folder: Path,
) -> Written:
    """Write all rows that hold after a renewal; as `add_layer`, but never beside what there is."""
    fresh, gone = _made(renewal, table, engine)
    held = conform(read_layers(files, table, engine), table)
    return engine.write(held.anti_join(gone, list(table.key)).union(fresh), table, folder)


def changes_added(
    files: Sequence[Path], before: Sequence[Path], table: Table, engine: Engine
) -> Renewal | None:
    """What was laid upon an earlier version since, from these files alone; None when this is no layer of it."""
    if list(files[: len(before)]) != list(before):
        return None
    added = files[len(before) :]
    gone = [file for file in added if file.parent.name == GONE]
    if not gone:
        return Renewal(read_layers(added, table, engine), engine.read([], _of_keys(table)))
    return Renewal(read_layers(added, table, engine), _keys(gone, table, engine).distinct())


def _made(renewal: Renewal, table: Table, engine: Engine) -> tuple[ir.Table, ir.Table]:
    """The rows that were made, and the keys of those that hold no longer."""
    fresh = engine.keep(conform(renewal.fresh, table))
    return fresh, engine.keep(renewal.gone.select(table.key))


def _together(
    rows: ir.Table | None, files: Sequence[Path], table: Table, engine: Engine
) -> ir.Table:
    if rows is not None and not files:
        return rows
    read = filled_up(engine.read(files, table), table)
    return read if rows is None else rows.union(read.select(rows.columns))


def _keys(files: Sequence[Path], table: Table, engine: Engine) -> ir.Table:
    each = [engine.read([file], table).select(table.key) for file in files]
    first, *others = each
    return first.union(*others) if others else first


def _of_keys(table: Table) -> Table:
    """The contract of a file with keys."""
    return replace(
        table,
        name=GONE,
        columns=tuple(table.column(name) for name in table.key),
        order=(),
        period="",
        telling=(),
        hinting=(),
    )
