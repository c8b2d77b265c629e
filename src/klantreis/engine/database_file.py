"""Reads tables of a DuckDB file that somebody else keeps: as text, a portion at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

__all__ = ["DatabaseFileError", "rows_of_file"]


class DatabaseFileError(Exception):
    """The file cannot be opened, or cannot answer."""


def rows_of_file(path: Path, sql: str, rows_at_once: int) -> Iterator[pa.Table]:
    """Answer a question from a DuckDB file, which is opened for reading only.

    Yields:
        Tables of at most `rows_at_once` rows, every column as text.

    Raises:
        DatabaseFileError: no such table or column, no DuckDB file, or another process writes in it.
    """
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            answer = connection.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})")
            waiting: list[pa.RecordBatch] = []
            for batch in answer.to_arrow_reader(min(rows_at_once, 100_000)):
                waiting.append(batch)
                if sum(one.num_rows for one in waiting) >= rows_at_once:
                    yield pa.Table.from_batches(waiting)
                    waiting = []
            if waiting:
                yield pa.Table.from_batches(waiting)
    except duckdb.Error as error:
        raise DatabaseFileError(str(error).splitlines()[0]) from error
