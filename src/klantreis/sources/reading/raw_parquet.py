"""Parquet files as raw tables: values keep the types that the file gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.protocol import ExportFile, Facts
from klantreis.sources.reading.connection import Connection, Expression, identifier, literal
from klantreis.sources.reading.raw import Raw, kind_of_values, trimmed
from klantreis.sources.reading.raw_text import TextForm

__all__ = ["parquet_columns", "parquet_rows", "raw_parquet"]

ROWS_AT_ONCE = 3_000_000


@dataclass(frozen=True)
class _Leaf:
    """A column, or a field of a structure: its name as `device.category`, SQL and type."""

    name: str
    sql: str
    dtype: pa.DataType


def parquet_columns(path: Path, shown_path: str) -> list[str]:
    """The names of the columns; what is within a structure as `device.category`.

    Raises:
        UnreadableFileError: not a Parquet file.
    """
    return [leaf.name for leaf in _leaves_of(path, shown_path)]


def raw_parquet(files: Sequence[ExportFile], form: TextForm, connection: Connection) -> list[Raw]:
    """Read Parquet files; a row's line is its number in the file, from 1."""
    leaves = {
        leaf.name: leaf
        for file in reversed(files)
        for leaf in _leaves_of(file.path, file.shown_path)
    }
    own = {name: f"c{place}" for place, name in enumerate(leaves)}
    selected = ", ".join(
        f"{trimmed(leaf.sql) if kind_of_values(leaf.dtype) == 'text' else leaf.sql} AS {own[name]}"
        for name, leaf in leaves.items()
    )
    return [
        Raw(
            relation=f"({parquet_rows(files, selected, connection)})",
            columns={
                name: Expression(own[name], kind_of_values(leaf.dtype))
                for name, leaf in leaves.items()
            },
            decimal_sign=form.decimal_sign or ".",
            facts={f.file_id: Facts("Parquet", time_zone=form.time_zone) for f in files},
            whole=_with_key_first(form.key, own),
            is_huge=sum(pq.read_metadata(f.path).num_rows for f in files) > ROWS_AT_ONCE,
        )
    ]


def _with_key_first(key: Sequence[str], own: Mapping[str, str]) -> str:
    """SQL for a row's values behind each other, its key before them; nothing where it has none."""
    named = [f"{literal(f'{name}=')}, {own[name]}, ' '" for name in key if name in own]
    rest = ", ".join(f"coalesce({column}, '')" for column in own.values())
    return f"concat({', '.join(named)}, '| ', concat_ws(';', {rest}))" if named else ""


def parquet_rows(files: Sequence[ExportFile], selected: str, connection: Connection) -> str:
    """SQL for rows of Parquet files: what is selected, with `file_id` and `line`."""
    paths = ", ".join(literal(str(file.path)) for file in files)
    ids = connection.hold(
        pa.table({"_path": [str(f.path) for f in files], "_id": [f.file_id for f in files]})
    )
    file_id = literal(files[0].file_id) if len(files) == 1 else "_id"
    joined = "" if len(files) == 1 else f" JOIN {ids} USING (_path)"
    return f"""
        SELECT {selected}, {file_id} AS file_id, file_row_number + 1 AS line
        FROM read_parquet([{paths}], filename = '_path', file_row_number = TRUE,
          union_by_name = TRUE){joined}"""


def _leaves_of(path: Path, shown_path: str) -> list[_Leaf]:
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFileError(
            message("Not a Parquet file", where=shown_path, got=str(error).splitlines()[0])
        ) from error
    return [leaf for f in schema for leaf in _leaves(_Leaf(f.name, identifier(f.name), f.type))]


def _leaves(leaf: _Leaf) -> Iterator[_Leaf]:
    if not pa.types.is_struct(leaf.dtype):
        yield leaf
        return
    for field in leaf.dtype:
        inner = f"{leaf.sql}.{identifier(field.name)}"
        yield from _leaves(_Leaf(f"{leaf.name}.{field.name}", inner, field.type))
