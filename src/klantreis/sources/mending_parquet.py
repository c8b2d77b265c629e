"""A copy of a Parquet file with some of its values changed, each kept in the type of its column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.errors import InputError, message
from klantreis.sources.reading.renaming import name_now

__all__ = ["mend_parquet"]

Changes = Mapping[int, Mapping[str, str]]
Values = Mapping[int, Mapping[Sequence[str], str]]  # by place, by way into the column


def mend_parquet(path: Path, changes: Changes, target: Path, renamed: Mapping[str, str]) -> None:
    """Write a copy, a group of rows at a time.

    Args:
        path: the export.
        changes: by number of the row, from 1, by column: the value as text.
        target: the copy.
        renamed: what columns that the quarantine names are called in the file now.

    Raises:
        InputError: the row or column is not there, or the value is none of its column's type.
    """
    with pq.ParquetFile(path) as file:
        if max(changes) > file.metadata.num_rows:
            raise _nowhere("line", str(max(changes)))
        with pq.ParquetWriter(target, file.schema_arrow, compression="zstd") as writer:
            first = 1
            for number in range(file.num_row_groups):
                rows = file.read_row_group(number)
                own = {n - first: c for n, c in changes.items() if 0 <= n - first < rows.num_rows}
                writer.write_table(_changed(rows, own, renamed) if own else rows)
                first += rows.num_rows


def _changed(rows: pa.Table, changes: Changes, renamed: Mapping[str, str]) -> pa.Table:
    by_column: dict[str, dict[int, dict[Sequence[str], str]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for place, values in changes.items():
        for column, value in values.items():
            name, *way = _way(rows.schema, column, renamed)
            by_column[name][place][tuple(way)] = value
    for name, own in by_column.items():
        number = rows.schema.get_field_index(name)
        field = rows.schema.field(number)
        rows = rows.set_column(number, field, _column(rows[name], field, own))
    return rows


def _way(schema: pa.Schema, column: str, renamed: Mapping[str, str]) -> Sequence[str]:
    """The column, and the fields within it; of several that a value may come from the first there."""
    for said in (column, *column.split(", ")):
        for name in filter(None, (said, name_now(said, renamed))):
            if name in schema.names:
                return (name,)
            first, *way = name.split(".")
            if first in schema.names and way:
                return (first, *way)
    raise _nowhere("column", column or "the whole row")


def _column(column: pa.ChunkedArray, field: pa.Field, changes: Values) -> pa.ChunkedArray:
    if pa.types.is_struct(field.type):
        return _structure(column, field, changes)
    dtype = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    plain = column.cast(dtype).combine_chunks()
    mask = [place in changes for place in range(len(plain))]
    fresh = pa.array(
        [_typed(changes[place][()], dtype, field.name) for place in sorted(changes)], dtype
    )
    return pa.chunked_array([pc.replace_with_mask(plain, pa.array(mask), fresh).cast(field.type)])


def _structure(column: pa.ChunkedArray, field: pa.Field, changes: Values) -> pa.ChunkedArray:
    rows = column.to_pylist()
    for place, values in changes.items():
        for way, value in values.items():
            inner, dtype = rows[place], field.type
            for name in way[:-1]:
                inner, dtype = _inside(inner, name), dtype.field(name).type
            if not isinstance(inner, dict) or way[-1] not in inner:
                raise _nowhere("field", ".".join((field.name, *way)))
            inner[way[-1]] = _typed(value, dtype.field(way[-1]).type, field.name).as_py()
    return pa.chunked_array([pa.array(rows, field.type)])


def _inside(record: Any, name: str) -> Any:
    if not isinstance(record, dict) or name not in record:
        raise _nowhere("field", name)
    return record[name]


def _typed(text: str, dtype: pa.DataType, column: str) -> pa.Scalar:
    """A text as a value of a type; nothing is an empty value.

    Raises:
        InputError: it is none.
    """
    told = text.strip()
    if not told:
        return pa.scalar(None, dtype)
    is_number = pa.types.is_decimal(dtype) or pa.types.is_floating(dtype)
    # People write 1.234,56 where the file has a number.
    ways = (told, told.replace(".", "").replace(",", ".")) if is_number else (told,)
    for way in ways:
        try:
            if pa.types.is_decimal(dtype):
                return pa.scalar(Decimal(way), dtype)
            return pa.scalar(way).cast(dtype)
        except (pa.ArrowException, InvalidOperation, ValueError):
            continue
    raise InputError(
        message("Not a value of this column", where=column, got=text[:200], allowed=str(dtype))
    )


def _nowhere(what: str, got: str) -> InputError:
    return InputError(
        message(
            f"There is no such {what} to repair",
            got=got,
            next_step="repair it where it comes from and export it again",
        )
    )
