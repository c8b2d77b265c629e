"""Zip files, read without trusting them: names, sizes and paths in them are the sender's."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, LargeZipFile, ZipFile, is_zipfile

from klantreis.errors import UnreadableFileError, message

__all__ = ["Member", "members_of", "refuse_bomb", "unpack_member"]

MEMBERS_AT_MOST = 10_000
IS_ENCRYPTED = 0x1
BROKEN = (BadZipFile, LargeZipFile, zlib.error, OSError, EOFError, ValueError)


@dataclass(frozen=True)
class Member:
    """A file in a zip file.

    Attributes:
        name: as the zip file has it.
        parts: the folders and the name that it comes to when nothing leads elsewhere.
        size_bytes: unpacked, as the zip file says; no more is ever unpacked.
    """

    name: str
    parts: tuple[str, ...]
    size_bytes: int


def members_of(
    path: Path, *, largest: int, shown_path: str = "", most: int = MEMBERS_AT_MOST
) -> Sequence[Member]:
    """The files in a zip file, before any of it is unpacked.

    Args:
        largest: bytes of all files in it together.
        shown_path: what messages call it; empty for its name.
        most: how many files and folders it may hold.

    Raises:
        UnreadableFileError: broken, locked with a password, or far larger than it looks.
    """
    shown = shown_path or path.name
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except (*BROKEN, RuntimeError, NotImplementedError) as error:
        raise _unreadable(shown, str(error), "a sound zip file") from error
    if len(entries) > most:
        raise _unreadable(shown, f"{len(entries):,} files", f"at most {most:,} files")
    together = sum(entry.file_size for entry in entries)
    if together > largest:
        raise _unreadable(shown, f"{together:,} bytes when unpacked", f"at most {largest:,} bytes")
    if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
        raise _unreadable(shown, "a password", "a zip file without password")
    files = (entry for entry in entries if not entry.is_dir())
    found = (Member(one.filename, _safe_parts(one.filename), one.file_size) for one in files)
    safe = [one for one in found if one.parts]
    if not safe:
        raise _unreadable(shown, "no file", "a zip file with exports")
    return safe


def unpack_member(path: Path, name: str, target: Path, *, shown_path: str = "") -> None:
    """Write one file of a zip file somewhere.

    A zip file can lie about sizes: reading stops at what it says, and then its sum is wrong.

    Args:
        name: as the zip file has it.
        target: where it goes; chosen by the caller, never by the zip file.
        shown_path: what messages call the zip file; empty for its name.

    Raises:
        UnreadableFileError: its content is damaged.
    """
    try:
        with ZipFile(path) as archive, archive.open(name) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)
    except (*BROKEN, RuntimeError, NotImplementedError, KeyError) as error:
        raise _unreadable(shown_path or path.name, str(error), "a sound zip file") from error


def refuse_bomb(path: Path, *, largest: int) -> None:
    """Refuse a file that is packed as a zip file, as workbooks are, and grows beyond a size.

    Raises:
        UnreadableFileError: it is damaged, has a password, or is too large.
    """
    if is_zipfile(path):
        members_of(path, largest=largest)


def _safe_parts(name: str) -> tuple[str, ...]:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return tuple(part for part in parts if part not in ("/", "..", "."))


def _unreadable(shown_path: str, got: str, allowed: str) -> UnreadableFileError:
    return UnreadableFileError(
        message(
            "The zip file cannot be read",
            where=shown_path,
            got=got,
            allowed=allowed,
            next_step="export it again, or unpack it yourself",
        )
    )
