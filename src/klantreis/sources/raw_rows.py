"""Rows of an export as they stand in the file, around some of its lines."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from klantreis.sources.protocol import ExportFile, Source
from klantreis.sources.reading.delimited import Records, read_lines
from klantreis.sources.reading.dialect import decoded, file_bytes
from klantreis.sources.reading.mapping import FileMapping
from klantreis.sources.reading.raw_text import TextForm, delimited_records
from klantreis.sources.reading.recognising import as_laid_out
from klantreis.sources.reading.spreadsheet import read_sheet

__all__ = ["RawRow", "RawRows", "raw_rows"]

CELL_CHARACTERS = 4_000
FAR = 10  # lines between two that are not shown together
MOST = 50
Row = tuple[int, Sequence[Any]]


@dataclass(frozen=True)
class RawRow:
    """A row of a file.

    Attributes:
        line: on which it begins; its number where a file has no lines.
        cells: by column; the whole row where there are no columns.
        is_meant: whether it was asked for, or stands beside it.
    """

    line: int
    cells: tuple[str, ...]
    is_meant: bool


@dataclass(frozen=True)
class RawRows:
    """Some rows of a file, in its order.

    Attributes:
        columns: as the file names them; none where rows are shown whole.
        elsewhere: lines that were asked for too, and stand too far off to be shown.
    """

    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    elsewhere: tuple[int, ...] = ()


def raw_rows(
    source: Source, file: ExportFile, lines: Collection[int], *, around: int = 2
) -> RawRows:
    """The rows on some lines of a file, with their neighbours.

    Args:
        source: the connector that reads it.
        lines: as `line` of what the connector reads.
        around: neighbours before and after.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    wanted = sorted(lines)
    if not wanted:
        return RawRows((), ())
    laid_out = getattr(source, "laid_out", _by_its_head)
    kind = laid_out(file)
    near = _near(wanted)
    columns, rows = _around(file, kind, (near[0], near[-1]), around)
    shown = tuple(
        RawRow(line, tuple(_text(cell) for cell in cells), line in near) for line, cells in rows
    )
    return RawRows(tuple(columns), shown, tuple(wanted[len(near) :]))


def _by_its_head(file: ExportFile) -> FileMapping:
    return as_laid_out(FileMapping("", ()), file)


def _near(lines: Sequence[int]) -> Sequence[int]:
    """The first lines, as far as they stand together."""
    gaps = (place for place in range(1, len(lines)) if lines[place] - lines[place - 1] > FAR)
    return lines[: min(next(gaps, len(lines)), MOST)]


def _around(
    file: ExportFile, kind: FileMapping, span: tuple[int, int], around: int
) -> tuple[Sequence[str], Sequence[Row]]:
    match kind.form:
        case "parquet":
            return _parquet(file.path, span, around)
        case "excel":
            return _of_records(
                read_sheet(file.path, kind.sheet, kind.heading, kind.whole), span, around
            )
        case "json":
            records = _elements(json.loads(_content(file.path)), kind.records)
            return (), _slice(enumerate(map(_pretty, records), 1), span, around)
        case "json_lines":
            return (), [(line, (_pretty(_object(text)),)) for line, (text,) in _lines(file.path, span, around)]  # fmt: skip
        case _ if kind.layout:
            rows = _lines(file.path, span, around)
            return kind.layout, [(line, text.split(kind.separator)) for line, (text,) in rows]
        case _:
            form = TextForm(kind.separator, heading=kind.heading, whole=kind.whole)
            return _of_records(delimited_records(file, form), span, around)


def _of_records(
    records: Records, span: tuple[int, int], around: int
) -> tuple[Sequence[str], Sequence[Row]]:
    first, last = _places(records.lines, span, around)
    kept = records.columns.slice(first, last - first)
    cells = zip(*(column.to_pylist() for column in kept.columns), strict=True)
    lines = records.lines[first:last].tolist()
    return records.columns.column_names, list(zip(lines, cells, strict=True))


def _lines(path: Path, span: tuple[int, int], around: int) -> Sequence[tuple[int, tuple[str]]]:
    texts, numbers = read_lines(_content(path))
    first, last = _places(numbers, span, around)
    held = texts.slice(first, last - first).to_pylist()
    return [(n, (text,)) for n, text in zip(numbers[first:last].tolist(), held, strict=True)]


def _places(lines: np.ndarray[Any, Any], span: tuple[int, int], around: int) -> tuple[int, int]:
    first = int(np.searchsorted(lines, span[0])) - around
    last = int(np.searchsorted(lines, span[1], side="right")) + around
    return max(first, 0), min(last, len(lines))


def _parquet(path: Path, span: tuple[int, int], around: int) -> tuple[Sequence[str], Sequence[Row]]:
    """Only the row groups that hold them are read."""
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    found: list[Row] = []
    before = 0
    for group in range(file.metadata.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        first, last = span[0] - around - 1 - before, span[1] + around - before
        if last > 0 and first < count:
            held = file.read_row_group(group).slice(max(first, 0), last - max(first, 0))
            begin = before + max(first, 0) + 1
            cells = ([row[name] for name in names] for row in held.to_pylist())
            found += enumerate(cells, begin)
        before += count
    return names, found


def _slice(rows: Iterator[tuple[int, str]], span: tuple[int, int], around: int) -> Sequence[Row]:
    begin = max(span[0] - around - 1, 0)
    return [(number, (text,)) for number, text in islice(rows, begin, span[1] + around)]


def _content(path: Path) -> bytes:
    return decoded(file_bytes(path))[0]


def _elements(document: Any, records: str) -> Sequence[Any]:
    """The records of a document: the list that is named, or itself."""
    for name in filter(None, records.split(".")):
        document = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(document, list):
        return [document]
    pages = (page if isinstance(page, list) and not records else [page] for page in document)
    return [record for page in pages for record in page]


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _pretty(record: Any) -> str:
    return record if isinstance(record, str) else json.dumps(record, ensure_ascii=False, indent=2)


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case dict() | list():
            return json.dumps(cell, ensure_ascii=False, default=str)[:CELL_CHARACTERS]
    return str(cell)[:CELL_CHARACTERS]
