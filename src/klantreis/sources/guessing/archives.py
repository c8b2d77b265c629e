"""Files that people bring: which of a zip file can be exports, under names that are safe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.archives import members_of, unpack_member
from klantreis.sources.guessing.samples import suffix_of
from klantreis.sources.reading.heads import EXCEL, JSON, PARQUET

__all__ = ["READABLE", "safe_name", "unpack"]

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


def unpack(path: Path, folder: Path, *, largest: int) -> Sequence[Path]:
    """Unpack the files of a zip that can be exports into one folder.

    Raises:
        UnreadableFileError: it is damaged, has a password, is too large, or holds nothing to read.
    """
    found: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    for member in members_of(path, largest=largest, most=FILES_AT_MOST):
        name = safe_name(member.parts[-1])
        if "__MACOSX" in member.parts or suffix_of(Path(name)) not in READABLE:
            continue
        target = folder / name
        if target in found:
            target = folder / f"{len(found)}-{name}"
        unpack_member(path, member.name, target)
        found.append(target)
    if not found:
        raise UnreadableFileError(
            message(
                "The zip file cannot be read",
                where=path.name,
                got="no file that can be read",
                allowed=", ".join(READABLE),
            )
        )
    return found
