"""Runs a mapping over raw rows: the records of a table, and what was put aside of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.sources.protocol import ANY_VALUE, REJECTED
from klantreis.sources.reading.compiling import compile_table
from klantreis.sources.reading.connection import Connection, literal, sql_type
from klantreis.sources.reading.filling import Problem, Reader
from klantreis.sources.reading.mapping import KNOWN_NAMES, ColumnMapping, TableMapping
from klantreis.sources.reading.texts import Texts

__all__ = ["TableRead", "read_table"]

UNPIVOTED = "value"
COMBINATIONS = {
    "first": "arg_min({0}, line)",
    "last": "arg_max({0}, line)",
    "min": "min({0})",
    "max": "max({0})",
    "sum": "sum({0})",
}


@dataclass(frozen=True)
class TableRead:
    """What a mapping made of raw rows.

    Attributes:
        rows: SQL for `file_id`, `line`, `source` and the mapped columns.
        rejected: as `REJECTED`; the column `row` is still empty.
        read, put_aside: records by file.
    """

    rows: str
    rejected: pa.Table
    read: Mapping[str, int]
    put_aside: Mapping[str, int]


def read_table(
    texts: Texts, mapping: TableMapping, reader: Reader, connection: Connection
) -> TableRead:
    """Read the records of one table."""
    compiled = compile_table(texts, mapping, reader)
    # Values out of text are costly to read and are read once; typed ones of a huge file are read
    # whenever they are needed, so that they never stand in memory together.
    records = f"({compiled.sql})"
    if not texts.raw.is_huge:
        records = connection.kept(compiled.sql)
    counts = _counts(records, mapping, connection)
    rejected = REJECTED.empty_table()
    if counts.odd:
        odd = f"SELECT file_id, line, label, found FROM {records} WHERE found IS NOT NULL"
        rejected = _rejected(connection.fetch(odd), compiled.problems, mapping)
    if mapping.is_combined:
        return _combined(records, counts, rejected, mapping, connection)
    return TableRead(_rows(records, mapping), rejected, counts.read, counts.aside)


@dataclass(frozen=True)
class _Counts:
    """Records by file: all, those put aside, those without a key; and how many have a problem."""

    read: Mapping[str, int]
    aside: Mapping[str, int]
    keyless: Mapping[str, int]
    odd: int


def _counts(records: str, mapping: TableMapping, connection: Connection) -> _Counts:
    key = _all_filled(mapping.table.key)
    counts = connection.fetch(f"""
        SELECT file_id, count(*) AS read, count(*) FILTER (is_aside) AS aside,
          count(*) FILTER (NOT ({key})) AS keyless, count(found) AS odd
        FROM {records} GROUP BY file_id""").to_pydict()
    by_file = {
        name: dict(zip(counts["file_id"], counts[name], strict=True))
        for name in ("read", "aside", "keyless")
    }
    return _Counts(**by_file, odd=sum(counts["odd"]))


def _combined(
    records: str,
    counts: _Counts,
    rejected: pa.Table,
    mapping: TableMapping,
    connection: Connection,
) -> TableRead:
    """Rows with the same key become one record, which is put aside when one of them is.

    A sum over the rows that could be read would look like the whole and be too small.
    """
    needed = [
        mapped
        for mapped in mapping.columns
        if mapped.is_required and mapped.fills and mapped.column.name not in mapping.table.key
    ]
    key = _all_filled(mapping.table.key)
    groups = connection.fetch(_groups(f"{records} WHERE {key}", needed, mapping))
    connection.let_go(records)
    held = connection.hold(groups)
    is_aside = groups["is_aside"]
    lacking = groups.filter(pc.and_not(is_aside, groups["is_broken"]))
    read = Counter(_by_file(groups)) + Counter(counts.keyless)
    return TableRead(
        rows=_rows(held, mapping),
        rejected=pa.concat_tables(
            [rejected, *(_missing(lacking, each, mapping) for each in needed)]
        ),
        read=read,
        put_aside=Counter(_by_file(groups.filter(is_aside))) + Counter(counts.keyless),
    )


def _by_file(records: pa.Table) -> Mapping[str, int]:
    return {
        pair["values"]: pair["counts"] for pair in records["file_id"].value_counts().to_pylist()
    }


def _groups(records: str, needed: Sequence[ColumnMapping], mapping: TableMapping) -> str:
    key = ", ".join(["file_id", *mapping.table.key])
    values = "".join(
        f", {COMBINATIONS[each.combine].format(each.column.name)}::{sql_type(each.column)}"
        f" AS {each.column.name}"
        for each in mapping.columns
        if each.fills and each.column.name not in mapping.table.key
    )
    whole = _all_filled([mapped.column.name for mapped in needed])
    return f"""
        SELECT *, is_broken OR NOT ({whole}) AS is_aside
        FROM (SELECT {key}, any_value(source) AS source, min(line) AS line,
            bool_or(is_aside) AS is_broken{values}
          FROM {records} GROUP BY {key})
        ORDER BY file_id, line, {key}"""


def _rows(records: str, mapping: TableMapping) -> str:
    """SQL for the records that are taken in, with the columns that hang on a sign."""
    values = [
        f"CASE WHEN {each.sign_of} < 0 THEN {literal(each.negative)}"
        f" ELSE {literal(each.positive)} END AS {each.column.name}"
        if each.sign_of
        else each.column.name
        for each in mapping.columns
    ]
    names = ", ".join(["file_id", "line", "source", *values])
    return f"SELECT {names} FROM {records} WHERE NOT is_aside"


def _all_filled(names: Sequence[str]) -> str:
    return " AND ".join(f"{name} IS NOT NULL" for name in names) or "TRUE"


def _rejected(odd: pa.Table, problems: Sequence[Problem], mapping: TableMapping) -> pa.Table:
    """One row for each problem of each record that has any."""
    if not odd.num_rows:
        return REJECTED.empty_table()
    found = pc.list_flatten(odd["found"].combine_chunks())
    is_wrong = pc.is_valid(found).to_numpy(zero_copy_only=False)
    found = found.filter(pa.array(is_wrong))
    which = pa.array(np.tile(np.arange(len(problems)), odd.num_rows)[is_wrong])
    odd = odd.take(pa.array(np.repeat(np.arange(odd.num_rows), len(problems))[is_wrong]))

    def told(texts: Sequence[str | None]) -> pa.Array:
        return pa.array(texts, pa.string()).take(which)

    return pa.table(
        {
            "file_id": odd["file_id"],
            "line": odd["line"],
            "column": _columns(told([p.column for p in problems]), odd["label"], mapping),
            "reason": told([p.reason for p in problems]),
            "found": pc.if_else(pc.equal(found, ""), None, found),
            "allowed": told([p.allowed or None for p in problems]),
            "row": pa.nulls(odd.num_rows, pa.string()),
            "table_name": pa.repeat(mapping.table.name, odd.num_rows),
        },
        schema=REJECTED,
    )


def _columns(shown: pa.Array, labels: pa.ChunkedArray, mapping: TableMapping) -> pa.Array:
    """The columns of the file, also where a row stands for one that was unpivoted."""
    if not mapping.unpivot:
        return shown
    sources = {
        label: ", ".join(template.shown for template in templates)
        for label, templates in mapping.unpivot.labels
    }
    names = pa.array([sources.get(label, label) for label in labels.to_pylist()], pa.string())
    return pc.if_else(pc.equal(shown, UNPIVOTED), names, shown)


def _missing(groups: pa.Table, mapped: ColumnMapping, mapping: TableMapping) -> pa.Table:
    """One row for each record that was read well and yet lacks a value that it must have."""
    lacking = groups.filter(pc.is_null(groups[mapped.column.name]))
    count = lacking.num_rows
    names = dict.fromkeys(
        reference.name
        for fill in mapped.fills
        for reference in fill.references
        if reference.is_exact or reference.name not in KNOWN_NAMES
    )
    return pa.table(
        {
            "file_id": lacking["file_id"],
            "line": lacking["line"],
            "column": pa.repeat(", ".join(names), count),
            "reason": pa.repeat("missing", count),
            "found": pa.nulls(count, pa.string()),
            "allowed": pa.repeat(ANY_VALUE, count),
            "row": pa.nulls(count, pa.string()),
            "table_name": pa.repeat(mapping.table.name, count),
        },
        schema=REJECTED,
    )
