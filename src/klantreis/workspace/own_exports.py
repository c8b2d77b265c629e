"""Which source of the workspace a file is another export of, where a mapping of its own reads that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from klantreis import registry
from klantreis.errors import ChangedColumnsError, InputError
from klantreis.runner.exports import content_id, export_options
from klantreis.settings import Settings
from klantreis.sources import READABLE, ExportFile, sample_of

__all__ = ["OwnExport", "own_export", "reads_earlier"]

# A mapping may ask for a column or two that many files have: these parts of the columns of the
# newest export, and of the file, must be the same ones.
STILL_THERE, NOT_NEW = 0.6, 0.5


@dataclass(frozen=True)
class OwnExport:
    """A source with a mapping of its own whose exports look like a file.

    Attributes:
        source: folder below `exports/`.
        error: which columns the file lacks of those that the mapping names; None when of none.
        alike: part of the columns of its newest export that the file has.
    """

    source: str
    error: ChangedColumnsError | None
    alike: float


def own_export(
    path: Path, folder: Path, settings: Settings, renamed: Mapping[str, Mapping[str, str]]
) -> OwnExport | None:
    """The source of which a file is most likely another export, as that of the next month.

    Args:
        path: of the file.
        folder: the workspace.
        renamed: by source, what its columns are called now.
    """
    found = []
    for source, own in settings.sources.items():
        earlier = _newest(folder / "exports" / source)
        if not own.mapping or earlier is None:
            continue
        options = export_options(settings, source, folder, renamed.get(source, {}))
        file = ExportFile(path, path.name, source, content_id(path), options)
        try:
            error = _lacks(file)
            alike = _alike(path, earlier)
        except InputError:
            continue  # of another kind, or the mapping or the earlier file cannot be read
        if alike:
            found.append(OwnExport(source, error, alike))
    return min(found, key=lambda one: (one.error is not None, -one.alike), default=None)


def reads_earlier(mapping: Path, folder: Path, settings: Settings, source: str) -> bool:
    """Whether a mapping still reads the newest export that a source has."""
    earlier = _newest(folder / "exports" / source)
    if earlier is None:
        return True
    options = {**export_options(settings, source, folder, {}), "mapping": str(mapping)}
    file = ExportFile(earlier, earlier.name, source, content_id(earlier), options)
    try:
        return _lacks(file) is None
    except InputError:
        return False


def _lacks(file: ExportFile) -> ChangedColumnsError | None:
    try:
        registry.load("sources", "mapping").laid_out(file)
    except ChangedColumnsError as error:
        return error
    return None


def _alike(path: Path, earlier: Path) -> float:
    """The part of an earlier file's columns that another one has; 0 where it is rather another."""
    there = {name.casefold() for name in sample_of(path).columns}
    before = {name.casefold() for name in sample_of(earlier).columns}
    same = len(there & before)
    is_alike = same >= STILL_THERE * len(before) and same >= NOT_NEW * len(there)
    return same / len(before) if before and is_alike else 0.0


def _newest(folder: Path) -> Path | None:
    if not folder.is_dir():
        return None
    files = [one for one in folder.iterdir() if one.is_file() and one.suffix.lower() in READABLE]
    return max(files, key=lambda one: one.stat().st_mtime_ns, default=None)
