"""Lays the tables of a database down as Parquet files below `exports/`, which are then imported.

So everything that holds for files holds for databases: a portion that did not change is not taken
in again, bad rows go to quarantine, and erasing a customer reaches what was copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.errors import SettingsError, message
from klantreis.sources.databases.address import address_of
from klantreis.sources.databases.asking import Database
from klantreis.sources.reading.mapping import FileMapping, Question
from klantreis.sources.reading.mapping_file import read_mapping

__all__ = ["lay_down", "names_database"]

ROWS_AT_ONCE = 200_000
MARK = re.compile(r"[0-9A-Za-z :.+_-]+")  # what may be written in a question as it is


def lay_down(
    mapping_file: Path,
    exports: Path,
    folder: Path,
    *,
    renamed: Mapping[str, str] | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
) -> Iterator[Path]:
    """Copy what a mapping asks of its database; nothing where it names none.

    Args:
        mapping_file: see docs/sources/mapping.md.
        exports: the folder of the source below `exports/`.
        folder: of the workspace.
        renamed: what columns that the mapping names are called in the database now.
        rows_at_once: rows of a file, and in memory.

    Yields:
        The files, as they are written.

    Raises:
        SettingsError: the mapping or the address is wrong.
        UnreadableFileError: the database cannot be reached or asked.
        MissingExtraError: its driver is not installed.
    """
    mapping = read_mapping(mapping_file)
    if not mapping.address:
        return
    database = Database(
        address_of(mapping.address, folder, f"[connection] of {mapping_file}"), str(mapping_file)
    )
    for kind in mapping.files:
        if kind.question:
            yield from _Landing(kind, kind.question, exports, rows_at_once, renamed or {}).complete(
                database
            )


def names_database(mapping_file: Path) -> bool:
    """Whether a mapping asks a database; not where it cannot be read."""
    try:
        return bool(read_mapping(mapping_file).address)
    except SettingsError:
        return False


class _Landing:
    """The files of one table or query."""

    def __init__(
        self,
        kind: FileMapping,
        question: Question,
        exports: Path,
        rows_at_once: int,
        renamed: Mapping[str, str],
    ) -> None:
        self._stem = kind.pattern.removesuffix(".*")
        self._exports, self._rows = exports, rows_at_once
        self._known_changed = question.changed  # as it is called in files of before
        self._question = replace(
            question,
            key=tuple(renamed.get(name, name) for name in question.key),
            changed=renamed.get(question.changed, question.changed),
        )

    def complete(self, database: Database) -> Iterator[Path]:
        self._exports.mkdir(parents=True, exist_ok=True)
        since = self._mark() if self._question.changed else ""
        stem = f"{self._stem}.since-{_as_name(since)}" if since else self._stem
        number = 0
        for number, rows in enumerate(
            database.portions(self._question, since, self._rows), start=1
        ):
            self._check(rows)
            yield self._written(rows, f"{stem}.{number:04}.parquet")
        self._remove_after(stem, number)

    def _mark(self) -> str:
        """The last change that was laid down; rows with that very mark are asked for again."""
        names = dict.fromkeys((self._question.changed, self._known_changed))
        marks = [
            column
            for file in self._exports.glob(f"{self._stem}.*.parquet")
            for name in names
            if (column := _column(file, name)) is not None
        ]
        values = pa.chunked_array(marks, pa.string()).drop_null() if marks else []
        last = _last(values) if len(values) else ""
        return last if MARK.fullmatch(last) else ""

    def _check(self, rows: pa.Table) -> None:
        wanted = (*self._question.key, *filter(None, [self._question.changed]))
        lacking = [name for name in wanted if name not in rows.column_names]
        if lacking:
            raise SettingsError(
                message(
                    "The database has no such column",
                    where=self._question.shown,
                    got=", ".join(lacking),
                    allowed=", ".join(rows.column_names),
                )
            )

    def _written(self, rows: pa.Table, name: str) -> Path:
        part = self._exports / f".{name}.part"
        pq.write_table(rows, part, compression="zstd")
        return part.replace(self._exports / name)

    def _remove_after(self, stem: str, last: int) -> None:
        """What an earlier, longer answer left behind: its rows are in the tables already."""
        for file in self._exports.glob(f"{stem}.[0-9][0-9][0-9][0-9].parquet"):
            if int(file.name.split(".")[-2]) > last:
                file.unlink()


def _column(file: Path, name: str) -> pa.ChunkedArray | None:
    if name not in pq.read_schema(file).names:
        return None
    return pq.read_table(file, columns=[name])[name]


def _last(values: pa.ChunkedArray) -> str:
    """The largest, as a number where all are numbers."""
    try:
        numbers: Mapping[Decimal, Any] = {
            Decimal(value): value for value in pc.unique(values).to_pylist()
        }
    except InvalidOperation:
        return str(pc.max(values).as_py())
    return str(numbers[max(numbers)])


def _as_name(mark: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "-", mark)
