"""What a source connector is: it recognises a system's export files and reads them into tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import ibis.expr.types as ir

from klantreis.engine import Engine

__all__ = ["ExportFile", "Facts", "Reading", "Source"]


@dataclass(frozen=True)
class ExportFile:
    """One file of a source.

    Attributes:
        path: where it is.
        shown_path: relative to the workspace, as messages and the quarantine show it.
        source: name of the source folder; prefixes every id that is only unique within it.
        file_id: SHA-256 of the content, first 16 hexadecimal digits.
        options: what the workspace's settings say of this source, `time_zone` and `folder` (the
            workspace's path, for mapping files) always among them.
    """

    path: Path
    shown_path: str
    source: str
    file_id: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What was recognised about a file, for the import log."""

    encoding: str = ""
    separator: str = ""
    decimal_sign: str = ""
    time_zone: str = ""


@dataclass(frozen=True)
class Reading:
    """What came out of one file.

    Attributes:
        tables: by name of the contract; the importer conforms, removes doubles and writes them.
        rejected: one row for each value or record that was put aside, with columns `line` (int64),
            `column`, `reason`, `found`, `allowed`, `row` (strings) and `table_name`; None: nothing.
        rows_read: records found in the file, by table.
        facts: for the import log.
    """

    tables: Mapping[str, ir.Table]
    rejected: ir.Table | None
    rows_read: Mapping[str, int]
    facts: Facts = Facts()


@runtime_checkable
class Source(Protocol):
    """A connector: one folder in `sources/`, registered in the group `klantreis.sources`."""

    name: str
    tables: tuple[str, ...]

    def recognise(self, file: ExportFile) -> float:
        """How sure it is, from 0 to 1, that the file is one of its exports."""
        ...

    def read(self, file: ExportFile, engine: Engine) -> Reading:
        """Read one file.

        Raises:
            UnreadableFileError: the file as a whole cannot be read.
        """
        ...
