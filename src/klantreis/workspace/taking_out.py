"""Takes a customer out of exports, of what imports wrote, and of every other file of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from klantreis.channels import OUTBOX_LOCK
from klantreis.runner import Store
from klantreis.runner.exports import Found, content_id, find_exports
from klantreis.state import ImportedFile, ImportPart, State
from klantreis.workspace.collecting import Collecting
from klantreis.workspace.needles import OURS, Needles
from klantreis.workspace.rewriting import is_their_object, rewritten
from klantreis.workspace.their_rows import rows_with_identifier, rows_with_key, without_rows

__all__ = ["TakingOut"]

# What is taken care of row by row, is dropped as a whole, or is the note of the erasure itself.
NOT_REWRITTEN = ("tables", "parts", "spill", "profiles", "lookup", "erasing")


class TakingOut:
    """Rewrites files without the rows of a customer; each file is the old or the new one, never half.

    Args:
        folder: the workspace.
        state: what was imported.
        store: where the files of imports are.
        collecting: events that were collected.
    """

    def __init__(self, folder: Path, state: State, store: Store, collecting: Collecting) -> None:
        self._folder, self._state, self._store = folder, state, store
        self._collecting = collecting

    def everywhere(self, needles: Needles) -> tuple[tuple[str, ...], int]:
        """Rewrite all that holds rows of a customer; may be done again after it was broken off.

        Returns:
            Files that were rewritten, and how many parts of imports.
        """
        exports, files = self._exports(needles)
        others = self.other_files(needles)
        parts = self._parts(needles)
        self._state.replace_parts(parts, files, self._no_longer_there(exports))
        return (*exports, *others), len(parts)

    def of_imports(self, needles: Needles) -> None:
        """Rewrite only what imports wrote."""
        self._state.replace_parts(self._parts(needles), [], [])

    def _parts(self, needles: Needles) -> dict[str, ImportPart]:
        return {
            part.part_id: without
            for part in self._state.import_parts()
            if (without := self._part_without(part, needles)) is not part
        }

    def other_files(self, needles: Needles) -> tuple[str, ...]:
        """Rewrite what is neither an export, nor a table, nor the state; collected events too."""
        self._collecting.erase(partial(_is_their_event, needles))
        outbox = self._store.folder / "outbox"
        with ExitStack() as stack:
            if outbox.exists():
                # Nothing is added meanwhile: a line that came between would be lost.
                stack.enter_context(FileLock(outbox / OUTBOX_LOCK))
            return tuple(
                path.relative_to(self._folder).as_posix()
                for path in self._others()
                if rewritten(path, OURS if self._store.folder in path.parents else "", needles)
            )

    def _exports(self, needles: Needles) -> tuple[list[str], list[ImportedFile]]:
        """Rewrite the exports; those that were taken in as they stood are known as they stand now."""
        exports, files = [], []
        held = {
            (one.path, one.size_bytes, one.changed_at): one for one in self._state.imported_files()
        }
        for found in find_exports(self._folder):
            if not rewritten(found.path, found.source, needles):
                continue
            exports.append(found.shown_path)
            known = held.get((found.shown_path, found.size_bytes, found.changed_at))
            if known:
                files.append(_as_it_stands(known, found))
        return exports, files

    def _no_longer_there(self, rewritten_paths: list[str]) -> list[ImportedFile]:
        """What was read earlier may come again under any name: then it must be read, to be refused."""
        gone = []
        for one in self._state.imported_files():
            path = self._folder / one.path
            if one.path in rewritten_paths or not path.exists():
                gone.append(one)
                continue
            facts = path.stat()
            is_same = (facts.st_size, facts.st_mtime) == (one.size_bytes, one.changed_at)
            if not is_same and content_id(path) != one.file_id:
                gone.append(one)
        return gone

    def _part_without(self, part: ImportPart, needles: Needles) -> ImportPart:
        """The part without the customer's rows; the very part when it holds none."""
        files, rows, is_changed = [], 0, False
        for name in part.files:
            held = self._store.folder / name
            table = pq.read_table(held)
            kept = _rows_kept(table, needles)
            rows += kept.num_rows
            if kept is table:
                files.append(name)
                continue
            is_changed = True
            if kept.num_rows:
                target = held.with_name(f"{uuid4().hex[:12]}.parquet")
                pq.write_table(kept, target, compression="zstd")
                files.append(target.relative_to(self._store.folder).as_posix())
        if not is_changed:
            return part
        part_id = f"{part.part_id[:27]}-{uuid4().hex[:12]}"
        return replace(part, part_id=part_id, files=tuple(files), rows=rows)

    def _others(self) -> Iterator[Path]:
        exports = {found.path for found in find_exports(self._folder)}
        for path in sorted(self._folder.rglob("*")):
            if path.is_file() and path not in exports and not self._is_not_rewritten(path):
                yield path

    def _is_not_rewritten(self, path: Path) -> bool:
        if not path.is_relative_to(self._store.folder):
            return False
        top = path.relative_to(self._store.folder).parts[0]
        return top in NOT_REWRITTEN or ".sqlite" in top or path.suffix == ".lock"


def _as_it_stands(known: ImportedFile, found: Found) -> ImportedFile:
    facts = found.path.stat()
    return replace(
        known,
        size_bytes=facts.st_size,
        changed_at=facts.st_mtime,
        file_id=content_id(found.path),
    )


def _is_their_event(needles: Needles, source: str, line: bytes) -> bool:
    return is_their_object(line, source, needles)


def _rows_kept(table: pa.Table, needles: Needles) -> pa.Table:
    """The rows of a part that stay; the very table when all do."""
    return without_rows(
        table,
        rows_with_key(table, "person_id", needles.persons),
        rows_with_key(table, "order_id", needles.orders),
        rows_with_identifier(table, needles),
    )
