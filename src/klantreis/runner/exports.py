"""Which export files there are, and which of them are new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from klantreis.runner.readings import Readings
from klantreis.settings import Settings
from klantreis.sources import ExportFile
from klantreis.state import ImportedFile

__all__ = [
    "Found",
    "content_id",
    "export_options",
    "find_exports",
    "is_left_out",
    "new_files",
]

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
    """Those files whose content was not taken in for their source before, or was read otherwise.

    A file of the same path, size and time of change is not read again to find that out.

    Args:
        renamed: by source, what its columns are called now.
        unpack: takes a file out of its zip file, which is only done for what seems new; None
            where that cannot be done.
    """
    by_content = {(file.source, file.file_id): file for file in taken}
    by_facts = {(one.path, one.size_bytes, one.changed_at): one for one in by_content.values()}
    readings = Readings(settings, folder)
    seen = set()

    def is_as_read(known: ImportedFile | None) -> bool:
        return known is not None and not readings.why_again(known.source, known.reading)

    for file in found:
        if is_as_read(by_facts.get((file.shown_path, file.size_bytes, file.changed_at))):
            continue
        opened = unpack(file)
        if opened is None:
            continue
        key = (file.source, content_id(opened.path))
        if key in seen or is_as_read(by_content.get(key)):
            continue
        seen.add(key)
        options = export_options(settings, file.source, folder, renamed.get(file.source, {}))
        yield opened, ExportFile(opened.path, file.shown_path, file.source, key[1], options)


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
