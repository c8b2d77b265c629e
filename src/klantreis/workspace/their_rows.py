"""Which rows of an Arrow table are about one customer."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial, reduce
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from klantreis.workspace.needles import Needles

__all__ = [
    "holds_identifier",
    "rows_with_identifier",
    "rows_with_key",
    "rows_with_value",
    "without_rows",
]

TEXTS_AT_ONCE = 500
Mask: TypeAlias = "pa.Array | pa.ChunkedArray | None"


def rows_with_identifier(table: pa.Table, needles: Needles) -> Mask:
    """The rows in which an identifier stands, in any column; None when in none."""
    return _either(_with_identifier(table[name], needles) for name in table.column_names)


def rows_with_key(table: pa.Table, column: str, keys: Collection[str]) -> Mask:
    """The rows with one of these in a column; None without such a column or row."""
    if column not in table.column_names or not keys:
        return None
    found = pc.fill_null(pc.is_in(table[column], pa.array(sorted(keys), pa.string())), False)
    return found if pc.any(found).as_py() else None


def rows_with_value(table: pa.Table, is_wanted: Callable[[str, Any], bool]) -> Mask:
    """The rows of which a column's name and value are wanted; each value is asked about once."""
    return _either(
        _in(column, [value for value in pc.unique(column).to_pylist() if is_wanted(name, value)])
        if _is_single(column.type)
        else _by_row(column, partial(is_wanted, name))
        for name, column in zip(table.column_names, table.columns, strict=True)
    )


def without_rows(table: pa.Table, *masks: Mask) -> pa.Table:
    """The rows that no mask names; the very table when there are no masks."""
    theirs = _either(iter(masks))
    return table if theirs is None else table.filter(pc.invert(theirs))


def holds_identifier(column: pa.Array | pa.ChunkedArray, needles: Needles) -> bool:
    """Whether an identifier stands in a column."""
    # All texts at once: looking through one long text is far cheaper than through many short ones.
    return _may_name(column.type) and needles.is_in_text("\n".join(_texts(column)))


def _with_identifier(column: pa.ChunkedArray, needles: Needles) -> Mask:
    if not holds_identifier(column, needles):
        return None
    if _is_text(column.type):
        return _in(column, list(_texts_with_identifier(_texts(column), needles)))
    return _by_row(column, lambda value: needles.is_in_text(_written(value)))


def _texts_with_identifier(texts: Sequence[str], needles: Needles) -> Iterator[str]:
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        portion = texts[start : start + TEXTS_AT_ONCE]
        if needles.is_in_text("\n".join(portion)):
            yield from (text for text in portion if needles.is_in_text(text))


def _texts(column: pa.Array | pa.ChunkedArray) -> list[str]:
    if _is_text(column.type):
        texts: list[str] = pc.unique(column).drop_null().to_pylist()
        return texts
    return [_written(value) for value in column.to_pylist() if value is not None]


def _in(column: pa.ChunkedArray, values: list[Any]) -> Mask:
    if not values:
        return None
    return pc.fill_null(pc.is_in(column, pa.array(values, column.type)), False)


def _by_row(column: pa.ChunkedArray, is_wanted: Callable[[Any], bool]) -> Mask:
    found = [value is not None and is_wanted(value) for value in column.to_pylist()]
    return pa.array(found) if any(found) else None


def _either(masks: Iterator[Mask]) -> Mask:
    found = [mask for mask in masks if mask is not None]
    either: Mask = reduce(pc.or_, found) if found else None
    return either


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_single(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind))


def _may_name(kind: pa.DataType) -> bool:
    return not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_temporal(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_null(kind)
    )
