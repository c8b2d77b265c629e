"""The records of sources behind the rows of tables: where they stand in the exports."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from klantreis import registry
from klantreis.engine import Engine
from klantreis.errors import InputError
from klantreis.runner.exports import content_id, export_options
from klantreis.runner.store import Store
from klantreis.runner.taken_files import where_it_is
from klantreis.settings import Settings
from klantreis.sources import ExportFile, RawRows, mended, raw_rows
from klantreis.state import State
from klantreis.tables import contract
from klantreis.workspace.reading import Reading

__all__ = ["RawRecord", "RawRecords"]

OF_A_SURVEY = "survey_answers"  # whose record is a whole response, not an answer
NOTHING = RawRows((), ())
# Tables whose rows stand on lines of their own in what may be the same file.
PARTS = {"orders": ("order_lines", "order_id")}
Row = dict[str, Any]


@dataclass(frozen=True)
class RawRecord:
    """Where a row of a table comes from.

    Attributes:
        state: `found`; `not_found`: the file has no such record now; `gone`: the file is not there
            any more; `unreadable`: it cannot be read as it is now; `large`: it was not looked for,
            because the file is.
        is_as_taken: whether the file has the very content that was taken in.
        is_repaired: whether values of its row were put right in the quarantine.
        raw: the record and its neighbours, as they stand in the file.
    """

    table: str
    record_id: str
    source: str
    path: str
    imported_at: datetime | None
    state: str
    is_as_taken: bool = True
    is_repaired: bool = False
    raw: RawRows = NOTHING


class RawRecords:
    """Finds records in the exports that they came from, by their keys, when it is asked.

    Args:
        folder: the workspace.
        reading: what is published.
        state: what was imported.
        store: where there is room for a moment.
        settings: as they are now.
        connect: starts an engine.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        state: State,
        store: Store,
        settings: Callable[[], Settings],
        connect: Callable[[], Engine],
    ) -> None:
        self._folder, self._reading, self._state = folder, reading, state
        self._store, self._settings, self._connect = store, settings, connect

    def find(
        self, table: str, record_ids: Sequence[str], *, largest: int | None = None
    ) -> Mapping[str, RawRecord]:
        """Where records stand in their files; those that the table has not are left out.

        Args:
            table: one that exports fill.
            record_ids: keys in it; of `survey_answers` the responses.
            largest: bytes of a file that is still looked into.
        """
        key = _key(table)
        rows = self._reading.table(table)
        held = self._reading.rows(
            rows.filter(rows[key].isin(list(record_ids)))
            .select("source", "file_id", record_id=rows[key])
            .distinct()
        )
        files: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in held:
            files[row["source"], row["file_id"]].append(row["record_id"])
        imports = self._imports({file_id for _, file_id in files})
        return {
            one.record_id: one
            for (source, file_id), ids in files.items()
            for one in self._in_file(
                table, ids, imports.get((source, file_id)), source, largest=largest
            )
        }

    def _imports(self, ids: set[str]) -> Mapping[tuple[str, str], Row]:
        imports = self._reading.table("imports")
        rows = self._reading.rows(imports.filter(imports["file_id"].isin(sorted(ids))))
        return {(row["source"], row["file_id"]): row for row in rows}

    def _in_file(
        self, table: str, ids: Sequence[str], file: Row | None, source: str, *, largest: int | None
    ) -> Iterator[RawRecord]:
        path = file["path"] if file else ""
        imported_at = file["imported_at"] if file else None

        def told(record_id: str, state: str, **more: Any) -> RawRecord:
            return RawRecord(table, record_id, source, path, imported_at, state, **more)

        if file is None:
            yield from (told(one, "gone") for one in ids)
            return
        try:
            with self._opened(file) as here:
                if here is None:
                    yield from (told(one, "gone") for one in ids)
                elif largest is not None and here.stat().st_size > largest:
                    yield from (told(one, "large") for one in ids)
                else:
                    yield from self._sought(table, ids, file, here, told)
        except InputError:
            yield from (told(one, "unreadable", is_as_taken=False) for one in ids)

    def _sought(
        self,
        table: str,
        ids: Sequence[str],
        file: Row,
        here: Path,
        told: Callable[..., RawRecord],
    ) -> Iterator[RawRecord]:
        is_as_taken = content_id(here) == file["file_id"]
        changes = self._repairs(file) if is_as_taken else {}
        connector = registry.load("sources", file["connector"])
        export = self._export(file, here)
        mending = self._store.spill / f"mended-{uuid4().hex[:12]}"
        try:
            read = export
            if changes:
                copy = mended(here, changes, mending, renamed=export.renamed)
                read = self._export(file, copy)
            lines = self._lines(connector, read, table, ids)
        finally:
            shutil.rmtree(mending, ignore_errors=True)
        for one in ids:
            own = lines.get(one, [])
            yield told(
                one,
                "found" if own else "not_found",
                is_as_taken=is_as_taken,
                is_repaired=any(line in changes for line in own),
                raw=raw_rows(connector, export, own),
            )

    def _lines(
        self, connector: Any, export: ExportFile, table: str, ids: Sequence[str]
    ) -> Mapping[str, list[int]]:
        """The lines of each record, by the same reading as an import."""
        found: dict[str, set[int]] = defaultdict(set)
        part = PARTS.get(table)
        engine = self._connect()
        try:
            reading = connector.read([export], engine)
            for name, key in ((table, _key(table)), *([part] if part else [])):
                rows = reading.tables.get(name)
                if rows is None:
                    continue
                own = rows.filter(rows[key].isin(list(ids)))
                for row in engine.fetch(own.select(record_id=rows[key], line="line")).to_pylist():
                    found[row["record_id"]].add(row["line"])
            reading.release()
        finally:
            engine.close()
        return {one: sorted(lines) for one, lines in found.items()}

    @contextmanager
    def _opened(self, file: Row) -> Iterator[Path | None]:
        """The file as it is now, or None; out of its zip file for a moment."""
        unpacked = self._store.spill / f"unpacked-{uuid4().hex[:12]}"
        try:
            yield next(where_it_is(self._folder, file["path"], file["source"], unpacked), None)
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)

    def _export(self, file: Row, path: Path) -> ExportFile:
        renamed = self._state.column_names.by_source().get(file["source"], {})
        options = export_options(self._settings(), file["source"], self._folder, renamed)
        return ExportFile(path, file["path"], file["source"], content_id(path), options)

    def _repairs(self, file: Row) -> Mapping[int, Mapping[str, str]]:
        changes: dict[int, dict[str, str]] = defaultdict(dict)
        for one in self._state.repairs.all(loaded_only=True):
            if (one.source, one.file_id) == (file["source"], file["file_id"]):
                changes[one.line][one.column] = one.after
        return changes


def _key(table: str) -> str:
    return "response_id" if table == OF_A_SURVEY else contract(table).key[0]
