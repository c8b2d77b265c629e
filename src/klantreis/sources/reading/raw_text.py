"""Delimited text and Excel sheets as raw tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.sources.protocol import ExportFile, Facts
from klantreis.sources.reading.connection import Connection, Expression
from klantreis.sources.reading.delimited import (
    Above,
    Bad,
    Records,
    lines_above,
    past_blank_lines,
    read_delimited,
    read_lines,
)
from klantreis.sources.reading.dialect import (
    decimal_sign,
    decoded,
    file_bytes,
    header,
    separator_of,
)
from klantreis.sources.reading.paths import IN_A_COLUMN
from klantreis.sources.reading.raw import Raw
from klantreis.sources.reading.spreadsheet import read_sheet
from klantreis.sources.reading.subheadings import heading_of
from klantreis.sources.reading.titles import without_totals

__all__ = ["TextForm", "delimited_records", "raw_delimited", "raw_sheets", "raw_unheaded"]

HEAD_BYTES = 2**16
TYPED_AS_TEXT = r"^[^0-9]*[0-9.]*,([0-9]{1,2}|--?)[^0-9.,]*$"
BLANKS = " \t\r\n\u00a0"


@dataclass(frozen=True)
class TextForm:
    """What is known of the files beforehand; empty where it is to be recognised.

    Attributes:
        numbers: columns that hold numbers, from which the decimal sign is recognised.
        key: of rows of a database: columns that tell them apart.
        heading: line with the column names; see `FileMapping`.
        whole: columns that a second line of column names leaves empty; see `FileMapping`.
        reads_totals: whether rows of totals are records as any other.
    """

    separator: str = ""
    decimal_sign: str = ""
    time_zone: str = ""
    sheet: str = ""
    numbers: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    heading: int | None = None
    whole: tuple[str, ...] = ()
    reads_totals: bool = False


def raw_unheaded(
    files: Sequence[ExportFile],
    form: TextForm,
    headings: Sequence[str],
    wanted: Sequence[str],
    connection: Connection,
) -> list[Raw]:
    """Read files without headings, each line a record; only the wanted columns are taken out.

    Args:
        headings: the names of the columns, in order.
        wanted: names that the mapping speaks of, also within the JSON of a column.
    """
    places = {
        name: headings.index(name)
        for name in dict.fromkeys(each.partition(IN_A_COLUMN)[0] for each in wanted)
        if name in headings
    }
    reads = [_unheaded(file, form, len(headings), places) for file in files]
    return [
        Raw(
            relation=connection.hold(pa.concat_tables([read.rows for read in reads])),
            columns={name: Expression(f"c{place}") for name, place in places.items()},
            decimal_sign=form.decimal_sign or ".",
            facts={read.file.file_id: read.facts for read in reads},
            bad={read.file.file_id: read.bad for read in reads},
            widths={file.file_id: len(headings) for file in files},
            whole="text",
        )
    ]


@dataclass(frozen=True)
class _Unheaded:
    file: ExportFile
    rows: pa.Table
    bad: tuple[Bad, ...]
    facts: Facts


def _unheaded(file: ExportFile, form: TextForm, width: int, places: Mapping[str, int]) -> _Unheaded:
    content, encoding = decoded(file_bytes(file.path))
    lines, numbers = read_lines(content)
    cells = pc.split_pattern(lines, form.separator)
    widths = pc.list_value_length(cells)
    is_good = pc.equal(widths, width)
    odd = np.flatnonzero(~is_good.to_numpy())
    bad = tuple(
        Bad(int(numbers[place]), widths[place].as_py(), lines[place].as_py()) for place in odd
    )
    good = cells.filter(is_good)
    columns = {f"c{n}": _trimmed(pc.list_element(good, n)) for n in places.values()}
    rows = {
        "file_id": pa.repeat(file.file_id, len(good)),
        "line": pa.array(np.delete(numbers, odd), pa.int64()),
        "text": lines.filter(is_good),
    }
    facts = Facts(encoding, form.separator, form.decimal_sign or ".", form.time_zone)
    return _Unheaded(file, pa.table({**rows, **columns}), bad, facts)


@dataclass(frozen=True)
class _Read:
    file: ExportFile
    records: Records
    facts: Facts


def raw_delimited(files: Sequence[ExportFile], form: TextForm, connection: Connection) -> list[Raw]:
    """Read delimited files; those with another decimal sign become a raw table of their own."""
    return _together([_delimited(file, form) for file in files], connection)


def raw_sheets(files: Sequence[ExportFile], form: TextForm, connection: Connection) -> list[Raw]:
    """Read Excel sheets; numbers and dates in them were typed, so that nothing is guessed.

    A decimal comma can only be in a number that is a text there.
    """
    facts = Facts(encoding="Excel", decimal_sign=".", time_zone=form.time_zone)
    sheets = ((file, read_sheet(file.path, form.sheet, form.heading, form.whole)) for file in files)
    return _together(
        [
            _Read(file, _with_points(_records(records, form, ";"), form.numbers), facts)
            for file, records in sheets
        ],
        connection,
    )


def _with_points(records: Records, numbers: Sequence[str]) -> Records:
    """The records with numbers that were typed as text, `1.234,50`, as the typed ones have them."""
    columns = records.columns
    for name in numbers:
        if name in columns.column_names:
            values = columns[name]
            has_comma = pc.match_substring_regex(values, TYPED_AS_TEXT)
            pointed = pc.replace_substring(pc.replace_substring(values, ".", ""), ",", ".")
            place = columns.column_names.index(name)
            columns = columns.set_column(place, name, pc.if_else(has_comma, pointed, values))
    return replace(records, columns=columns)


def _records(records: Records, form: TextForm, separator: str) -> Records:
    return records if form.reads_totals else without_totals(records, separator)


def delimited_records(file: ExportFile, form: TextForm) -> Records:
    """The records of a delimited file as they are read, totals apart."""
    return _delimited(file, form).records


def _delimited(file: ExportFile, form: TextForm) -> _Read:
    content, encoding = decoded(file_bytes(file.path))
    above = lines_above(content, form.heading)
    head = content[above.size : above.size + HEAD_BYTES].decode("utf-8", errors="replace")
    separator = form.separator or separator_of(head)
    names = header(head, separator, form.heading)
    above = past_blank_lines(content, above, separator)
    if form.whole and form.heading != 0:
        head = content[above.size : above.size + HEAD_BYTES].decode("utf-8", errors="replace")
        over_two = heading_of(head, separator, form.whole)
        if over_two:  # it is read as one line, and its lines are counted
            names = over_two.names
            content = over_two.as_one_line(separator) + content[above.size + over_two.size :]
            above = Above(above.lines + over_two.lines - 1)
    read = read_delimited(content, names, separator, above, has_heading=form.heading != 0)
    records = _records(read, form, separator)
    numbers = [
        records.columns[name] for name in form.numbers if name in records.columns.column_names
    ]
    usual = "," if separator == ";" else "."
    sign = decimal_sign(numbers, usual, stated=form.decimal_sign)
    return _Read(file, records, Facts(encoding, separator, sign, form.time_zone))


def _together(reads: list[_Read], connection: Connection) -> list[Raw]:
    reads.sort(key=lambda read: read.facts.decimal_sign)  # stable: files stay in order
    return [
        _raw(list(group), connection)
        for _, group in groupby(reads, lambda read: read.facts.decimal_sign)
    ]


def _raw(reads: list[_Read], connection: Connection) -> Raw:
    names: dict[str, str] = {}  # of our own, by those that files have
    placed = [_places(read.records.columns.column_names, names) for read in reads]
    rows = [_rows(read, own) for read, own in zip(reads, placed, strict=True)]
    return Raw(
        relation=connection.hold(pa.concat_tables(rows, promote_options="default")),
        columns={name: Expression(column) for name, column in names.items()},
        decimal_sign=reads[0].facts.decimal_sign,
        facts={read.file.file_id: read.facts for read in reads},
        bad={read.file.file_id: read.records.bad for read in reads},
        widths={read.file.file_id: read.records.columns.num_columns for read in reads},
        separator=reads[0].facts.separator or ";",
    )


def _places(columns: Sequence[str], names: dict[str, str]) -> Mapping[str, str]:
    """Which column of our own each column of a file is; new ones are added to the names.

    A name that another file has with other capitals is the same column, unless the file has both.
    """
    found = {}
    for name in columns:
        alike = (each for each in names if each.casefold() == name.casefold())
        twin = name if name in names else next((e for e in alike if e not in columns), name)
        found[name] = names.setdefault(twin, f"c{len(names)}")
    return found


def _rows(read: _Read, own: Mapping[str, str]) -> pa.Table:
    table, count = read.records.columns, read.records.columns.num_rows
    return pa.table(
        {
            "file_id": pa.repeat(read.file.file_id, count),
            "line": pa.array(read.records.lines, pa.int64()),
            **{column: _trimmed(table[name]) for name, column in own.items()},
        }
    )


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts without blanks around them; what is nothing but blanks is empty."""
    bare = pc.utf8_trim(column, characters=BLANKS)
    is_blank = pc.equal(bare, "")
    return pc.if_else(is_blank, None, bare) if pc.any(is_blank).as_py() else bare
