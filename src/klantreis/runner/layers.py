"""Tables at rest in layers: what was written before, what of it is gone, and what came.

A version is a list of Parquet files. A file in a folder `gone` holds keys: the rows with them in the
files before it do not hold any more. Files in a folder `noted` do the same for rows that say what
they said before and only came with another export since: nobody has to look at these anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import ibis.expr.types as ir

from klantreis.engine import Engine, Written, is_any
from klantreis.runner.changes import alike
from klantreis.tables import Renewal, Table, conform, filled_up

__all__ = [
    "CAME",
    "GONE",
    "Note",
    "add_layer",
    "changes_added",
    "is_only_noted",
    "of_keys",
    "read_layers",
    "write_whole",
]

Note = Callable[[Table, ir.Table, ir.Table, Engine], None]  # rows that came, keys that are gone
GONE, CAME, NOTED = "gone", "came", "noted"
MOST_FILES = 24
ROWS_WORTH_A_LAYER = 50_000  # smaller tables are written whole


class _Layer(NamedTuple):
    """Keys of what is gone of the layers below, and rows that came."""

    gone: Sequence[Path]
    came: Sequence[Path]


class _Change(NamedTuple):
    """Rows that came, and the keys of those that are gone."""

    came: ir.Table
    gone: ir.Table


def read_layers(files: Sequence[Path], table: Table, engine: Engine) -> ir.Table:
    """The rows of a version that hold, with the columns that came since it was written, empty."""
    layers = _layers(files)
    if len(layers) == 1:
        return _rows(files, table, engine)
    # Each is gone through once for all that is gone of it: the lowest is by far the largest.
    parts = [
        _without(
            layer.came, [file for later in layers[place:] for file in later.gone], table, engine
        )
        for place, layer in enumerate(layers, start=1)
        if layer.came
    ]
    if not parts:
        return _rows([], table, engine)
    return engine.view(parts[0].union(*parts[1:]) if parts[1:] else parts[0])


def add_layer(
    files: Sequence[Path],
    rows: int,
    renewal: Renewal,
    table: Table,
    engine: Engine,
    folder: Path,
    note: Note,
) -> Written:
    """Write what a renewal changes beside the files of a version, or all anew when that is better.

    Rows that were made anew and say what they said before are no change; a renewal that changes
    nothing leaves the files as they are.

    Args:
        files, rows: the version of before.
        folder: a new one.
        note: is told what changed when all is written anew, which the files do not show.
    """
    change, noted = _compared(files, renewal, table, engine)
    if rows < ROWS_WORTH_A_LAYER or len(files) >= MOST_FILES:
        if not any(is_any(some, engine) for some in (*change, *noted)):
            return Written(tuple(files), rows)
        note(table, change.came, change.gone, engine)
        return write_whole(files, rows, Renewal(*_both(change, noted)), table, engine, folder)
    laid = _laid(change, table, engine, folder)
    again = _laid(noted, table, engine, folder / NOTED)
    return Written((*files, *laid.files, *again.files), rows + laid.rows + again.rows)


def write_whole(
    files: Sequence[Path],
    rows: int,
    renewal: Renewal,
    table: Table,
    engine: Engine,
    folder: Path,
) -> Written:
    """Write all rows that hold after a renewal; as `add_layer`, but never beside what there is."""
    fresh = engine.keep(conform(renewal.fresh, table))
    gone = engine.keep(renewal.gone.select(table.key))
    held = conform(read_layers(files, table, engine), table)
    return engine.write(held.anti_join(gone, list(table.key)).union(fresh), table, folder)


def changes_added(
    files: Sequence[Path], before: Sequence[Path], table: Table, engine: Engine
) -> Renewal | None:
    """What was laid upon an earlier version since, from these files alone; None when this is no layer of it."""
    if list(files[: len(before)]) != list(before):
        return None
    added = files[len(before) :]
    telling = [file for file in added if not _is_noted(file)]
    gone = [file for file in telling if _is_gone(file)]
    came = [file for file in telling if not _is_gone(file)]
    fresh = read_layers(added, table, engine) if came else _rows([], table, engine)
    if len(telling) < len(added):
        fresh = fresh.semi_join(_keys(came, table, engine), list(table.key))
    return Renewal(fresh, _keys(gone, table, engine).distinct())


def is_only_noted(files: Sequence[Path], before: Sequence[Path]) -> bool:
    """Whether a version says all that an earlier one said, as far as its files show."""
    is_upon = list(files[: len(before)]) == list(before)
    return is_upon and all(map(_is_noted, files[len(before) :]))


def _layers(files: Sequence[Path]) -> list[_Layer]:
    layers: list[tuple[list[Path], list[Path]]] = [([], [])]
    for file in files:
        if _is_gone(file):
            layers.append(([file], []))
        else:
            layers[-1][1].append(file)
    return [_Layer(*layer) for layer in layers]


def _is_gone(file: Path) -> bool:
    return file.parent.name == GONE


def _is_noted(file: Path) -> bool:
    return file.parents[1].name == NOTED


def _without(files: Sequence[Path], gone: Sequence[Path], table: Table, engine: Engine) -> ir.Table:
    rows = _rows(files, table, engine).select(*table.schema)
    return rows.anti_join(_keys(gone, table, engine), list(table.key)) if gone else rows


def _rows(files: Sequence[Path], table: Table, engine: Engine) -> ir.Table:
    return filled_up(engine.read(files, table), table)


def _keys(files: Sequence[Path], table: Table, engine: Engine) -> ir.Table:
    return engine.read(files, table).select(table.key)


def _compared(
    files: Sequence[Path], renewal: Renewal, table: Table, engine: Engine
) -> tuple[_Change, _Change]:
    """What a renewal changes, and what only came with another export since."""
    key = list(table.key)
    fresh = engine.keep(conform(renewal.fresh, table))
    if renewal.is_compared:
        nothing = _Change(fresh.limit(0), fresh.select(key).limit(0))
        return _Change(fresh, engine.keep(renewal.gone.select(key))), nothing
    # Of the keys only those count that are there: a step may name new ones among what goes.
    before = renewal.held
    if before is None:
        before = read_layers(files, table, engine).semi_join(engine.keep(renewal.gone), key)
    held = engine.keep(conform(before, table))
    same = engine.keep(alike(held, fresh, table))
    change = _Change(fresh.anti_join(same, key), held.select(key).anti_join(same, key))
    noted = engine.keep(fresh.semi_join(same, key).difference(held))
    return change, _Change(noted, noted.select(key))


def _both(one: _Change, other: _Change) -> _Change:
    return _Change(*(some.union(more) for some, more in zip(one, other, strict=True)))


def _laid(change: _Change, table: Table, engine: Engine, folder: Path) -> Written:
    """A change as files; by how many rows more there are."""
    left = engine.write(change.gone, of_keys(table), folder / GONE)
    came = engine.write(change.came, table, folder / CAME)
    files = (*(left.files if left.rows else ()), *(came.files if came.rows else ()))
    return Written(files, came.rows - left.rows)


def of_keys(table: Table) -> Table:
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
