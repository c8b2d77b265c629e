"""The first part of a file as rows of texts, with what was recognised of its layout."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.guessing.kinds import is_value
from klantreis.sources.reading.dialect import decoded, file_bytes, unique_names
from klantreis.sources.reading.heads import EXCEL, JSON, PARQUET
from klantreis.sources.reading.mapping import ELEMENT
from klantreis.sources.reading.spreadsheet import sheet_rows
from klantreis.sources.reading.subtotals import subtotals
from klantreis.sources.reading.titles import (
    HEADING_WITHIN,
    is_total,
    separator_below_titles,
)

__all__ = [
    "HEAD_BYTES",
    "SAMPLE_ROWS",
    "Fields",
    "Form",
    "Sample",
    "by_element",
    "sample_of",
    "suffix_of",
]

Form = Literal["delimited", "excel", "json_lines", "json", "parquet"]
Fields: TypeAlias = Mapping[str, str | None]

HEAD_BYTES = 2**22
SAMPLE_ROWS = 2_000
WIDTH_AGREES = 0.5
NO_FIELDS: Fields = {}


@dataclass(frozen=True)
class Sample:
    """The first part of a file.

    Attributes:
        form: how it is laid out.
        encoding, separator: of text; empty elsewhere.
        heading: number of the line with the column names, 0 where the file has none; of text and
            sheets only.
        is_heading_sure: whether the names are so unlike the values below them that it must be it.
        records: of a JSON document: where the list of records stands; empty when it is the whole.
        columns: values by column name, empty ones None; all equally long.
        is_whole: whether it is the whole file.
        is_typed: whether the file itself says what a number or a time is.
        titles: the lines above the column names that say something.
        lists: by name of a list of objects within each record, for each record what these hold.
        each: the list of which every element has a row of its own; empty where records do.
    """

    form: Form
    encoding: str
    separator: str
    heading: int
    is_heading_sure: bool
    records: str
    columns: Mapping[str, Sequence[str | None]]
    is_whole: bool
    is_typed: bool = False
    titles: tuple[str, ...] = ()
    lists: Mapping[str, Sequence[Sequence[Fields]]] = field(default_factory=dict)
    each: str = ""

    @property
    def rows(self) -> int:
        return max((len(values) for values in self.columns.values()), default=0)


def by_element(sample: Sample, name: str) -> Sample:
    """The same with a row for each element of a list, beside what its record says.

    A record with an empty list has a row too.
    """
    named = dict.fromkeys(key for own in sample.lists[name] for one in own for key in one)
    rows = [
        (place, one) for place, own in enumerate(sample.lists[name]) for one in (own or [NO_FIELDS])
    ][:SAMPLE_ROWS]
    of_records = {
        column: [values[place] for place, _ in rows] for column, values in sample.columns.items()
    }
    of_elements = {f"{name}{ELEMENT}.{key}": [one.get(key) for _, one in rows] for key in named}
    return replace(sample, columns={**of_records, **of_elements}, each=name)


def suffix_of(path: Path) -> str:
    """What a file's name says that it is, `.gz` left aside."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return suffixes[-1] if suffixes else ""


def sample_of(path: Path, *, separator: str = "", heading: int | None = None) -> Sample:
    """Read the first part of a file.

    Args:
        path: CSV, Excel, JSON, JSON lines or Parquet; text may be gzipped.
        separator, heading: when somebody has said so; else they are recognised.

    Raises:
        UnreadableFileError: it is empty, damaged or of another kind.
    """
    suffix = suffix_of(path)
    if suffix in PARQUET:
        return _parquet(path)
    if suffix in EXCEL:
        return _sheet(path, heading)
    content = file_bytes(path, HEAD_BYTES)
    is_whole = len(content) < HEAD_BYTES
    if not is_whole and b"\n" in content:
        content = content[: content.rfind(b"\n") + 1]
    text, encoding = decoded(content)
    if b"\0" in text[:4096]:
        raise _unreadable(path, "binary content", "CSV, Excel (.xlsx), JSON, JSON lines or Parquet")
    whole = text.decode("utf-8", errors="replace")
    if not whole.strip():
        raise _unreadable(path, "an empty file", "a file with rows")
    if suffix in JSON or whole.lstrip()[:1] in "{[":
        return _json(path, whole, encoding, is_whole)
    return _delimited(path, whole, encoding, separator, heading, is_whole)


def _delimited(
    path: Path, text: str, encoding: str, separator: str, heading: int | None, is_whole: bool
) -> Sample:
    separator = separator or separator_below_titles(text)
    records = list(_records(text, separator))
    if not records:
        raise _unreadable(path, "no row that can be read", "a file with rows")
    place, is_sure = _heading([cells for _, cells in records]) if heading is None else (0, True)
    if heading is not None:
        place = next((n for n, (line, _) in enumerate(records) if line >= heading), 0)
        place = -1 if heading == 0 else place
    width = max(map(len, (cells for _, cells in records[place + 1 :])), default=0)
    names = unique_names(records[place][1] if place >= 0 else [""] * width)
    below = [cells for _, cells in records[place + 1 :] if any(cells)][:SAMPLE_ROWS]
    fitting = [cells for cells in below if len(cells) == len(names) and not is_total(cells)]
    return Sample(
        form="delimited",
        encoding=encoding,
        separator=separator,
        heading=records[place][0] if place >= 0 else 0,
        is_heading_sure=is_sure,
        records="",
        columns=_columns(names, fitting),
        is_whole=is_whole and len(below) == len(records) - place - 1,
        titles=_titles(records, place),
    )


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, with the line on which each begins."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            line = reader.line_num + 1
            continue
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1
        if line > SAMPLE_ROWS + HEADING_WITHIN:
            return


def _heading(records: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """Place of the heading among the records, -1 without one; and whether that is sure.

    It is the first record of the usual width of which every cell is a name: filled, and no number,
    date or address. A title above it is narrower.
    """
    if not records:
        return 0, False
    usual, times = Counter(len(cells) for cells in records).most_common(1)[0]
    if times / len(records) < WIDTH_AGREES:
        usual = len(records[0])
    for place, cells in enumerate(records[:HEADING_WITHIN]):
        if len(cells) != usual or not _filled(cells) > len(cells) / 2:
            continue
        if any(is_value(cell) for cell in cells):
            return -1, True
        below = records[place + 1 : place + 1 + HEADING_WITHIN]
        is_unlike = any(is_value(cell) for other in below for cell in other)
        return place, is_unlike and len(set(cells)) == len(cells)
    return 0, False


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell) for cell in cells)


def _sheet(path: Path, heading: int | None) -> Sample:
    rows: list[tuple[int, list[str]]] = []
    is_whole = True
    for line, row in sheet_rows(path):
        if len(rows) > SAMPLE_ROWS + HEADING_WITHIN:
            is_whole = False
            break
        rows.append((line, [cell or "" for cell in row]))
    if not rows:
        raise _unreadable(path, "an empty sheet", "a sheet with rows")
    place, is_sure = _heading([cells for _, cells in rows]) if heading is None else (0, True)
    if heading is not None:
        place = next((n for n, (line, _) in enumerate(rows) if line >= heading), 0)
        place = -1 if heading == 0 else place
    width = max(len(cells) for _, cells in rows)
    cells = rows[place][1] if place >= 0 else [""] * width
    while cells and not cells[-1] and place >= 0:
        cells = cells[:-1]
    names = unique_names(cells)
    below = [
        [*own, *[""] * len(names)][: len(names)]
        for _, own in rows[place + 1 :]
        if not is_total(own)
    ]
    return Sample(
        form="excel",
        encoding="Excel",
        separator="",
        heading=rows[place][0] if place >= 0 else 0,
        is_heading_sure=is_sure,
        records="",
        columns=_columns(names, below[:SAMPLE_ROWS]),
        is_whole=is_whole,
        is_typed=True,
        titles=_titles(rows, place),
    )


def _titles(records: Sequence[tuple[int, Sequence[str]]], place: int) -> tuple[str, ...]:
    """What stands above the record at a place, a text for each line."""
    return tuple(" ".join(filter(None, cells)) for _, cells in records[: max(place, 0)])


def _columns(
    names: Sequence[str], rows: Sequence[Sequence[str]]
) -> Mapping[str, Sequence[str | None]]:
    """Values by column name, without the rows that are totals of others: they are no records."""
    columns = {name: [cells[place] or None for cells in rows] for place, name in enumerate(names)}
    totals = subtotals(
        pa.table({n: pa.array(values, pa.string()) for n, values in columns.items()})
    )
    return {name: _without(values, totals) for name, values in columns.items()}


def _without(values: Sequence[str | None], places: Sequence[int]) -> Sequence[str | None]:
    if not places:
        return values
    return [value for place, value in enumerate(values) if place not in places]


def _parquet(path: Path) -> Sample:
    try:
        file = pq.ParquetFile(path)
        batch = next(file.iter_batches(SAMPLE_ROWS), None)
    except (OSError, ValueError) as error:
        raise _unreadable(path, "other content", "a Parquet file") from error
    records = batch.to_pylist() if batch is not None else []
    return Sample(
        form="parquet",
        encoding="",
        separator="",
        heading=0,
        is_heading_sure=True,
        records="",
        columns=_of_objects(records),
        is_whole=len(records) == file.metadata.num_rows,
        is_typed=True,
        lists=_lists_in(records),
    )


def _json(path: Path, text: str, encoding: str, is_whole: bool) -> Sample:
    lines = text.splitlines()
    by_line = [one for one in (_object(line) for line in lines[:SAMPLE_ROWS]) if one]
    first = next((line for line in lines if line.strip()), "")
    if by_line and _object(first) and (len(by_line) > 1 or len(lines) == 1):
        is_lines = len(by_line) > 1 or not any(_is_list(value) for value in by_line[0].values())
        if is_lines:
            return _of_json(
                "json_lines", by_line, "", encoding, is_whole and len(by_line) == len(lines)
            )
    records, where = _documents(text)
    if not records:
        raise _unreadable(path, "no list of objects", "a JSON list, or an object on each line")
    return _of_json("json", records[:SAMPLE_ROWS], where, encoding, is_whole)


def _of_json(
    form: Form, records: Sequence[dict[str, Any]], where: str, encoding: str, is_whole: bool
) -> Sample:
    return Sample(
        form=form,
        encoding=encoding,
        separator="",
        heading=0,
        is_heading_sure=True,
        records=where,
        columns=_of_objects(records),
        is_whole=is_whole,
        is_typed=True,
        lists=_lists_in(records),
    )


def _documents(text: str) -> tuple[list[dict[str, Any]], str]:
    """The records of a document, also of one that is cut off, and where their list stands."""
    try:
        document = json.loads(text)
    except ValueError:
        return _first_objects(text), ""
    if isinstance(document, list):
        return [one for one in document if isinstance(one, dict)], ""
    if isinstance(document, dict):
        for name, value in document.items():
            if _is_list(value):
                return [one for one in value if isinstance(one, dict)], name
        return [document], ""
    return [], ""


def _first_objects(text: str) -> list[dict[str, Any]]:
    decoder, place, found = json.JSONDecoder(), text.find("[") + 1, []
    while 0 < place < len(text):
        place += len(text[place:]) - len(text[place:].lstrip(" \t\r\n,"))
        try:
            value, place = decoder.raw_decode(text, place)
        except ValueError:
            break
        if isinstance(value, dict):
            found.append(value)
    return found


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _of_objects(records: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[str | None]]:
    """Fields as columns, those of objects in objects by their path; lists are left out."""
    flat = [dict(_leaves(record)) for record in records]
    names = dict.fromkeys(name for record in flat for name in record)
    return {name: [record.get(name) for record in flat] for name in names}


def _lists_in(records: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[Sequence[Fields]]]:
    """The lists of objects within each record, by their path."""
    found = [dict(_lists(record)) for record in records]
    names = dict.fromkeys(name for lists in found for name in lists)
    return {
        name: [[dict(_leaves(one)) for one in lists.get(name, ())] for lists in found]
        for name in names
    }


def _lists(record: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Sequence[Any]]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _lists(value, f"{before}{name}.")
        elif _is_list(value):
            yield f"{before}{name}", [one for one in value if isinstance(one, Mapping)]


def _leaves(record: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str | None]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{before}{name}.")
        elif not isinstance(value, list | bytes):
            yield f"{before}{name}", _text(value)


def _text(value: Any) -> str | None:
    match value:
        case None | "":
            return None
        case bool():
            return str(value).lower()
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value).strip() or None


def _unreadable(path: Path, got: str, allowed: str) -> UnreadableFileError:
    return UnreadableFileError(
        message("The file cannot be guessed", where=path.name, got=got, allowed=allowed)
    )
