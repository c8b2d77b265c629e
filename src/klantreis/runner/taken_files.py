"""The export files that were taken in, where they are now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from klantreis.runner.archives import members, unpacked
from klantreis.runner.exports import Found

__all__ = ["where_it_is"]


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
