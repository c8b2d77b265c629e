"""Reads GA4's export: the bulk of all rows, so that all is done set by set, and parsed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.engine import Engine
from klantreis.errors import UnreadableFileError, message
from klantreis.sources.ga4.events import JSON_COLUMNS, clicks, events, identifiers, persons
from klantreis.sources.protocol import REJECTED, ExportFile, Facts, Reading
from klantreis.sources.reading import Connection, connection_of, literal
from klantreis.sources.reading.delimited import Numbers, read_lines
from klantreis.sources.reading.dialect import file_bytes
from klantreis.sources.reading.heads import head_of
from klantreis.sources.reading.raw import ROW_CHARACTERS
from klantreis.sources.reading.raw_parquet import parquet_columns
from klantreis.sources.reading.table_reading import by_file

__all__ = ["GA4Source", "source"]

MOMENT = "1767619331000000"  # microseconds since 1970, UTC
TELLING = ("event_timestamp", "event_name", "user_pseudo_id")


class GA4Source:
    """The connector; files are a day of events each, as JSON lines (zipped or not) or Parquet."""

    name = "ga4"
    tables = ("events", "persons", "identifiers")

    def recognise(self, file: ExportFile) -> float:
        try:
            head = head_of(file)
        except UnreadableFileError:
            return 0.0
        return 0.9 if head.form in ("json_lines", "parquet") and head.has(TELLING) else 0.0

    def read(self, files: Sequence[ExportFile], engine: Engine) -> Reading:
        """Read files, all of them JSON or all of them Parquet, or some of each."""
        connection = connection_of(engine)
        rows = pa.concat_tables(
            [
                _clicks(own, form, connection)
                for form in ("json_lines", "parquet")
                if (own := [file for file in files if _form(file) == form])
            ]
        )
        held = connection.hold(rows)
        tables = {
            "events": connection.fetch(events(held)),
            "persons": connection.fetch(persons(held)),
            "identifiers": connection.fetch(identifiers(held)),
        }
        bad = rows.filter(rows["is_bad"])
        connection.release()
        zero = dict.fromkeys((file.file_id for file in files), 0)
        taken = {name: {**zero, **by_file(table)} for name, table in tables.items()}
        aside = by_file(bad)
        taken["events"] = {key: n + aside.get(key, 0) for key, n in taken["events"].items()}
        return Reading(
            tables={name: engine.table(_with_source(t, files[0])) for name, t in tables.items()},
            rejected=_rejected(bad, files),
            rows_read=taken,
            rows_put_aside={"events": aside, "persons": {}, "identifiers": {}},
            facts={file.file_id: Facts("UTF-8", time_zone="UTC") for file in files},
        )


def _form(file: ExportFile) -> str:
    form = head_of(file).form
    if form not in ("json_lines", "parquet"):
        raise UnreadableFileError(
            message(
                "Not an export of GA4",
                where=file.shown_path,
                got=form,
                allowed="JSON lines or Parquet, as BigQuery exports them",
                next_step="see docs/sources/ga4.md",
            )
        )
    return form


def _clicks(files: Sequence[ExportFile], form: str, connection: Connection) -> pa.Table:
    """All rows of the files in order, with `file_id` and `line`."""
    paths = f"[{', '.join(literal(str(file.path)) for file in files)}]"
    if form == "parquet":
        fields = [set(parquet_columns(file.path, file.shown_path)) for file in files]
        known = set.intersection(*fields)
        read = f"read_parquet({paths}, filename = '_path', union_by_name = TRUE)"
    else:
        known = _fields(JSON_COLUMNS)
        columns = ", ".join(f"{name}: {literal(kind)}" for name, kind in JSON_COLUMNS.items())
        read = f"""read_json({paths}, filename = '_path', format = 'newline_delimited',
            ignore_errors = TRUE, columns = {{{columns}}})"""
    rows = f"SELECT *, list_position({paths}, _path)::INTEGER AS file FROM {read}"
    options = files[0].options
    orders = str(options.get("orders_source", "shopify"))
    found = connection.fetch(clicks(rows, files[0].source, orders, known))
    file = found["file"].to_numpy()
    starts = np.searchsorted(file, np.arange(1, len(files) + 1))
    lines = np.arange(1, len(file) + 1) - starts[file - 1]
    ids = pa.array([each.file_id for each in files]).take(pa.array(file - 1))
    return (
        found.drop_columns("file")
        .append_column("file_id", ids)
        .append_column("line", pa.array(lines))
    )


def _fields(columns: Mapping[str, str]) -> set[str]:
    """Names of columns and of the fields of structures."""
    fields = set(columns)
    for name, kind in columns.items():
        if kind.startswith("STRUCT(") and not kind.endswith("[]"):
            inner = kind.removeprefix("STRUCT(").removesuffix(")").split(",")
            fields |= {f"{name}.{field.split()[0]}" for field in inner}
    return fields


def _with_source(rows: pa.Table, file: ExportFile) -> pa.Table:
    return rows.append_column("source", pa.repeat(file.source, rows.num_rows))


def _rejected(bad: pa.Table, files: Sequence[ExportFile]) -> pa.Table:
    """What is wrong with each bad row; of JSON also the line itself."""
    rows = []
    concerned = by_file(bad)
    for file in files:
        if file.file_id not in concerned:
            continue
        own = bad.filter(pc.equal(bad["file_id"], file.file_id))
        texts, numbers = _lines_of(file)
        for record in own.to_pylist():
            place = record["line"] - 1  # among the lines that are not blank
            rows.append(
                {
                    "file_id": file.file_id,
                    "line": int(numbers[place]) if len(numbers) else record["line"],
                    "row": texts[place].as_py()[:ROW_CHARACTERS] if len(numbers) else None,
                    "table_name": "events",
                    **_problem(record),
                }
            )
    return pa.Table.from_pylist(rows, REJECTED)


def _lines_of(file: ExportFile) -> tuple[pa.ChunkedArray, Numbers]:
    return read_lines(file_bytes(file.path) if _form(file) == "json_lines" else b"")


def _problem(record: Mapping[str, Any]) -> Mapping[str, str | None]:
    if record["name"] is None and record["stamp"] is None:
        return {"column": None, "reason": "unreadable", "found": None, "allowed": "JSON"}
    if record["name"] is None:
        return {"column": "event_name", "reason": "missing", "found": None, "allowed": None}
    if record["occurred_at"] is None:
        stamp = record["stamp"]
        reason = "missing" if stamp is None else "not_a_time"
        return {"column": "event_timestamp", "reason": reason, "found": stamp, "allowed": MOMENT}
    found = record["revenue"]
    return {"column": "ecommerce", "reason": "not_a_number", "found": found, "allowed": "1234.56"}


source = GA4Source()
