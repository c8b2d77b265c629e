"""The head of a file: how it is laid out and which columns it has, without reading it all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.protocol import ExportFile
from klantreis.sources.reading.dialect import (
    decoded,
    file_bytes,
    from_heading,
    header,
    separator_of,
)
from klantreis.sources.reading.raw_parquet import parquet_columns
from klantreis.sources.reading.renaming import known_names
from klantreis.sources.reading.spreadsheet import sheet_header, sheet_names
from klantreis.sources.reading.subheadings import heading_of

__all__ = ["Head", "alternatives", "head_of"]

HEAD_BYTES = 2**16
HEAD_LINES = 5  # the first record may happen to be a broken one
PARQUET = (".parquet", ".pq")
EXCEL = (".xlsx", ".xlsm")
JSON = (".json", ".jsonl", ".ndjson")
MARKS = {
    b"PK\x03\x04": "a workbook or zip file under another name",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls)",
    b"%PDF-": "a PDF",
}
OR = " | "  # between names of a column of which one has to be there
KEY = re.compile(r'"([^"]+)"\s*:')  # of a document that is longer than its head


@dataclass(frozen=True)
class Head:
    """What the head of a file tells.

    Attributes:
        form: as in `FileMapping`; a JSON document on a single line looks like JSON lines.
        columns: names of columns; of JSON the keys of the first object, and of the
            first record in each of its lists.
        first_line: of a text file.
        own: of JSON the keys of the first object itself; empty where that is longer than the head.
    """

    form: str
    columns: tuple[str, ...]
    first_line: str = ""
    own: tuple[str, ...] = ()

    def has(self, columns: tuple[str, ...]) -> bool:
        """Whether all these are among its columns, upper and lower case alike.

        Args:
            columns: each a name, or names of which one has to be there (see `alternatives`).
        """
        own = {column.casefold() for column in self.columns}
        return all(
            any(name.casefold() in own for name in alternatives(column)) for column in columns
        )

    def under_known_names(self, renamed: Mapping[str, str]) -> Head:
        """The same with the names that its columns had before, where it lacks those."""
        columns = tuple(known_names(self.columns, renamed))
        return replace(self, columns=columns, own=tuple(known_names(self.own, renamed)))

    def of_records(self, records: str) -> Head:
        """The same with what may be a field of a record: those of a list only where records are in one."""
        return self if records or not self.own else replace(self, columns=self.own)


def alternatives(column: str) -> list[str]:
    """The names that a required column may have, the usual one first.

    >>> alternatives("Email Address | E-mailadres"), alternatives("Bon|regel")
    (['Email Address', 'E-mailadres'], ['Bon|regel'])
    """
    return column.split(OR)


def head_of(
    file: ExportFile,
    heading: int | None = None,
    sheet: str = "",
    whole: tuple[str, ...] = (),
) -> Head:
    """Look at the head of a file; columns that were renamed stand under the names that are known.

    Args:
        heading: line with the column names; see `FileMapping`.
        sheet: of a workbook; one that lacks it has no columns.
        whole: columns that a second line of column names leaves empty; see `FileMapping`.

    Raises:
        UnreadableFileError: it cannot be read, or is empty.
    """
    head = _head(file.path, file.shown_path, file.file_id, heading, sheet, whole)
    return head.under_known_names(file.renamed) if file.renamed else head


def sheets_of(file: ExportFile) -> tuple[str, ...]:
    """The names of a workbook's sheets, in order.

    Raises:
        UnreadableFileError: no workbook.
    """
    return _sheets(file.path, file.file_id)


@lru_cache(maxsize=1_024)
def _sheets(path: Path, file_id: str) -> tuple[str, ...]:
    return sheet_names(path)


@lru_cache(maxsize=1_024)
def _head(
    path: Path,
    shown_path: str,
    file_id: str,
    heading: int | None,
    sheet: str,
    whole: tuple[str, ...],
) -> Head:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    if suffix in PARQUET:
        return Head("parquet", tuple(parquet_columns(path, shown_path)))
    if suffix in EXCEL:
        is_there = not sheet or sheet in sheet_names(path)
        names = sheet_header(path, sheet, heading, whole) if is_there else ()
        return Head("excel", tuple(names))
    content = file_bytes(path, HEAD_BYTES)
    _refuse_other_kinds(content, suffix, shown_path)
    text = decoded(_whole_lines(content))[0].decode("utf-8", errors="replace")
    if not text.strip("\0 \t\r\n"):
        raise UnreadableFileError(message("The file is empty", where=shown_path))
    if suffix in JSON:
        return _json_head(text)
    first = next(line for line in text.splitlines() if line.strip())
    text = from_heading(text, heading)
    separator = separator_of(text)
    over_two = heading_of(text.lstrip("\r\n"), separator, whole) if whole and heading != 0 else None
    names = over_two.names if over_two else header(text, separator, heading)
    return Head("delimited", tuple(names), first)


def _refuse_other_kinds(content: bytes, suffix: str, shown_path: str) -> None:
    """What begins as a workbook, a PDF or another packed file is none of text."""
    kind = next((kind for mark, kind in MARKS.items() if content.startswith(mark)), "")
    if not kind:
        return
    is_packed = suffix == ".zip"
    raise UnreadableFileError(
        message(
            "The file cannot be read",
            where=shown_path,
            got="a zip file in a zip file" if is_packed else kind,
            allowed="CSV, Excel (.xlsx), JSON, JSON lines or Parquet",
            next_step="unpack it" if is_packed else "save it as .xlsx or CSV",
        )
    )


def _whole_lines(head: bytes) -> bytes:
    """Up to the last line end, so that no character is cut in two."""
    return head[: head.rfind(b"\n") + 1] if len(head) == HEAD_BYTES and b"\n" in head else head


def _json_head(text: str) -> Head:
    if not _is_document(text.strip()):
        by_lines = [_object(line) for line in text.splitlines()[:HEAD_LINES]]
        records = [record for record in by_lines if record]
        if records:
            # One line may as well be a whole document, as programs hand it out.
            is_one = len(by_lines) == 1
            own = tuple(records[0])
            return Head("json_lines", _keys(records[0]) if is_one else own, own=own)
    first = _object(text.lstrip().removeprefix("["))
    if first:
        return Head("json", _keys(first), own=tuple(first))
    return Head("json", tuple(dict.fromkeys(KEY.findall(text))))


def _is_document(text: str) -> bool:
    """Whether what begins on the first line ends on another, as in a list with a record on each line."""
    first = text.partition("\n")[0].strip()
    if first.startswith("["):
        return not _is_json(first)
    return first.endswith(("{", "[")) or (not _object(first) and bool(_object(text)))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _keys(document: dict[str, object]) -> tuple[str, ...]:
    """The keys of a document, and of the first record in each of its lists."""
    firsts = [value[0] for value in document.values() if isinstance(value, list) and value]
    inner = [key for first in firsts if isinstance(first, dict) for key in first]
    return tuple(dict.fromkeys([*document, *inner]))


def _object(text: str) -> dict[str, object]:
    """The JSON object that a text begins with; empty where it does not."""
    try:
        value, _ = json.JSONDecoder().raw_decode(text.strip())
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
