"""Which export files there are, and which of them are new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from klantreis.settings import Settings
from klantreis.sources import ExportFile
from klantreis.state import ImportedFile

__all__ = ["Found", "content_id", "export_options", "find_exports", "is_left_out", "new_files"]

LEFT_OUT = (
    ".",
    "~$",
    "Thumbs.db",
    "__MACOSX",
)  # hidden, and what office programs and systems leave behind


@dataclass(frozen=True)
class Found:
    """A file below `exports/`, as the file system tells of it.

    Attributes:
        member: of a zip file: which file in it; `path` is the zip file until it is unpacked.
    """

    path: Path
    shown_path: str
    source: str
    size_bytes: int
    changed_at: float
    member: str = ""


def is_left_out(name: str) -> bool:
    """Whether a file or folder is none of ours."""
    return name.startswith(LEFT_OUT)


def find_exports(folder: Path) -> Iterator[Found]:
    """All files in the source folders below `exports/`, in a fixed order."""
    exports = folder / "exports"
    for path in sorted(exports.rglob("*")):
        inside = path.relative_to(exports).parts
        if len(inside) < 2 or any(map(is_left_out, inside)) or path.is_dir():
            continue
        facts = path.stat()
        shown = path.relative_to(folder).as_posix()
        yield Found(path, shown, inside[0], facts.st_size, facts.st_mtime)


def new_files(
    found: Iterable[Found],
    taken: Iterable[ImportedFile],
    settings: Settings,
    folder: Path,
    renamed: Mapping[str, Mapping[str, str]],
    unpack: Callable[[Found], Found | None] = lambda file: file,
) -> Iterator[tuple[Found, ExportFile]]:
    """Those files whose content was not taken in for their source before.

    A file of the same path, size and time of change is not read again to find that out.

    Args:
        renamed: by source, what its columns are called now.
        unpack: takes a file out of its zip file, which is only done for what seems new; None
            where that cannot be done.
    """
    taken = tuple(taken)
    known_content = {(file.source, file.file_id) for file in taken}
    known_facts = {(file.path, file.size_bytes, file.changed_at) for file in taken}
    for file in found:
        if (file.shown_path, file.size_bytes, file.changed_at) in known_facts:
            continue
        opened = unpack(file)
        if opened is None:
            continue
        file_id = content_id(opened.path)
        if (file.source, file_id) in known_content:
            continue
        known_content.add((file.source, file_id))
        options = export_options(settings, file.source, folder, renamed.get(file.source, {}))
        yield opened, ExportFile(opened.path, file.shown_path, file.source, file_id, options)


def content_id(path: Path) -> str:
    """SHA-256 of a file's content, first 16 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def export_options(
    settings: Settings, source: str, folder: Path, renamed: Mapping[str, str]
) -> Mapping[str, object]:
    """What a source's connector is told: the settings of its folder, time zone and workspace."""
    own = settings.sources.get(source)
    own_options = own.options if own else {}
    return {
        "time_zone": settings.time_zone,
        "folder": folder,
        "renamed": renamed,
        **({"mapping": own.mapping} if own and own.mapping else {}),
        **{name: value for name, value in own_options.items() if name != "renamed"},
    }
