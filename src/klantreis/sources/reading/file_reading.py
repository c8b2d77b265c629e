"""Reads files by a mapping into tables, whatever their kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pyarrow as pa

from klantreis.engine import Engine
from klantreis.sources.protocol import REJECTED, ExportFile, Facts, Reading
from klantreis.sources.reading.connection import Connection, connection_of
from klantreis.sources.reading.delimited import Bad
from klantreis.sources.reading.filling import Reader
from klantreis.sources.reading.heads import head_of
from klantreis.sources.reading.mapping import FileMapping, SourceMapping
from klantreis.sources.reading.own_formats import own_formats
from klantreis.sources.reading.paths import IN_A_COLUMN
from klantreis.sources.reading.raw import ROW_CHARACTERS, Raw
from klantreis.sources.reading.raw_json import raw_json_documents, raw_json_lines
from klantreis.sources.reading.raw_parquet import raw_parquet
from klantreis.sources.reading.raw_text import (
    TextForm,
    raw_delimited,
    raw_sheets,
    raw_unheaded,
)
from klantreis.sources.reading.recognising import as_laid_out, kind_of
from klantreis.sources.reading.renaming import first_name, name_now, under_known_names
from klantreis.sources.reading.table_reading import read_table
from klantreis.sources.reading.texts import Texts

__all__ = ["read_by_mapping"]

WITH_HEADINGS = ("delimited", "excel", "parquet")
SHOWN_CHARACTERS = 100
ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


def read_by_mapping(mapping: SourceMapping, files: Sequence[ExportFile], engine: Engine) -> Reading:
    """Read files of one source.

    Raises:
        UnreadableFileError: a file is of no kind that the mapping knows, or cannot be read.
    """
    kinds: dict[tuple[str, str, str, int | None], tuple[FileMapping, list[ExportFile]]] = {}
    for file in files:
        kind = as_laid_out(kind_of(file, mapping), file)
        alike = (kind.name, kind.form, kind.sheet, kind.heading)
        kinds.setdefault(alike, (kind, []))[1].append(file)
    connection = connection_of(engine)
    parts = [
        _read_raw(raw, kind, own, mapping, connection)
        for kind, own in kinds.values()
        for raw in _raws(kind, own, mapping, connection)
    ]
    names = dict.fromkeys(name for part in parts for name in part.tables)
    return Reading(
        tables={
            name: connection.table(
                " UNION ALL BY NAME ".join(sql for part in parts for sql in part.tables[name])
            )
            for name in names
        },
        rejected=pa.concat_tables([part.rejected for part in parts]),
        rows_read={name: _added([part.read[name] for part in parts]) for name in names},
        rows_put_aside={name: _added([part.put_aside[name] for part in parts]) for name in names},
        facts={file.file_id: facts for part in parts for file, facts in _told(part, files)},
        release=connection.release,
    )


@dataclass
class _Part:
    """What one raw table gave; counts are by table and file."""

    raw: Raw
    kind: FileMapping
    rejected: pa.Table
    tables: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    read: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    put_aside: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def _told(part: _Part, files: Sequence[ExportFile]) -> Iterator[tuple[ExportFile, Facts]]:
    """The files of a part with what was recognised about them, and their headings."""
    kind = part.kind
    reads_all = any(table.unpivot and not table.unpivot.labels for table in kind.tables)
    names = _with_names_now(list(kind.wanted), files[0])
    wanted = {name.partition(IN_A_COLUMN)[0].casefold() for name in names}
    wanted |= {first_name(name).casefold() for name in names}
    for file in files:
        if file.file_id in part.raw.facts:
            head = None if kind.layout else head_of(file, kind.heading, kind.sheet, kind.whole)
            named = part.raw.headings.get(file.file_id, ())
            if head and head.form in WITH_HEADINGS:
                named = head.columns
            read = tuple(name for name in named if reads_all or name.casefold() in wanted)
            facts = part.raw.facts[file.file_id]
            yield file, replace(facts, kind=kind.name, headings=named, headings_read=read)


def _raws(
    kind: FileMapping, files: Sequence[ExportFile], mapping: SourceMapping, connection: Connection
) -> list[Raw]:
    form = TextForm(
        separator=kind.separator,
        decimal_sign=kind.decimal_sign,
        time_zone=_zone(kind, files[0]),
        sheet=kind.sheet,
        numbers=_with_names_now(_number_columns(kind), files[0]),
        key=_with_names_now(kind.question.key, files[0]) if kind.question else (),
        heading=kind.heading,
        whole=kind.whole,
        reads_totals=kind.reads_totals,
    )
    wanted = [name for name in kind.wanted if name not in mapping.options]
    raws = _laid_out(kind, files, form, _with_names_now(wanted, files[0]), connection)
    return [under_known_names(raw, wanted, files[0].renamed) for raw in raws]


def _with_names_now(names: Sequence[str], file: ExportFile) -> tuple[str, ...]:
    """Names of columns, and what those of them that were renamed are called now."""
    now = (name_now(name, file.renamed) for name in names)
    return tuple(dict.fromkeys([*names, *(name for name in now if name)]))


def _laid_out(
    kind: FileMapping,
    files: Sequence[ExportFile],
    form: TextForm,
    wanted: Sequence[str],
    connection: Connection,
) -> list[Raw]:
    match kind.form:
        case "parquet":
            return raw_parquet(files, form, connection)
        case "excel":
            return raw_sheets(files, form, connection)
        case "json_lines":
            return raw_json_lines(files, form, wanted, connection)
        case "json":
            return raw_json_documents(files, form, wanted, kind.records, connection)
        case _ if kind.layout:
            return raw_unheaded(files, form, kind.layout, wanted, connection)
        case _:
            return raw_delimited(files, form, connection)


def _zone(kind: FileMapping, file: ExportFile) -> str:
    return kind.time_zone or str(file.options.get("time_zone", "UTC"))


def _number_columns(kind: FileMapping) -> tuple[str, ...]:
    return tuple(
        {
            reference.name: None
            for table in kind.tables
            for mapped in (*table.columns, *table.checked)
            if mapped.column.dtype.is_numeric()
            for fill in mapped.fills
            for reference in fill.references
        }
    )


def _read_raw(
    raw: Raw,
    kind: FileMapping,
    files: Sequence[ExportFile],
    mapping: SourceMapping,
    connection: Connection,
) -> _Part:
    source, options = files[0].source, files[0].options
    known = {name: str(options.get(name, usual)) for name, usual in mapping.options.items()}
    stems = {file.file_id: file.path.name.split(".")[0] for file in files}
    paths = {file.file_id: file.shown_path for file in files}
    texts = Texts(raw, {**known, "source": source}, stems, paths)
    is_sheet = any(facts.encoding == "Excel" for facts in raw.facts.values())
    today = _today(files[0])
    reader = Reader(
        raw.decimal_sign,
        _zone(kind, files[0]),
        ISO if is_sheet else (),
        counts_days=is_sheet,
        own_formats=own_formats(raw, kind.tables, connection, today),
        today=today,
    )
    part = _Part(raw, kind, _unreadable(raw, kind.tables[0].table.name))
    rejected = []
    for table in kind.tables:
        name, read = table.table.name, read_table(texts, table, reader, connection)
        part.tables[name].append(read.rows)
        rejected.append(read.rejected)
        part.read[name].update({**dict.fromkeys(raw.facts, 0), **read.read})
        part.put_aside[name].update(read.put_aside)
    # What could not be laid into columns is counted once: with the table that the file is for.
    unreadable = {file_id: len(records) for file_id, records in raw.bad.items()}
    part.read[kind.tables[0].table.name].update(unreadable)
    part.put_aside[kind.tables[0].table.name].update(unreadable)
    part.rejected = pa.concat_tables([part.rejected, _with_rows(rejected, raw, connection)])
    connection.let_go(raw.relation)
    return part


def _today(file: ExportFile) -> date:
    """The day on which the file is taken in."""
    told = str(file.options.get("imported_at", ""))[:10]
    return date.fromisoformat(told) if told else datetime.now(UTC).date()


def _unreadable(raw: Raw, table: str) -> pa.Table:
    rows = [
        {
            "file_id": file_id,
            "line": record.line,
            "column": None,
            "reason": record.reason,
            **_told_of(record, raw.widths.get(file_id, 0)),
            "row": record.text[:ROW_CHARACTERS],
            "table_name": table,
        }
        for file_id, records in raw.bad.items()
        for record in records
    ]
    return pa.Table.from_pylist(rows, REJECTED)


def _told_of(record: Bad, width: int) -> Mapping[str, str | None]:
    """What was found and what is allowed, of a record that is not taken for one."""
    if record.reason == "total":
        return {"found": record.text[:SHOWN_CHARACTERS], "allowed": None}
    if not record.width:
        return {"found": None, "allowed": "JSON"}
    return {"found": f"{record.width} columns", "allowed": f"{width} columns"}


def _with_rows(rejected: list[pa.Table], raw: Raw, connection: Connection) -> pa.Table:
    """The same with each record as it stood in the file."""
    whole = pa.concat_tables(rejected)
    if not whole.num_rows:
        return whole
    held = connection.hold(
        whole.append_column("place", pa.array(range(whole.num_rows), pa.int64()))
    )
    return connection.fetch(f"""
        SELECT rejected.* EXCLUDE (place) REPLACE (rows.row AS row)
        FROM {held} rejected JOIN ({raw.row_texts()} SEMI JOIN {held} USING (file_id, line)) rows
          USING (file_id, line)
        ORDER BY place""").select(REJECTED.names)


def _added(counts: Sequence[Counter[str]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return total
