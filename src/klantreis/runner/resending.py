"""Sends repaired rows of a file in again: the same validation, and only what changed is replaced."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis import registry
from klantreis.engine import Engine
from klantreis.errors import InputError, message
from klantreis.runner.exports import content_id, export_options
from klantreis.runner.rewriting import rewritten
from klantreis.runner.store import Store
from klantreis.runner.taken_files import where_it_is
from klantreis.settings import Settings
from klantreis.sources import ExportFile, Part, mended, names_database, take_in
from klantreis.state import ImportedFile, ImportPart, State
from klantreis.tables import contract

__all__ = ["Edit", "Resending"]


@dataclass(frozen=True)
class Edit:
    """A value that is to stand in a row; the column is empty for the row's whole text."""

    line: int
    column: str
    after: str


class Resending:
    """Takes repaired rows in.

    Args:
        folder: the workspace.
        state: what was imported.
        store: where its files are.
        settings: of the workspace.
        connect: starts an engine.
    """

    def __init__(
        self,
        folder: Path,
        state: State,
        store: Store,
        settings: Settings,
        connect: Callable[[], Engine],
    ) -> None:
        self._folder, self._state, self._store = folder, state, store
        self._settings, self._connect = settings, connect

    def send(
        self, source: str, file_id: str, held: Sequence[Edit], edits: Sequence[Edit]
    ) -> frozenset[tuple[int, str]]:
        """Take rows of one file in with what was edited; what is still wrong stays as it was.

        Args:
            source, file_id: which file.
            held: edits with which its rows were taken in before.
            edits: new ones.

        Returns:
            Line and column of the edits whose rows were taken in.

        Raises:
            InputError: the file is not there any more as it was, or cannot be changed.
        """
        work = self._store.folder / "spill" / f"repair-{uuid4().hex[:12]}"
        engine = self._connect()
        try:
            file, path = self._opened(source, file_id, work / "unpacked")
            before = self._read(file, path, held, engine, work / "before")
            after = self._read(file, path, [*held, *edits], engine, work / "after")
            wrong = _lines_aside(after)
            good = [edit for edit in edits if edit.line not in wrong]
            if good and len(good) < len(edits):
                after = self._read(file, path, [*held, *good], engine, work / "good")
            if good:
                self._replace(file, before, after, engine)
        finally:
            engine.close()
            shutil.rmtree(work, ignore_errors=True)
        return frozenset((edit.line, edit.column) for edit in good)

    def _opened(self, source: str, file_id: str, folder: Path) -> tuple[ImportedFile, Path]:
        """The file as it was taken in; out of its zip file where it was in one.

        Raises:
            InputError: it is not there any more.
        """
        for file in self._state.imported_files():
            if (file.source, file.file_id) == (source, file_id):
                for path in where_it_is(self._folder, file.path, file.source, folder):
                    if content_id(path) == file_id:
                        return file, path
        own = self._settings.sources.get(source)
        is_asked = bool(own and own.mapping and names_database(self._folder / own.mapping))
        raise InputError(
            message(
                "The database was asked again since"
                if is_asked
                else "The export is not here any more as it was taken in",
                where=source,
                next_step="repair the row where it is put aside anew, or in the database itself"
                if is_asked
                else "put it back, or repair it where it comes from and import again",
            )
        )

    def _read(
        self, file: ImportedFile, path: Path, edits: Sequence[Edit], engine: Engine, folder: Path
    ) -> Mapping[str, list[Part]]:
        changes: dict[int, dict[str, str]] = defaultdict(dict)
        for edit in edits:
            changes[edit.line][edit.column] = edit.after
        renamed = self._state.column_names.by_source().get(file.source, {})
        path = mended(path, changes, folder / "copy", renamed=renamed) if edits else path
        options = export_options(self._settings, file.source, self._folder, renamed)
        export = ExportFile(path, file.path, file.source, file.file_id, options)
        connector = registry.load("sources", file.connector)
        parts = take_in(connector, [export], engine, folder, file.imported_at)
        found: dict[str, list[Part]] = defaultdict(list)
        for part in parts:
            found[part.table_name].append(part)
        return found

    def _replace(
        self,
        file: ImportedFile,
        before: Mapping[str, list[Part]],
        after: Mapping[str, list[Part]],
        engine: Engine,
    ) -> None:
        """Put what the edits changed in the place of what stood there, all at once."""
        fresh: dict[str, ImportPart] = {}
        for part in self._state.import_parts():
            if part.source != file.source:
                continue
            if part.table_name == "quarantine":
                changed = self._without_file(part, file, _rows(after.get("quarantine", [])))
            elif any(line["file_id"] == file.file_id for line in part.log):
                name = part.table_name
                changed = self._with_changes(
                    part, file, _rows(before.get(name, [])), after.get(name, []), engine
                )
            else:
                continue
            if changed is not part:
                fresh[part.part_id] = changed
        self._state.replace_parts(fresh, [], [])

    def _with_changes(
        self,
        part: ImportPart,
        file: ImportedFile,
        stood: pa.Table | None,
        stands: Sequence[Part],
        engine: Engine,
    ) -> ImportPart:
        now = _rows(stands)
        added, gone = _difference(now, stood, engine), _difference(stood, now, engine)
        log = tuple(
            _line(line, stands) if line["file_id"] == file.file_id else line for line in part.log
        )
        if not added and not gone and log == part.log:
            return part
        key = list(contract(part.table_name).key)
        keys = {tuple(row[name] for name in key) for row in (gone.to_pylist() if gone else [])}

        def is_gone(table: pa.Table) -> pa.Array:
            rows = table.select([*key, "file_id"]).to_pylist()
            return pa.array(
                [
                    row["file_id"] == file.file_id and tuple(row[name] for name in key) in keys
                    for row in rows
                ],
                pa.bool_(),
            )

        return replace(
            rewritten(part, is_gone if keys else None, added, store=self._store), log=log
        )

    def _without_file(
        self, part: ImportPart, file: ImportedFile, entries: pa.Table | None
    ) -> ImportPart:
        held = [pq.read_table(path) for path in self._store.absolute(part.files)]
        if not any(
            pc.any(pc.equal(table["file_id"], file.file_id)).as_py() for table in held if table
        ):
            return part
        return rewritten(
            part,
            lambda table: pc.equal(table["file_id"], file.file_id),
            entries,
            store=self._store,
        )


def _lines_aside(parts: Mapping[str, list[Part]]) -> frozenset[int]:
    entries = _rows(parts.get("quarantine", []))
    return frozenset(entries["line"].to_pylist()) if entries else frozenset()


def _rows(parts: Sequence[Part]) -> pa.Table | None:
    tables = [pq.read_table(path) for part in parts for path in part.files]
    return pa.concat_tables(tables) if tables else None


def _difference(of: pa.Table | None, without: pa.Table | None, engine: Engine) -> pa.Table | None:
    """The rows of one table that the other does not have just so; None when there are none."""
    if of is None:
        return None
    if without is None:
        return of
    tables = {"rows_here": engine.table(of), "rows_there": engine.table(without)}
    found = engine.query("SELECT * FROM rows_here EXCEPT SELECT * FROM rows_there", tables)
    return found.cast(of.schema) if found.num_rows else None


def _line(held: Mapping[str, Any], parts: Sequence[Part]) -> Mapping[str, Any]:
    """The log line of a file with its new counts; how it was read stays as it was told."""
    for line in (line for part in parts for line in part.log):
        if line.file_id == held["file_id"]:
            told = asdict(line)
            moments = {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in told.items()
            }
            return {**moments, "encoding": held.get("encoding", "")}
    return held
