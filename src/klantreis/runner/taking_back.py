"""Takes back what a file gave that should not have been taken in."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from klantreis.errors import InputError, message
from klantreis.runner.archives import all_files, content_of, members
from klantreis.runner.exports import Found
from klantreis.runner.readings import BESIDE
from klantreis.runner.rewriting import without_files
from klantreis.runner.store import Store
from klantreis.runner.taken_files import Key, held_as, is_there
from klantreis.state import ImportedFile, ImportPart, State

__all__ = ["ASIDE", "TakenBack", "copies_of", "is_alone", "put_aside_before", "take_back"]

ASIDE = "taken-back"  # the folder beside exports/ that files go to


@dataclass(frozen=True)
class TakenBack:
    """What went with a file.

    Attributes:
        rows: of all tables, also those in quarantine.
        beside: other files that were read together with it; the next import reads them again, since
            a record that both told of was kept as the file had it.
        moved: where the file was put, relative to the workspace; empty when it was not there.
    """

    rows: int
    beside: int
    moved: str = ""


def take_back(
    folder: Path,
    shown_path: str,
    *,
    state: State,
    store: Store,
    file_id: str = "",
    to_aside: bool = False,
) -> TakenBack:
    """Take the rows of a file out of what imports wrote, and forget that it was ever taken in.

    Args:
        folder: the workspace.
        shown_path: the file, relative to the workspace, as the table `imports` names it.
        file_id: only what is known by it in the table `imports`; by default everything that had
            this name.
        to_aside: put the file, when it is still there, in the folder `taken-back`.

    Raises:
        InputError: it was never taken in, or it is still there and would be taken in again.
        WorkspaceBusyError: another import or run is at work.
    """
    with store.writing():
        parts, files = state.import_parts(), state.imported_files()
        held = held_as(files, parts)
        ids = {
            (part.source, str(line["file_id"]))
            for part in parts
            for line in part.log
            if line["path"] == shown_path and file_id in ("", line["file_id"])
        }
        own = [
            one
            for one in files
            if (one.source, held[one.source, one.file_id]) in ids
            or (not file_id and one.path == shown_path)
        ]
        if not ids and not own:
            raise _unknown(shown_path, files)
        there = list(copies_of(folder, own))
        _refuse_what_stays(there, to_aside)
        moved = [_put_aside(folder, found.path) for found in there]
        changed, beside, rows = _without(ids, parts, store)
        others = [
            replace(one, reading=BESIDE)
            for one in files
            if (one.source, held[one.source, one.file_id]) in beside and is_there(folder, one.path)
        ]
        state.replace_parts(changed, others, own)
    return TakenBack(rows, len(others), moved[0] if moved else "")


def copies_of(folder: Path, files: Iterable[ImportedFile]) -> Iterator[Found]:
    """Where these contents are now below `exports/`, also under other names and in zip files."""
    wanted: dict[tuple[str, int], set[str]] = defaultdict(set)
    for one in files:
        wanted[one.source, one.size_bytes].add(one.file_id)
    for found in all_files(folder):
        ids = wanted.get((found.source, found.size_bytes))
        if ids and content_of(found) in ids:
            yield found


def put_aside_before(folder: Path, moment: datetime) -> list[Path]:
    """The files that were put in the folder `taken-back` before a moment (naive UTC)."""
    files = (path for path in sorted((folder / ASIDE).rglob("*")) if path.is_file())
    return [
        file
        for file in files
        if datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(tzinfo=None) < moment
    ]


def is_alone(file: Found) -> bool:
    """Whether a file can be taken away by itself: it is in no zip file with others."""
    return not file.member or len(tuple(members(replace(file, member="")))) == 1


def _without(
    ids: set[Key], parts: Iterable[ImportPart], store: Store
) -> tuple[dict[str, ImportPart | None], set[Key], int]:
    """The parts without these files, the files that were read together with them, and rows that go."""
    changed: dict[str, ImportPart | None] = {}
    beside: set[Key] = set()
    rows = 0
    for part in parts:
        gone = {file_id for source, file_id in ids if source == part.source}
        rest = without_files(part, gone, store=store) if gone else part
        if rest is part:
            continue
        changed[part.part_id] = rest
        rows += part.rows - (rest.rows if rest else 0)
        beside |= {(part.source, str(line["file_id"])) for line in part.log} - ids
    return changed, beside, rows


def _put_aside(folder: Path, path: Path) -> str:
    target = folder / ASIDE / path.relative_to(folder / "exports")
    named = (target.with_stem(f"{target.stem}-{number}") for number in count(2))
    while target.exists():
        target = next(named)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)
    # Retention counts from now, not from when the export was made.
    target.touch()
    return target.relative_to(folder).as_posix()


def _unknown(shown_path: str, files: Iterable[ImportedFile]) -> InputError:
    known = sorted({file.path for file in files})
    return InputError(
        message(
            "The file was not taken in",
            got=shown_path,
            allowed=", ".join(known[:5]) + (" ..." if len(known) > 5 else ""),
            next_step="klantreis files DIR lists them all",
        )
    )


def _refuse_what_stays(there: list[Found], to_aside: bool) -> None:
    zipped = [one for one in there if not is_alone(one)]
    if zipped:
        raise InputError(
            message(
                "The file is still there in a zip file, and would be taken in again",
                where=zipped[0].shown_path,
                next_step="take it out of the zip file, or the zip file out of exports/ first",
            )
        )
    if there and not to_aside:
        raise InputError(
            message(
                "The file is still there, and would be taken in again",
                where=there[0].shown_path,
                next_step="move it out of exports/ first",
            )
        )
