"""The export files that were taken in: where they are now, and under which number their rows are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from klantreis.runner.archives import members, unpacked
from klantreis.runner.exports import Found
from klantreis.state import ImportedFile, ImportPart

__all__ = ["Key", "held_as", "is_there", "where_it_is"]

Key = tuple[str, str]  # of a file: its source and what its content is known by


def held_as(files: Iterable[ImportedFile], parts: Iterable[ImportPart]) -> Mapping[Key, str]:
    """Under which `file_id` the rows of each file are.

    That is its own, save where somebody was erased from the file since: then its content is
    another, while what was read of it is still known by the content of before.
    """
    lines = [(part.source, line) for part in parts for line in part.log]
    ids = {(source, str(line["file_id"])) for source, line in lines}
    before = {
        (s, line["path"], str(line["imported_at"])): str(line["file_id"]) for s, line in lines
    }
    return {
        (one.source, one.file_id): one.file_id
        if (one.source, one.file_id) in ids
        else before.get((one.source, one.path, one.imported_at.isoformat()), one.file_id)
        for one in files
    }


def is_there(folder: Path, shown_path: str) -> bool:
    """Whether a file, or the zip file that it was taken in from, is there under its name."""
    path = folder / shown_path
    return path.is_file() or any(one.is_file() for one in path.parents)


def where_it_is(folder: Path, shown_path: str, source: str, unpack_to: Path) -> Iterator[Path]:
    """Where a file that was taken in is now: itself, or what a zip file has under its name.

    Args:
        folder: the workspace.
        shown_path: of the file, relative to the workspace.
        source: its source folder.
        unpack_to: a folder for a file out of a zip file.
    """
    path = folder / shown_path
    if path.is_file():
        yield path
        return
    zipped = next((one for one in path.parents if one.is_file()), None)
    if zipped is None:
        return
    facts, shown = zipped.stat(), zipped.relative_to(folder).as_posix()
    whole = Found(zipped, shown, source, facts.st_size, facts.st_mtime)
    for member in members(whole):
        if member.shown_path == shown_path:
            yield unpacked(member, unpack_to).path
