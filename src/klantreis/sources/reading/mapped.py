"""A connector that is nothing but a mapping: a folder with a TOML file, and a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from klantreis.engine import Engine
from klantreis.errors import ChangedColumnsError
from klantreis.sources.protocol import ExportFile, Reading
from klantreis.sources.reading.file_reading import read_by_mapping
from klantreis.sources.reading.mapping import FileMapping, SourceMapping
from klantreis.sources.reading.mapping_file import read_mapping
from klantreis.sources.reading.recognising import (
    as_laid_out,
    changed_columns,
    kind_of,
    likeness,
)

__all__ = ["MappedSource"]


class MappedSource:
    """A connector whose mapping ships with it.

    Args:
        name: as it is registered.
        file: the mapping; read when it is first needed.
    """

    def __init__(self, name: str, file: Path) -> None:
        self.name = name
        self._file = file

    @cached_property
    def mapping(self) -> SourceMapping:
        return read_mapping(self._file)

    @property
    def tables(self) -> tuple[str, ...]:
        kinds = self.mapping.files
        return tuple(dict.fromkeys(table.table.name for kind in kinds for table in kind.tables))

    def recognise(self, file: ExportFile) -> float:
        return likeness(file, self.mapping)

    def options(self, told: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """What the workspace may set, each with the words that it may be; none: any text."""
        return self.mapping.settable

    def changed(self, file: ExportFile) -> ChangedColumnsError | None:
        """Which columns a file lacks that its exports have; None where it is no export of it."""
        return changed_columns(file, self.mapping)

    def laid_out(self, file: ExportFile) -> FileMapping:
        """How a file of it is laid out."""
        return as_laid_out(kind_of(file, self.mapping), file)

    def read(self, files: Sequence[ExportFile], engine: Engine) -> Reading:
        return read_by_mapping(self.mapping, files, engine)
