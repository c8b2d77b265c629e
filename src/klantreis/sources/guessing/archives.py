"""Files in a zip, unpacked without trusting it: names, sizes and paths are the sender's."""

from __future__ import annotations

import re
import shutil
import unicodedata
import zlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.guessing.samples import suffix_of
from klantreis.sources.reading.heads import EXCEL, JSON, PARQUET

__all__ = ["READABLE", "refuse_bomb", "safe_name", "unpack"]

TEXT = (".csv", ".txt", ".tsv")
READABLE = (*TEXT, *EXCEL, *JSON, *PARQUET)
FILES_AT_MOST = 100
UNSAFE = re.compile(r"[^\w .()+-]+")


def safe_name(name: str) -> str:
    """A file's name without folders, signs that mean something to a system, or a hidden start.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\export\\\\Klanten 2026.csv"), safe_name("..")
    ('passwd', 'Klanten 2026.csv', 'export')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    bare = UNSAFE.sub("_", unicodedata.normalize("NFC", last)).strip(" .~")
    return bare[-120:] or "export"


def refuse_bomb(path: Path, *, largest: int) -> None:
    """Refuse a zip, or a workbook, which is one, that grows beyond a size when it is unpacked.

    Args:
        largest: bytes of all files in it together.

    Raises:
        UnreadableFileError: it is damaged, has a password, or is too large.
    """
    if not is_zipfile(path):
        return
    members = _members(path)
    size = sum(member.file_size for member in members)
    if size > largest:
        raise _refused(path, f"{size:,} bytes when unpacked", f"at most {largest:,}")


def unpack(path: Path, folder: Path, *, largest: int) -> Sequence[Path]:
    """Unpack the files of a zip that can be exports into one folder.

    Raises:
        UnreadableFileError: it is damaged, has a password, is too large, or holds nothing to read.
    """
    refuse_bomb(path, largest=largest)
    found: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(path) as archive:
        for member in _members(path):
            name = safe_name(member.filename)
            if member.is_dir() or "__MACOSX" in member.filename or not _is_readable(name):
                continue
            target = folder / name
            if target in found:
                target = folder / f"{len(found)}-{name}"
            # A zip can lie about sizes; reading stops at what it says, and then its sum is wrong.
            try:
                with archive.open(member) as packed, target.open("wb") as file:
                    shutil.copyfileobj(packed, file)
            except (BadZipFile, zlib.error, RuntimeError, OSError, EOFError) as error:
                raise _refused(path, str(error), "a whole zip without a password") from error
            found.append(target)
    if not found:
        raise _refused(path, "no file that can be read", ", ".join(READABLE))
    return found


def _is_readable(name: str) -> bool:
    return suffix_of(Path(name)) in READABLE


def _members(path: Path) -> Sequence[ZipInfo]:
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
    except (BadZipFile, OSError, ValueError) as error:
        raise _refused(path, str(error), "a zip") from error
    if any(member.flag_bits & 1 for member in members):
        raise _refused(path, "a zip with a password", "a zip without one")
    if len(members) > FILES_AT_MOST and suffix_of(path) not in EXCEL:
        raise _refused(path, f"{len(members):,} files", f"at most {FILES_AT_MOST}")
    return members


def _refused(path: Path, got: str, allowed: str) -> UnreadableFileError:
    return UnreadableFileError(
        message("The zip is not taken in", where=path.name, got=got, allowed=allowed)
    )
