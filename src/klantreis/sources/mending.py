"""A copy of an export with some of its values changed: the export itself stays as it came."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from klantreis.errors import InputError, message
from klantreis.sources.mending_parquet import mend_parquet
from klantreis.sources.reading.dialect import decoded, file_bytes, separator_of, unique_names
from klantreis.sources.reading.heads import EXCEL, JSON, PARQUET
from klantreis.sources.reading.renaming import known_names, name_now

__all__ = ["WHOLE_ROW", "mended"]

WHOLE_ROW = ""
HEADING_WITHIN = 20  # titles above the heading are never more than this
Changes = Mapping[int, Mapping[str, str]]  # by line, by column: the value that is to stand there


def mended(
    path: Path,
    changes: Changes,
    folder: Path,
    *,
    renamed: Mapping[str, str] | None = None,
) -> Path:
    """Write a copy of an export with other values in some rows.

    Args:
        path: the export.
        changes: by line as the quarantine tells it, by column; `WHOLE_ROW` for the row's text.
        folder: where the copy goes, under the same name.
        renamed: what columns that the quarantine names are called in the file now.

    Raises:
        InputError: the row or column is not there, or the value cannot stand there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    known = renamed or {}
    if suffix in PARQUET:
        mend_parquet(path, changes, target, known)
        return target
    if suffix in EXCEL:
        _sheet(path, changes, target, known)
        return target
    text = decoded(file_bytes(path))[0].decode("utf-8")
    fresh = _json(text, changes, known) if suffix in JSON else _delimited(text, changes, known)
    content = fresh.encode()
    target.write_bytes(gzip.compress(content) if path.suffix.lower() == ".gz" else content)
    return target


def _delimited(text: str, changes: Changes, renamed: Mapping[str, str]) -> str:
    lines = text.splitlines(keepends=True)
    separator, names = _layout(lines, _columns(changes), renamed)
    # From the last to the first: a row that takes fewer lines then moves nothing that is to come.
    for line in sorted(changes, reverse=True):
        cells, count = _record(lines, line, separator)
        if WHOLE_ROW in changes[line]:
            fresh = changes[line][WHOLE_ROW]
        else:
            for column, value in changes[line].items():
                cells[_place(names, column)] = value
            fresh = _written(cells, separator)
        lines[line - 1 : line - 1 + count] = [fresh + "\n"]
    return "".join(lines)


def _columns(changes: Changes) -> frozenset[str]:
    """The columns that the changes name."""
    return frozenset(column for own in changes.values() for column in own if column != WHOLE_ROW)


def _layout(
    lines: list[str], columns: frozenset[str], renamed: Mapping[str, str]
) -> tuple[str, list[str]]:
    """The separator, and the names of the columns: of the first line that has those that are named.

    Columns of a file without names have numbers.
    """
    for line in range(1, min(HEADING_WITHIN, len(lines)) + 1):
        separator = separator_of("".join(lines[line - 1 : line + 20]))
        names = known_names(unique_names(_record(lines, line, separator)[0]), renamed)
        if _has(names, columns):
            return separator, names
    separator = separator_of("".join(lines[:20]))
    width = max(len(_record(lines, line, separator)[0]) for line in range(1, len(lines) + 1)[:20])
    return separator, unique_names([""] * width)


def _has(names: Sequence[str], columns: frozenset[str]) -> bool:
    own = {name.casefold() for name in names}
    return all(
        any(name.casefold() in own for name in (column, *column.split(", "))) for column in columns
    )


def _record(lines: list[str], line: int, separator: str) -> tuple[list[str], int]:
    """The cells of the record that begins on a line, and over how many lines it goes."""
    if not 1 <= line <= len(lines):
        raise _nowhere("line", str(line))
    reader = csv.reader(iter(lines[line - 1 :]), delimiter=separator)
    return next(reader, []), max(1, reader.line_num)


def _written(cells: list[str], separator: str) -> str:
    row = io.StringIO()
    csv.writer(row, delimiter=separator, lineterminator="").writerow(cells)
    return row.getvalue()


def _place(names: Sequence[str], column: str) -> int:
    """The place of a column; of several that a value may come from, the first that is there."""
    lowered = [name.casefold() for name in names]
    for name in (column, *column.split(", ")):
        if name.casefold() in lowered:
            return lowered.index(name.casefold())
    raise _nowhere("column", column)


def _json(text: str, changes: Changes, renamed: Mapping[str, str]) -> str:
    lines = text.splitlines()
    try:
        is_lines = len(lines) > 1 and isinstance(json.loads(lines[0]), dict)
    except ValueError:
        is_lines = False
    if is_lines:
        for line, own in changes.items():
            if not 1 <= line <= len(lines):
                raise _nowhere("line", str(line))
            lines[line - 1] = (
                own[WHOLE_ROW].replace("\n", " ")
                if WHOLE_ROW in own
                else json.dumps(
                    _changed(json.loads(lines[line - 1]), own, renamed), ensure_ascii=False
                )
            )
        return "\n".join(lines) + "\n"
    document = json.loads(text)
    records = document if isinstance(document, list) else _records(document)
    places = (
        _places(records) if records is document else [(records, n) for n in range(len(records))]
    )
    for number, own in changes.items():
        if not 1 <= number <= len(places):
            raise _nowhere("element", str(number))
        page, place = places[number - 1]
        page[place] = (
            json.loads(own[WHOLE_ROW]) if WHOLE_ROW in own else _changed(page[place], own, renamed)
        )
    return json.dumps(document, ensure_ascii=False)


def _places(document: list[Any]) -> list[tuple[list[Any], int]]:
    """Where each record of a list stands, also where the list holds pages that are lists themselves."""
    return [
        (own, inner)
        for place, page in enumerate(document)
        for own in [page if isinstance(page, list) else document]
        for inner in (range(len(page)) if isinstance(page, list) else [place])
    ]


def _records(document: dict[str, Any]) -> list[Any]:
    lists = [one for one in document.values() if isinstance(one, list)]
    return lists[0] if lists else [document]


def _changed(record: Any, changes: Mapping[str, str], renamed: Mapping[str, str]) -> Any:
    for column, value in changes.items():
        name = column.split(".")[0]
        is_here = isinstance(record, dict) and name in record
        *way, last = ((not is_here and name_now(column, renamed)) or column).split(".")
        inner = record
        for name in way:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if not isinstance(inner, dict):
            raise _nowhere("field", column)
        inner[last] = value
    return record


def _sheet(path: Path, changes: Changes, target: Path, renamed: Mapping[str, str]) -> None:
    book = load_workbook(path)
    named = [(one, _names_of(one, _columns(changes), renamed)) for one in book.worksheets]
    sheet, names = next((own for own in named if _has(own[1], _columns(changes))), named[0])
    for line, own in changes.items():
        for column, value in own.items():
            if column == WHOLE_ROW:
                cells = next(csv.reader([value], delimiter=";"), [])
                for place in range(max(len(cells), sheet.max_column)):
                    fresh = cells[place] if place < len(cells) else None
                    sheet.cell(row=line, column=place + 1).value = fresh
            else:
                sheet.cell(row=line, column=_place(names, column) + 1).value = value
    book.save(target)


def _names_of(
    sheet: Worksheet, columns: frozenset[str], renamed: Mapping[str, str]
) -> Sequence[str]:
    """The names of a sheet's columns, of the first row that has those that are named."""
    for row in sheet.iter_rows(max_row=HEADING_WITHIN):
        names = known_names(unique_names([str(cell.value or "") for cell in row]), renamed)
        if _has(names, columns):
            return names
    return unique_names([""] * sheet.max_column)


def _nowhere(what: str, got: str) -> InputError:
    return InputError(
        message(
            f"There is no such {what} to repair",
            got=got,
            next_step="repair it in the export and import again",
        )
    )
