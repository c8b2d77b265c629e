"""Reads delimited text: every value as text, every row with its line, bad rows apart."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

__all__ = [
    "Above",
    "Bad",
    "Numbers",
    "Records",
    "lines_above",
    "past_blank_lines",
    "read_delimited",
    "read_lines",
]

Numbers = npt.NDArray[np.int64]

BLOCK_BYTES = 2**22
LARGEST_BLOCK = 2**31 - 1
NO_SEPARATOR = b"\x01"
LONGEST_VALUE_LINES = 1_000
HEAD_BYTES = 2**16


@dataclass(frozen=True)
class Bad:
    """A record that is not taken for one: its line, how many values it has, its text.

    Attributes:
        reason: `unreadable` where it does not fit into the columns, `total` of those above it.
    """

    line: int
    width: int
    text: str
    reason: Literal["unreadable", "total"] = "unreadable"


@dataclass(frozen=True)
class Records:
    """The records of one text file.

    Attributes:
        columns: a text column for each name in the heading; empty values are null.
        lines: line on which each record begins; the heading is line 1.
        bad: the records with too few or too many values, or an unclosed quotation mark.
    """

    columns: pa.Table
    lines: Numbers
    bad: tuple[Bad, ...]


@dataclass(frozen=True)
class Above:
    """What stands above the heading: so many lines, of so many bytes together."""

    lines: int = 0
    size: int = 0


NOTHING_ABOVE = Above()


def lines_above(content: bytes, heading: int | None) -> Above:
    """What stands above a heading on a line (from 1)."""
    size = 0
    for _ in range((heading or 1) - 1):
        end = content.find(b"\n", size)
        if end < 0:
            break
        size = end + 1
    return Above((heading or 1) - 1, size) if size else NOTHING_ABOVE


def past_blank_lines(content: bytes, above: Above, separator: str) -> Above:
    """The same with the lines below it that say nothing, up to the first that does."""
    nothing = b' \t\r"' + separator.encode()
    lines, size = above.lines, above.size
    while (end := content.find(b"\n", size)) >= 0 and not content[size:end].strip(nothing):
        lines, size = lines + 1, end + 1
    return Above(lines, size)


def read_delimited(
    content: bytes,
    names: list[str],
    separator: str,
    above: Above = NOTHING_ABOVE,
    *,
    has_heading: bool = True,
) -> Records:
    """Read delimited text.

    Args:
        content: UTF-8 without a byte-order mark.
        names: unique column names, as many as the heading has.
        separator: one character.
        above: what is left out, and its lines counted.
        has_heading: whether the first line has the names of the columns.
    """
    content = content[above.size :]
    content = content if content.endswith((b"\n", b"\r")) else content + b"\n"
    if has_heading:
        content, names = _as_wide_as_rows(content, names, separator)
    lines = _all_lines(content)
    numbers = np.arange(1, len(lines) + 1)
    stray = _unclosed(lines, len(names), separator)
    if stray:
        content, numbers = _without(lines, numbers, stray)
    records = _read(content, names, separator, numbers, has_heading=has_heading)
    unclosed = tuple(
        Bad(line, _width(lines, line, separator), lines[line - 1].as_py()) for line in stray
    )
    bad = (*records.bad, *unclosed)
    if not above.lines:
        return Records(records.columns, records.lines, bad)
    placed = tuple(replace(one, line=one.line + above.lines) for one in bad)
    return Records(records.columns, records.lines + above.lines, placed)


def read_lines(content: bytes) -> tuple[pa.ChunkedArray, Numbers]:
    """The lines of a text that are not blank, and their numbers from 1."""
    lines = _all_lines(content)
    filled = pc.not_equal(pc.ascii_trim_whitespace(lines), "")
    numbers: Numbers = np.flatnonzero(filled.to_numpy()) + 1
    return lines.filter(filled), numbers


def _all_lines(content: bytes) -> pa.ChunkedArray:
    if not content.strip():
        return pa.chunked_array([], pa.string())
    return _parsed(
        content.replace(NO_SEPARATOR, b"\x02"),  # so that a line is one value
        lambda: pa_csv.ParseOptions(
            delimiter=NO_SEPARATOR.decode(), quote_char=False, ignore_empty_lines=False
        ),
        pa_csv.ConvertOptions(column_types={"text": pa.string()}),
        column_names=["text"],
    )["text"]


def _as_wide_as_rows(content: bytes, names: list[str], separator: str) -> tuple[bytes, list[str]]:
    """The heading as wide as the first record where that has more values, of which the last are empty.

    Some systems end each record with a separator, and not the heading.
    """
    head = content[:HEAD_BYTES].decode("utf-8", errors="replace")
    records = csv.reader(head.splitlines(True), delimiter=separator)
    filled = (record for record in records if any(cell.strip() for cell in record))
    heading, first = next(filled, []), next(filled, [])
    more = first[len(heading) :]
    end = content.find(b"\n") if b"\n" in content else content.find(b"\r")
    # A heading over several lines is left as it is: its end is not where its first line ends.
    if not more or any(cell.strip() for cell in more) or len(heading) != len(names):
        return content, names
    line = content[:end].rstrip(b"\r")
    if len(
        next(csv.reader([line.decode("utf-8", errors="replace")], delimiter=separator), [])
    ) != len(names):
        return content, names
    wider = line + separator.encode() * len(more) + content[len(line) :]
    return wider, [*names, *(f"column {len(names) + place}" for place in range(1, len(more) + 1))]


def _unclosed(lines: pa.ChunkedArray, width: int, separator: str) -> list[int]:
    """Lines with a quotation mark that is opened and never closed.

    It would swallow everything up to the next mark in the file, so such a line is bad by itself.
    A value over several lines opens on one line and closes on a later one, and the lines together
    are then exactly one record.
    """
    odd = pc.bit_wise_and(pc.count_substring(lines, '"'), 1).to_numpy()
    waiting = [int(place) for place in np.flatnonzero(odd)]
    unclosed, place = [], 0
    while place < len(waiting):
        start = waiting[place]
        if _records(lines, start, start, separator) is not None:
            place += 1  # a mark within a value, as in: 5" plank
            continue
        end = waiting[place + 1] if place + 1 < len(waiting) else start
        together = (
            _records(lines, start, end, separator) if end - start < LONGEST_VALUE_LINES else None
        )
        if end > start and together is not None and [len(row) for row in together] == [width]:
            place += 2
            continue
        unclosed.append(start + 1)
        place += 1
    return unclosed


def _records(
    lines: pa.ChunkedArray, first: int, last: int, separator: str
) -> list[list[str]] | None:
    """The lines as strictly quoted records; None when their quotation is not closed."""
    texts = [f"{text}\n" for text in lines.slice(first, last - first + 1).to_pylist()]
    try:
        return list(csv.reader(texts, delimiter=separator, strict=True))
    except csv.Error:
        return None


def _width(lines: pa.ChunkedArray, line: int, separator: str) -> int:
    return len(next(csv.reader([lines[line - 1].as_py()], delimiter=separator), []))


def _without(
    lines: pa.ChunkedArray, numbers: Numbers, left_out: list[int]
) -> tuple[bytes, Numbers]:
    kept = np.ones(len(lines), bool)
    kept[np.array(left_out) - 1] = False
    text = "\n".join(lines.filter(pa.array(kept)).to_pylist()) + "\n"
    return text.encode(), numbers[kept]


def _read(
    content: bytes, names: list[str], separator: str, numbers: Numbers, *, has_heading: bool
) -> Records:
    """Read records of which no quotation mark stays open."""
    odd: list[tuple[int, int, str]] = []

    def note(row: pa_csv.InvalidRow) -> str:
        odd.append((row.number - 1, row.actual_columns, row.text))
        return "skip"

    def parse() -> pa_csv.ParseOptions:
        odd.clear()
        return pa_csv.ParseOptions(
            delimiter=separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=note,
        )

    convert = pa_csv.ConvertOptions(
        column_types={f"f{place}": pa.string() for place in range(len(names))},
        null_values=[""],
        strings_can_be_null=True,
    )
    table = _parsed(content, parse, convert, autogenerate_column_names=True).rename_columns(names)
    begins = numbers[_begins(table, odd, len(numbers))]
    is_good = np.ones(len(begins), bool)
    is_good[[place for place, _, _ in odd]] = False
    filled = ~_blank(table)
    if has_heading:
        filled[0] = False
    bad = [Bad(int(begins[place]), width, text) for place, width, text in odd if text.strip()]
    return Records(table.filter(pa.array(filled)), begins[is_good][filled], tuple(bad))


def _parsed(
    content: bytes,
    parse: Callable[[], pa_csv.ParseOptions],
    convert: pa_csv.ConvertOptions,
    **names: Any,
) -> pa.Table:
    """Read in blocks; as a single one when a record does not fit into a block."""
    for block in (min(max(BLOCK_BYTES, len(content) // 64), 2**30), LARGEST_BLOCK):
        read = pa_csv.ReadOptions(use_threads=False, block_size=block, **names)
        try:
            return pa_csv.read_csv(
                pa.BufferReader(content),
                read_options=read,
                parse_options=parse(),
                convert_options=convert,
            )
        except pa.ArrowInvalid as error:
            if block == LARGEST_BLOCK or "straddl" not in str(error):
                raise
    raise AssertionError("the largest block either reads or raises")


def _blank(table: pa.Table) -> npt.NDArray[np.bool_]:
    blank = np.ones(table.num_rows, bool)
    for column in table.columns:
        blank &= column.is_null().to_numpy()
        if not blank.any():
            break
    return blank


def _begins(table: pa.Table, odd: list[tuple[int, int, str]], lines: int) -> Numbers:
    """The place, from 0, of the line on which each record begins, good and bad in order."""
    total = table.num_rows + len(odd)
    begins = np.arange(total, dtype=np.int64)
    if lines <= total:
        return begins
    more = np.zeros(total, np.int64)  # lines that a record takes beyond its first
    places = np.array([place for place, _, _ in odd], dtype=np.int64)
    more[places] = [text.count("\n") for _, _, text in odd]
    is_good = np.ones(total, bool)
    is_good[places] = False
    breaks = np.zeros(table.num_rows, np.int64)
    for column in table.columns:
        breaks += pc.fill_null(pc.count_substring(column, "\n"), 0).to_numpy()
    more[is_good] = breaks
    begins[1:] += np.cumsum(more)[:-1]
    return begins
