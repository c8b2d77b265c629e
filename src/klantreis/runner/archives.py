"""Zip files below `exports/`: each file in one is an export of its own, and none is trusted."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from klantreis.errors import UnreadableFileError, message
from klantreis.runner.exports import Found, is_left_out
from klantreis.sources import largest_unpacked

__all__ = ["members", "unpacked"]

ENDING = ".zip"
MEMBERS_AT_MOST = 10_000
IS_ENCRYPTED = 0x1


def members(file: Found) -> Iterator[Found]:
    """The files in a zip file, or the file itself when it is none.

    Raises:
        UnreadableFileError: broken, locked with a password, or far larger than it looks.
    """
    if file.path.suffix.lower() != ENDING:
        yield file
        return
    entries = [entry for entry in _entries(file) if not entry.is_dir()]
    _refuse_bombs(file, entries)
    for entry in entries:
        parts = _safe_parts(entry.filename)
        if not parts or any(is_left_out(part) for part in parts):
            continue
        if entry.flag_bits & IS_ENCRYPTED:
            raise _unreadable(file, "a password", "a zip file without password")
        shown = "/".join((file.shown_path, *parts))
        yield replace(file, shown_path=shown, size_bytes=entry.file_size, member=entry.filename)


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
    path = own / _safe_parts(file.member)[-1]
    try:
        with (
            zipfile.ZipFile(file.path) as archive,
            archive.open(file.member) as packed,
            path.open("wb") as target,
        ):
            shutil.copyfileobj(packed, target)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise _unreadable(file, str(error), "a sound zip file") from error
    return replace(file, path=path)


def _entries(file: Found) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(file.path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise _unreadable(file, str(error), "a sound zip file") from error


def _refuse_bombs(file: Found, entries: list[zipfile.ZipInfo]) -> None:
    """Sizes in the directory of a zip file are believed, because no more is ever unpacked."""
    together = sum(entry.file_size for entry in entries)
    allowed = largest_unpacked(file.size_bytes)
    if len(entries) > MEMBERS_AT_MOST:
        raise _unreadable(file, f"{len(entries)} files", f"at most {MEMBERS_AT_MOST}")
    if together > allowed:
        raise _unreadable(file, f"{together} bytes out of {file.size_bytes}", f"at most {allowed}")


def _safe_parts(name: str) -> tuple[str, ...]:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return tuple(part for part in parts if part not in ("/", "..", "."))


def _unreadable(file: Found, got: str, allowed: str) -> UnreadableFileError:
    return UnreadableFileError(
        message(
            "The zip file cannot be read",
            where=file.shown_path,
            got=got,
            allowed=allowed,
            next_step="export it again, or unpack it here",
        )
    )
