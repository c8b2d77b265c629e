"""Reads a sheet of an Excel workbook: every cell as text, as it would stand in a CSV file."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import pyarrow as pa
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.growth import largest_unpacked
from klantreis.sources.reading.delimited import Bad, Records
from klantreis.sources.reading.dialect import unique_names
from klantreis.sources.reading.subheadings import is_second, names_over_two

__all__ = ["read_sheet", "sheet_header", "sheet_names", "sheet_rows"]

# A workbook is XML in a zip file, and what is damaged in it comes to light in either or in openpyxl.
BROKEN = (
    OSError,
    EOFError,
    BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # of the XML
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def sheet_header(
    path: Path, sheet: str = "", heading: int | None = None, whole: Sequence[str] = ()
) -> list[str]:
    """The column names: those on a row, by default the first row that is not empty.

    Args:
        heading: number of the row; 0 where there are no names: they are `column 1` ... then.
        whole: columns that a second row of names leaves empty; none: there is no such row.
    """
    rows = (cells for line, cells in sheet_rows(path, sheet) if line >= (heading or 1))
    first, second = list(islice(rows, 1)), list(islice(rows, 1))
    if not first:
        return []
    if heading == 0:
        return unique_names([""] * len(first[0]))
    is_over_two = bool(second) and is_second(first[0], second[0], whole)
    return names_over_two(first[0], second[0]) if is_over_two else _names(first[0])


def read_sheet(
    path: Path, sheet: str = "", heading: int | None = None, whole: Sequence[str] = ()
) -> Records:
    """The rows below the column names; a row's line is its number in the sheet.

    Args:
        path: an `.xlsx` workbook.
        sheet: its name; empty for the first.
        heading, whole: as in `sheet_header`.

    Raises:
        UnreadableFileError: no workbook, or no such sheet.
    """
    names = sheet_header(path, sheet, heading, whole)
    rows: Iterator[tuple[int, list[str | None]]] = (
        row for row in sheet_rows(path, sheet) if row[0] >= (heading or 1)
    )
    if heading != 0:
        _, first = next(rows, (0, []))
        second = next(rows, None)
        if second and not is_second(first, second[1], whole):
            rows = chain([second], rows)
    lines: list[int] = []
    columns: list[list[str | None]] = [[] for _ in names]
    bad: list[Bad] = []
    for line, cells in rows:
        if any(cells[len(names) :]):
            bad.append(Bad(line, len(cells), ";".join(cell or "" for cell in cells)))
            continue
        lines.append(line)
        filled = [*cells, *[None] * (len(names) - len(cells))]
        for column, cell in zip(columns, filled, strict=False):
            column.append(cell)
    table = pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)})
    return Records(table, np.array(lines, dtype=np.int64), tuple(bad))


def sheet_names(path: Path) -> tuple[str, ...]:
    """The names of a workbook's sheets, in order.

    Raises:
        UnreadableFileError: no workbook.
    """
    with _opened(path) as book:
        return tuple(book.sheetnames)


def sheet_rows(path: Path, sheet: str = "") -> Iterator[tuple[int, list[str | None]]]:
    """The rows that are not empty, with their numbers in the sheet.

    Raises:
        UnreadableFileError: no workbook, or no such sheet.
    """
    with _opened(path) as book:
        _refuse_unknown(sheet, book.sheetnames, path)
        yield from _filled_rows(book[sheet or book.sheetnames[0]])


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        _refuse_bombs(path)
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            book = load_workbook(path, read_only=True, data_only=True)
            with closing(book):
                yield book
    except BROKEN as error:
        raise UnreadableFileError(
            message("Not an Excel workbook", where=path.name, got=str(error), allowed=".xlsx")
        ) from error


def _refuse_unknown(sheet: str, sheets: Sequence[str], path: Path) -> None:
    if sheet and sheet not in sheets:
        raise UnreadableFileError(
            message("No such sheet", where=path.name, got=repr(sheet), allowed=", ".join(sheets))
        )


def _filled_rows(sheet: Any) -> Iterator[tuple[int, list[str | None]]]:
    for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield line, cells


def _refuse_bombs(path: Path) -> None:
    """A workbook is a zip file."""
    with ZipFile(path) as book:
        together = sum(entry.file_size for entry in book.infolist())
    if together > largest_unpacked(path.stat().st_size):
        raise ValueError(f"{together} bytes when unpacked, far more than it looks")


def _names(cells: list[str | None]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return unique_names([cell or "" for cell in cells])


def _text(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, datetime):
        # A day is a moment at midnight here; with that it could not be put before a time of its own.
        at_midnight = cell.time() == time()
        return cell.date().isoformat() if at_midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() or None
