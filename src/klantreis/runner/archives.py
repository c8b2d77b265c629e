"""Zip files below `exports/`: each file in one is an export of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from zipfile import ZipFile

from klantreis.errors import InputError
from klantreis.runner.exports import Found, find_exports, is_left_out
from klantreis.sources import largest_unpacked, members_of, unpack_member

__all__ = ["all_files", "content_of", "members", "unpacked"]

ENDING = ".zip"
PIECE = 2**20


def members(file: Found) -> Iterator[Found]:
    """The files in a zip file, or the file itself when it is none.

    Raises:
        UnreadableFileError: broken, locked with a password, or far larger than it looks.
    """
    if file.path.suffix.lower() != ENDING:
        yield file
        return
    largest = largest_unpacked(file.size_bytes)
    for one in members_of(file.path, largest=largest, shown_path=file.shown_path):
        if not any(is_left_out(part) for part in one.parts):
            shown = "/".join((file.shown_path, *one.parts))
            yield replace(file, shown_path=shown, size_bytes=one.size_bytes, member=one.name)


def unpacked(file: Found, folder: Path) -> Found:
    """A file out of its zip file; of any other file itself.

    Args:
        folder: where to put it, under a name that cannot lead elsewhere.

    Raises:
        UnreadableFileError: its content is damaged.
    """
    if not file.member:
        return file
    own = folder / hashlib.sha256(file.shown_path.encode()).hexdigest()[:16]
    own.mkdir(parents=True, exist_ok=True)
    path = own / file.shown_path.rsplit("/", 1)[-1]
    unpack_member(file.path, file.member, path, shown_path=file.shown_path)
    return replace(file, path=path)


def all_files(folder: Path) -> Iterator[Found]:
    """All exports, those in zip files one by one; a zip file that cannot be read as itself."""
    for found in find_exports(folder):
        try:
            yield from tuple(members(found))
        except InputError:
            yield found


def content_of(file: Found) -> str:
    """What the content of a file is known by (as `content_id`), also in its zip file.

    It is read once as long as the file stays as it is; empty when it cannot be read.
    """
    return _content(str(file.path), file.member, file.size_bytes, file.changed_at)


@lru_cache(maxsize=10_000)
def _content(path: str, member: str, size_bytes: int, changed_at: float) -> str:
    digest = hashlib.sha256()
    try:
        with ZipFile(path).open(member) if member else Path(path).open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except Exception:  # damaged in whatever way: an import says how
        return ""
    return digest.hexdigest()[:16]
