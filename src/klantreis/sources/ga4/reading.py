"""Reads GA4's export: the bulk of all rows, so that all is done set by set."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from klantreis.engine import Engine
from klantreis.errors import ChangedColumnsError, UnreadableFileError, message
from klantreis.sources.ga4.elements import elements
from klantreis.sources.ga4.events import JSON_COLUMNS, clicks, events, identifiers, persons
from klantreis.sources.protocol import ANY_VALUE, REJECTED, ExportFile, Facts, Reading
from klantreis.sources.reading import Connection, connection_of, literal
from klantreis.sources.reading.connection import identifier
from klantreis.sources.reading.delimited import Numbers, read_lines
from klantreis.sources.reading.dialect import decoded, file_bytes
from klantreis.sources.reading.heads import head_of
from klantreis.sources.reading.mapping import FileMapping, SourceMapping
from klantreis.sources.reading.raw import ROW_CHARACTERS
from klantreis.sources.reading.raw_parquet import ROWS_AT_ONCE, parquet_columns
from klantreis.sources.reading.recognising import changed_columns
from klantreis.sources.reading.renaming import known_names

__all__ = ["GA4Source", "source"]

TELLING = ("event_timestamp", "event_name", "user_pseudo_id")
FORMS = ("json_lines", "json", "parquet")
HEAD_BYTES = 1_000
EXPORTS = SourceMapping(
    (
        FileMapping("events", (), form="parquet", columns=TELLING),
        FileMapping("events", (), form="json_lines", columns=TELLING),
    )
)
MOMENT = "1767619331000000"  # microseconds since 1970, UTC


class GA4Source:
    """The connector; files are a day of events each, as JSON (zipped or not) or Parquet."""

    name = "ga4"
    tables = ("events", "persons", "identifiers")

    def recognise(self, file: ExportFile) -> float:
        try:
            head = head_of(file)
        except UnreadableFileError:
            return 0.0
        # Of JSON the fields of the event itself count, not those of a list that it stands in.
        is_one = head.form in FORMS and head.of_records("").has(TELLING)
        return 0.9 if is_one else 0.0

    def options(self, told: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        return {"orders_source": (), "subscriber_parameter": ()}

    def changed(self, file: ExportFile) -> ChangedColumnsError | None:
        """Which columns a file lacks that tell an event; None where it is no export of GA4."""
        return changed_columns(file, EXPORTS)

    def rank(self, file: ExportFile) -> int:
        """A day's table comes after the provisional one of the same day, and so its values hold."""
        return 0 if "intraday" in file.path.name else 1

    def read(self, files: Sequence[ExportFile], engine: Engine) -> Reading:
        """Read files, in JSON or Parquet or some of each.

        Raises:
            UnreadableFileError: a file is neither.
            ChangedColumnsError: a file lacks columns that tell an event.
        """
        connection = connection_of(engine)
        rows, is_huge = _clicks(files, connection)
        # Of a single huge file the events are never held together, but read whenever needed.
        keep = connection.view if is_huge else connection.kept
        tables = {
            "events": keep(events(rows)),
            "persons": connection.kept(persons(rows)),
            "identifiers": connection.kept(identifiers(rows)),
        }
        none = dict.fromkeys((file.file_id for file in files), 0)
        aside = {**none, **connection.count_by_file(f"{rows} WHERE is_bad")}
        taken = {**tables, "events": f"{rows} WHERE is_taken"}
        read = {name: {**none, **connection.count_by_file(t)} for name, t in taken.items()}
        read["events"] = {key: count + aside[key] for key, count in read["events"].items()}
        rejected = REJECTED.empty_table()
        if any(aside.values()):
            bad = f"SELECT * FROM {rows} WHERE is_bad ORDER BY file_id, line"
            rejected = _rejected(connection.fetch(bad), files, connection)
        if not is_huge:
            connection.let_go(rows)
        name_of_source = literal(files[0].source)
        return Reading(
            tables={
                name: connection.table(f"SELECT *, {name_of_source} AS source FROM {table}")
                for name, table in tables.items()
            },
            rejected=rejected,
            rows_read=read,
            rows_put_aside={"events": aside, "persons": none, "identifiers": none},
            facts={file.file_id: _facts(file) for file in files},
            release=connection.release,
        )


def _facts(file: ExportFile) -> Facts:
    """What was recognised of a file. In JSON a record leaves out what it does not know, and so the
    columns of a file cannot be told by it."""
    if _form(file) != "parquet":
        encoding = decoded(file_bytes(file.path, HEAD_BYTES))[1]
        return Facts("UTF-8" if encoding == "Windows-1252" else encoding, time_zone="UTC")
    names = tuple(dict.fromkeys(name.partition(".")[0] for name in head_of(file).columns))
    read = tuple(name for name in names if name in JSON_COLUMNS)
    return Facts("Parquet", time_zone="UTC", headings=names, headings_read=read)


def _clicks(files: Sequence[ExportFile], connection: Connection) -> tuple[str, bool]:
    """A name for all rows of the files, and whether they are too many to be held."""
    in_json = [file for file in files if _form(file) != "parquet"]
    in_parquet = [file for file in files if _form(file) == "parquet"]
    is_huge = sum(pq.read_metadata(file.path).num_rows for file in in_parquet) > ROWS_AT_ONCE
    names = [_json_clicks(in_json, connection)] if in_json else []
    if in_parquet:
        rows = _parquet_clicks(in_parquet)
        names.append(connection.view(rows) if is_huge else connection.kept(rows))
    if len(names) == 1:
        return names[0], is_huge
    return connection.view(" UNION ALL BY NAME ".join(f"FROM {name}" for name in names)), True


def _form(file: ExportFile) -> str:
    form = head_of(file).form
    if form not in FORMS:
        raise UnreadableFileError(
            message(
                "Not an export of GA4",
                where=file.shown_path,
                got=form,
                allowed="JSON (an event a line, or a list) or Parquet, as BigQuery exports them",
                next_step="see docs/sources/ga4.md",
            )
        )
    changed = changed_columns(file, EXPORTS)
    if changed:
        raise changed
    return form


def _json_clicks(files: Sequence[ExportFile], connection: Connection) -> str:
    """The rows of JSON files, parsed once and held, with `file_id` and `line`."""
    with TemporaryDirectory() as folder:
        plain = [_as_plain_lines(file, Path(folder), connection) for file in files]
        return _parsed_clicks(plain, connection)


def _as_plain_lines(file: ExportFile, folder: Path, connection: Connection) -> ExportFile:
    """The file itself, or what it says with an event on each line, in the encoding that is parsed."""
    if _form(file) == "json":
        rewritten = folder / f"{file.file_id}.json"
        rewritten.write_text("\n".join(elements(file, connection)), encoding="utf-8")
        return replace(file, path=rewritten)
    if decoded(file_bytes(file.path, HEAD_BYTES))[1] in ("UTF-8", "Windows-1252"):
        return file  # Exports are in UTF-8: a line that is not is put aside by itself.
    content, _ = decoded(file_bytes(file.path))
    rewritten = folder / f"{file.file_id}.json"
    rewritten.write_bytes(content)
    return replace(file, path=rewritten)


def _parsed_clicks(files: Sequence[ExportFile], connection: Connection) -> str:
    renamed = {now: name for name, now in files[0].renamed.items() if name in JSON_COLUMNS}
    kinds = {**JSON_COLUMNS, **{now: JSON_COLUMNS[name] for now, name in renamed.items()}}
    columns = ", ".join(f"{identifier(name)}: {literal(kind)}" for name, kind in kinds.items())
    read = f"""read_json({_paths(files)}, filename = '_path', format = 'newline_delimited',
        ignore_errors = TRUE, columns = {{{columns}}})"""
    rows = f"SELECT *, {_number(files)} AS file, 0 AS line FROM {read}"
    rows = _under_known_names(rows, set(kinds), files[0])
    found = connection.fetch(clicks(rows, *_names(files), _fields(JSON_COLUMNS), **_own(files)))
    # The rows come in the order of the files and their lines.
    file = found["file"].to_numpy() - 1
    starts = np.searchsorted(file, np.arange(len(files)))
    lines = pa.array(np.arange(1, len(file) + 1) - starts[file])
    ids = pa.array([each.file_id for each in files]).take(pa.array(file))
    found = (
        found.drop_columns(["file", "line"])
        .append_column("file_id", ids)
        .append_column("line", lines)
    )
    return connection.hold(found)


def _parquet_clicks(files: Sequence[ExportFile]) -> str:
    """SQL for the rows of Parquet files, with `file_id` and `line`."""
    known = set.intersection(*(set(_known_names(_columns(f), f)) for f in files))
    ids = f"[{', '.join(literal(file.file_id) for file in files)}]"
    rows = f"""
        SELECT *, {_number(files)} AS file, file_row_number + 1 AS line
        FROM read_parquet({_paths(files)}, filename = '_path', file_row_number = TRUE,
          union_by_name = TRUE)"""
    there = {field.partition(".")[0] for f in files for field in _columns(f)}
    rows = _under_known_names(rows, there, files[0])
    found = clicks(rows, *_names(files), known, **_own(files))
    return f"SELECT * EXCLUDE (file), {ids}[file] AS file_id FROM ({found})"


def _columns(file: ExportFile) -> Sequence[str]:
    return parquet_columns(file.path, file.shown_path)


def _known_names(fields: Sequence[str], file: ExportFile) -> list[str]:
    """Columns and fields of structures, those of renamed columns under the names that are known."""
    first = dict.fromkeys(field.partition(".")[0] for field in fields)
    known = dict(zip(first, known_names(list(first), file.renamed), strict=True))
    return [
        known[field.partition(".")[0]] + field[len(field.partition(".")[0]) :] for field in fields
    ]


def _under_known_names(rows: str, there: Collection[str], file: ExportFile) -> str:
    """SQL for the same rows with renamed columns under the names that are known."""
    own = {name.casefold(): name for name in there}
    replaced, added = [], []
    for known, now in file.renamed.items():
        fresh = own.get(now.casefold())
        if fresh and known.casefold() in own:
            either = f"coalesce({identifier(known)}, {identifier(fresh)})"
            replaced.append(f"{either} AS {identifier(known)}")
        elif fresh:
            added.append(f", {identifier(fresh)} AS {identifier(known)}")
    replacing = f" REPLACE ({', '.join(replaced)})" if replaced else ""
    return f"SELECT *{replacing}{''.join(added)} FROM ({rows})" if replaced or added else rows


def _paths(files: Sequence[ExportFile]) -> str:
    return f"[{', '.join(literal(str(file.path)) for file in files)}]"


def _number(files: Sequence[ExportFile]) -> str:
    """SQL for the number of the file that a row is from; of an enumeration, because that is known
    once for thousands of rows, where a look-up would be made for each."""
    paths = ", ".join(literal(str(file.path)) for file in files)
    return f"enum_code(_path::ENUM({paths}))::INTEGER + 1"


def _names(files: Sequence[ExportFile]) -> tuple[str, str]:
    """The source of these events, and that of the orders that they speak of."""
    return files[0].source, str(files[0].options.get("orders_source", "shopify"))


def _own(files: Sequence[ExportFile]) -> Mapping[str, str]:
    """What the owner says of the links in mailings."""
    return {"subscriber_parameter": str(files[0].options.get("subscriber_parameter", ""))}


def _fields(columns: Mapping[str, str]) -> set[str]:
    """Names of columns and of the fields of structures."""
    fields = set(columns)
    for name, kind in columns.items():
        if kind.startswith("STRUCT(") and not kind.endswith("[]"):
            inner = kind.removeprefix("STRUCT(").removesuffix(")").split(",")
            fields |= {f"{name}.{field.split()[0]}" for field in inner}
    return fields


def _counted(rows: pa.Table) -> Mapping[str, int]:
    return {pair["values"]: pair["counts"] for pair in rows["file_id"].value_counts().to_pylist()}


def _rejected(bad: pa.Table, files: Sequence[ExportFile], connection: Connection) -> pa.Table:
    """What is wrong with each bad row; of JSON also the line itself."""
    rows = []
    concerned = _counted(bad)
    for file in files:
        if file.file_id not in concerned:
            continue
        own = bad.filter(pc.equal(bad["file_id"], file.file_id))
        texts, numbers = _lines_of(file, connection)
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


def _lines_of(file: ExportFile, connection: Connection) -> tuple[pa.ChunkedArray, Numbers]:
    form = _form(file)
    if form == "parquet":
        return read_lines(b"")
    if form == "json":
        return read_lines("\n".join(elements(file, connection)).encode())
    return read_lines(decoded(file_bytes(file.path))[0])


def _problem(record: Mapping[str, Any]) -> Mapping[str, str | None]:
    if record["name"] is None and record["stamp"] is None:
        return {"column": None, "reason": "unreadable", "found": None, "allowed": "JSON"}
    if record["name"] is None:
        return {"column": "event_name", "reason": "missing", "found": None, "allowed": ANY_VALUE}
    if record["occurred_at"] is None:
        stamp = record["stamp"]
        reason = "missing" if stamp is None else "not_a_time"
        return {"column": "event_timestamp", "reason": reason, "found": stamp, "allowed": MOMENT}
    found = record["revenue"]
    return {"column": "ecommerce", "reason": "not_a_number", "found": found, "allowed": "1234.56"}


source = GA4Source()
