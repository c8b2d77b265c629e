"""What the state database tells, as plain facts that carry no connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["ImportPart", "ImportedFile", "Published", "TableVersion"]


@dataclass(frozen=True)
class ImportedFile:
    """A file that was taken in.

    Attributes:
        path: relative to the workspace.
        changed_at: the file system's time of change, seconds since 1970; with the size it tells
            without reading whether a file is still the one that was taken in.
        reading: fingerprint of how its source was read then; empty where that is not known.
        read_again_at: when it was last read again (UTC); None when it never was.
        read_again_why: code of why it was; empty when it never was.
    """

    source: str
    file_id: str
    path: str
    size_bytes: int
    changed_at: float
    connector: str
    imported_at: datetime
    reading: str = ""
    read_again_at: datetime | None = None
    read_again_why: str = ""


@dataclass(frozen=True)
class ImportPart:
    """What one import wrote for one table.

    Attributes:
        files: Parquet files, relative to the workspace's store.
        log: the rows of table `imports` that belong to it, one for each file read.
        place: the how manieth part of its import it is; later ones hold files that come later.
        is_checked: whether nobody who was erased is in it, or they were taken out again.
    """

    part_id: str
    source: str
    table_name: str
    files: tuple[str, ...]
    rows: int
    first_at: datetime | None
    last_at: datetime | None
    imported_at: datetime
    log: tuple[Mapping[str, Any], ...] = ()
    place: int = 0
    is_checked: bool = False


@dataclass(frozen=True)
class TableVersion:
    """One immutable version of a table at rest; files are relative to the workspace's store."""

    version_id: str
    table_name: str
    fingerprint: str
    files: tuple[str, ...]
    rows: int
    seconds: float
    created_at: datetime


@dataclass(frozen=True)
class Published:
    """A consistent set of table versions: what every page, command and notebook sees."""

    publication_id: int
    published_at: datetime
    as_of: datetime
    tables: Mapping[str, TableVersion] = field(default_factory=dict)
