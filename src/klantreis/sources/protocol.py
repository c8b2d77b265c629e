"""What a source connector is: it recognises a system's export files and reads them into tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine

__all__ = ["ANY_VALUE", "REJECTED", "ExportFile", "Facts", "Reading", "Source"]

ANY_VALUE = "*"  # what is allowed where anything is, as long as something stands there

REJECTED = pa.schema(
    {
        "file_id": pa.string(),
        "line": pa.int64(),
        "column": pa.string(),
        "reason": pa.string(),
        "found": pa.string(),
        "allowed": pa.string(),
        "row": pa.string(),
        "table_name": pa.string(),
    }
)


@dataclass(frozen=True)
class ExportFile:
    """One file of a source.

    Attributes:
        path: where it is.
        shown_path: relative to the workspace, as messages and the quarantine show it.
        source: name of the source folder; prefixes every id that is only unique within it.
        file_id: SHA-256 of the content, first 16 hexadecimal digits.
        options: what the workspace's settings say of this source, `time_zone` and `folder` (the
            workspace's path, for mapping files) always among them; `renamed` are columns that
            people said are called otherwise now: by the name that the connector knows, the new one;
            `imported_at` is when the file is taken in; see `taking_in.as_taken_in`.
    """

    path: Path
    shown_path: str
    source: str
    file_id: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def renamed(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.options.get("renamed", {})
        return found


@dataclass(frozen=True)
class Facts:
    """What was recognised about a file, for the import log.

    Attributes:
        kind: which of the connector's kinds of files it is; empty where it knows one only.
        headings: names of its columns; of JSON the fields that each of its first records has,
            and none where those are few.
        headings_read: those of them that the connector reads.
    """

    encoding: str = ""
    separator: str = ""
    decimal_sign: str = ""
    time_zone: str = ""
    kind: str = ""
    headings: tuple[str, ...] = ()
    headings_read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What came out of some files of one source, read together.

    Every table carries `file_id` and `line` beside the columns of its contract, so that each row
    can be traced, counted by file, and told from its double.

    Attributes:
        tables: by name of the contract; whoever takes them in removes doubles and writes them.
        rejected: one row for each value or record that was put aside, with the columns `REJECTED`;
            a value is put aside alone when its record could be taken in without it.
        rows_read: records found, by table and file; a table that a file can fill but does not is
            there with 0.
        rows_put_aside: records that were not taken in, by table and file.
        facts: what was recognised, by file.
        release: called when the tables are no longer needed, to give back what they rest on.
    """

    tables: Mapping[str, ir.Table]
    rejected: pa.Table
    rows_read: Mapping[str, Mapping[str, int]]
    rows_put_aside: Mapping[str, Mapping[str, int]]
    facts: Mapping[str, Facts] = field(default_factory=dict)
    release: Callable[[], None] = field(default=lambda: None)


@runtime_checkable
class Source(Protocol):
    """A connector: one folder in `sources/`, registered in the group `klantreis.sources`.

    A connector may also have `rank(file) -> int`: files are taken in by it, and of a key that several
    bring the last file's values hold. And `changed(file) -> ChangedColumnsError | None`: which columns
    a file lacks that its exports have. And `laid_out(file) -> FileMapping`: how a record of a file can
    be shown as it stands there; without it a file is shown by its lines or rows. And
    `options(told) -> Mapping[str, Sequence[str]]`: by name the options in `klantreis.toml` that it
    understands beside `time_zone`, each with the words that may stand there (none: any text), where
    `told` is what stands there and `folder`, the workspace; without it every option is allowed.

    Many small files are read together because a query costs as much as thousands of rows; what
    comes out of a file must not depend on which others are read with it.
    """

    @property
    def name(self) -> str:
        """As it is registered."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it can fill."""
        ...

    def recognise(self, file: ExportFile) -> float:
        """How sure it is, from 0 to 1, that the file is one of its exports."""
        ...

    def read(self, files: Sequence[ExportFile], engine: Engine) -> Reading:
        """Read files of this source, all from the same source folder.

        Raises:
            UnreadableFileError: one of the files cannot be read as a whole; it names the file.
            SettingsError: the options or the mapping of the source are wrong.
        """
        ...
