"""Zip files below `exports/`: each file in one is an export of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from klantreis.runner.exports import Found, is_left_out
from klantreis.sources import largest_unpacked, members_of, unpack_member

__all__ = ["members", "unpacked"]

ENDING = ".zip"


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
