"""Runs a mapping over raw rows: the records of a table, and what was put aside of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.sources.protocol import REJECTED
from klantreis.sources.reading.compiling import compile_table
from klantreis.sources.reading.connection import Connection, sql_type
from klantreis.sources.reading.filling import Problem, Reader
from klantreis.sources.reading.mapping import KNOWN_NAMES, ColumnMapping, TableMapping
from klantreis.sources.reading.texts import Texts

__all__ = ["TableRead", "by_file", "read_table"]

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
        rows: `file_id`, `line`, `source` and the mapped columns.
        rejected: as `REJECTED`; the column `row` is still empty.
        read, put_aside: records by file.
    """

    rows: pa.Table
    rejected: pa.Table
    read: Mapping[str, int]
    put_aside: Mapping[str, int]


def read_table(
    texts: Texts, mapping: TableMapping, reader: Reader, connection: Connection
) -> TableRead:
    """Read the records of one table."""
    compiled = compile_table(texts, mapping, reader)
    records = connection.fetch(compiled.sql)
    rejected = _rejected(records, compiled.problems, mapping)
    if mapping.is_combined:
        return _combined(records, rejected, mapping, connection)
    is_aside = records["is_aside"]
    return TableRead(
        rows=_finished(records.filter(pc.invert(is_aside)), mapping),
        rejected=rejected,
        read=by_file(records),
        put_aside=by_file(records.filter(is_aside)),
    )


def by_file(records: pa.Table) -> Mapping[str, int]:
    """How many records there are of each file."""
    counts = records["file_id"].value_counts()
    return {pair["values"]: pair["counts"] for pair in counts.to_pylist()}


def _combined(
    records: pa.Table, rejected: pa.Table, mapping: TableMapping, connection: Connection
) -> TableRead:
    """Rows with the same key become one record, which is put aside when one of them is.

    A sum over the rows that could be read would look like the whole and be too small.
    """
    has_key = _all_valid(records, mapping.table.key)
    keyless = by_file(records.filter(pc.invert(has_key)))
    groups = connection.fetch(_groups(connection.hold(records.filter(has_key)), mapping))
    needed = [
        mapped
        for mapped in mapping.columns
        if mapped.is_required and mapped.fills and mapped.column.name not in mapping.table.key
    ]
    readable = groups.filter(pc.invert(groups["is_aside"]))
    whole = readable.filter(_all_valid(readable, [mapped.column.name for mapped in needed]))
    read = Counter(by_file(groups)) + Counter(keyless)
    return TableRead(
        rows=_finished(whole, mapping),
        rejected=pa.concat_tables(
            [rejected, *(_missing(readable, mapped, mapping) for mapped in needed)]
        ),
        read=read,
        put_aside=read - Counter(by_file(whole)),
    )


def _groups(records: str, mapping: TableMapping) -> str:
    key = ", ".join(["file_id", *mapping.table.key])
    values = "".join(
        f", {COMBINATIONS[each.combine].format(each.column.name)}::{sql_type(each.column)}"
        f" AS {each.column.name}"
        for each in mapping.columns
        if each.fills and each.column.name not in mapping.table.key
    )
    return f"""
        SELECT {key}, any_value(source) AS source, min(line) AS line,
          bool_or(is_aside) AS is_aside{values}
        FROM {records} GROUP BY {key} ORDER BY file_id, line, {key}"""


def _finished(records: pa.Table, mapping: TableMapping) -> pa.Table:
    """The mapped columns, those that hang on a sign among them."""
    for mapped in mapping.columns:
        if mapped.sign_of:
            is_negative = pc.fill_null(pc.less(records[mapped.sign_of], 0), False)
            values = pc.if_else(is_negative, mapped.negative, mapped.positive)
            records = records.append_column(mapped.column.name, values)
    names = [mapped.column.name for mapped in mapping.columns]
    return records.select(["file_id", "line", "source", *names])


def _rejected(records: pa.Table, problems: Sequence[Problem], mapping: TableMapping) -> pa.Table:
    """One row for each problem of each record."""
    odd = records.filter(pc.is_valid(records["found"]))
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
            "allowed": pa.nulls(count, pa.string()),
            "row": pa.nulls(count, pa.string()),
            "table_name": pa.repeat(mapping.table.name, count),
        },
        schema=REJECTED,
    )


def _all_valid(records: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    everything = pa.chunked_array([pa.array(np.ones(records.num_rows, bool))])
    return reduce(pc.and_, [pc.is_valid(records[name]) for name in names], everything)
