"""Mapping: any CSV, Excel, JSON or Parquet file, by a TOML file of the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from klantreis.engine import Engine
from klantreis.errors import SettingsError, message
from klantreis.sources.protocol import ExportFile, Reading
from klantreis.sources.reading import read_by_mapping, read_mapping
from klantreis.sources.reading.contacts import with_contacts
from klantreis.sources.reading.mapping import FileMapping, SourceMapping
from klantreis.sources.reading.recognising import as_laid_out, kind_of
from klantreis.tables import SOURCE_TABLES

__all__ = ["MappingSource", "source"]


class MappingSource:
    """A connector whose mapping the workspace brings: `[sources.<folder>] mapping = "..."`."""

    name = "mapping"
    tables = tuple(table for table in SOURCE_TABLES if table not in ("quarantine", "imports"))

    def recognise(self, file: ExportFile) -> float:
        """Never by itself: a mapping is chosen."""
        return 0.0

    def options(self, told: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """What `[options]` of the mapping names.

        Raises:
            SettingsError: it cannot be read.
        """
        return _read(told).settable

    def laid_out(self, file: ExportFile) -> FileMapping:
        """How a file of it is laid out."""
        return as_laid_out(kind_of(file, _mapping_of(file)), file)

    def read(self, files: Sequence[ExportFile], engine: Engine) -> Reading:
        return read_by_mapping(_mapping_of(files[0]), files, engine)


def _mapping_of(file: ExportFile) -> SourceMapping:
    named = file.options.get("mapping")
    if not named:
        raise SettingsError(
            message(
                "The mapping connector needs a mapping",
                where=f"[sources.{file.source}] of klantreis.toml",
                got="none",
                allowed='mapping = "mappings/NAME.toml"',
                next_step="see docs/sources/mapping.md",
            )
        )
    return _read(file.options)


def _read(options: Mapping[str, Any]) -> SourceMapping:
    path = Path(str(options.get("folder", "."))) / str(options["mapping"])
    return _read_once(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=64)
def _read_once(path: Path, changed: int) -> SourceMapping:
    return with_contacts(read_mapping(path))


source = MappingSource()
