"""Takes back what a file gave that should not have been taken in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from klantreis.errors import InputError, message
from klantreis.runner.rewriting import without_files
from klantreis.runner.store import Store
from klantreis.state import ImportedFile, ImportPart, State

__all__ = ["TakenBack", "take_back"]

TO_BE_READ = "again"  # as no source is read, so that the next import reads the file again


@dataclass(frozen=True)
class TakenBack:
    """What went with a file.

    Attributes:
        rows: of all tables, also those in quarantine.
        beside: other files that were read together with it; the next import reads them again, since
            a record that both told of was kept as the file had it.
    """

    rows: int
    beside: int


def take_back(folder: Path, shown_path: str, *, state: State, store: Store) -> TakenBack:
    """Take the rows of a file out of what imports wrote, and forget that it was ever taken in.

    Args:
        folder: the workspace.
        shown_path: the file, relative to the workspace, as the table `imports` names it.

    Raises:
        InputError: it was never taken in, or it is still there and would be taken in again.
        WorkspaceBusyError: another import or run is at work.
    """
    with store.writing():
        own = [file for file in state.imported_files() if file.path == shown_path]
        _refuse(folder, shown_path, own, state)
        changed: dict[str, ImportPart | None] = {}
        beside: set[tuple[str, str]] = set()
        rows = 0
        for source in {file.source for file in own}:
            ids = frozenset(file.file_id for file in own if file.source == source)
            for part in state.import_parts():
                if part.source != source:
                    continue
                rest = without_files(part, ids, store=store)
                if rest is part:
                    continue
                changed[part.part_id] = rest
                rows += part.rows - (rest.rows if rest else 0)
                beside |= {(source, line["file_id"]) for line in part.log} - {
                    (source, one) for one in ids
                }
        others = [
            replace(file, reading=TO_BE_READ)
            for file in state.imported_files()
            if (file.source, file.file_id) in beside and (folder / file.path).exists()
        ]
        state.replace_parts(changed, others, own)
    return TakenBack(rows, len(others))


def _refuse(folder: Path, shown_path: str, own: list[ImportedFile], state: State) -> None:
    if not own:
        known = sorted({file.path for file in state.imported_files()})
        raise InputError(
            message(
                "The file was not taken in",
                got=shown_path,
                allowed=", ".join(known[:5]) + (" ..." if len(known) > 5 else ""),
                next_step='klantreis query DIR "select distinct path from imports" lists them all',
            )
        )
    if (folder / shown_path).exists():
        raise InputError(
            message(
                "The file is still there, and would be taken in again",
                where=shown_path,
                next_step="move it out of exports/ first",
            )
        )
