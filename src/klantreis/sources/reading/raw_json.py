"""JSON, by lines or as a document, as raw tables: one text column for each wanted path."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.protocol import ExportFile, Facts
from klantreis.sources.reading.connection import Connection, Expression, literal
from klantreis.sources.reading.delimited import Bad, read_lines
from klantreis.sources.reading.dialect import decimal_sign, decoded, file_bytes
from klantreis.sources.reading.paths import OF_THE_DOCUMENT, is_chosen, json_path, json_text
from klantreis.sources.reading.raw import Raw, trimmed
from klantreis.sources.reading.raw_text import TextForm

__all__ = ["raw_json_documents", "raw_json_lines"]

TELLING_LINES = 1_000  # that are looked at
TELLING_RECORDS = 20  # in fewer a field may be everywhere by chance


def raw_json_lines(
    files: Sequence[ExportFile], form: TextForm, wanted: Sequence[str], connection: Connection
) -> list[Raw]:
    """Read files with a JSON object on each line; a line that is none is put aside by itself."""
    encodings, parts = {}, []
    for file in files:
        content, encodings[file.file_id] = decoded(file_bytes(file.path))
        lines, numbers = read_lines(content)
        ids = pa.repeat(file.file_id, len(lines))
        parts.append(pa.table({"file_id": ids, "line": numbers, "text": lines}))
    held = connection.hold(pa.concat_tables(parts))
    rows = f"SELECT file_id, line, text, TRY_CAST(text AS JSON) AS record FROM {held}"
    found = connection.fetch(_values(rows, wanted))
    is_record = found["is_record"]
    odd = found.filter(pc.invert(is_record)).select(["file_id", "line", "text"]).to_pylist()
    bad = {
        file.file_id: tuple(
            Bad(row["line"], 0, row["text"]) for row in odd if row["file_id"] == file.file_id
        )
        for file in files
    }
    return [_raw(found.filter(is_record), wanted, form, encodings, bad, connection)]


def raw_json_documents(
    files: Sequence[ExportFile],
    form: TextForm,
    wanted: Sequence[str],
    records: str,
    connection: Connection,
) -> list[Raw]:
    """Read files that are one JSON document each; a record's line is its number, from 1.

    Args:
        records: name of the list that holds the records; empty when the document is that list, or
            is itself the one record.

    Raises:
        UnreadableFileError: a document is not JSON.
    """
    encodings, texts = {}, []
    for file in files:
        content, encodings[file.file_id] = decoded(file_bytes(file.path))
        texts.append(content.decode("utf-8"))
    held = connection.hold(
        pa.table(
            {
                "file_id": [file.file_id for file in files],
                "text": pa.array(texts, pa.large_string()),
            }
        )
    )
    documents = f"SELECT file_id, TRY_CAST(text AS JSON) AS document FROM {held}"
    _refuse_broken(
        files, connection.fetch(f"SELECT file_id FROM ({documents}) WHERE document IS NULL")
    )
    elements = (
        f"json_extract(document, {literal(json_path(records) + '[*]' if records else '$[*]')})"
    )
    if records:
        of_records = f"json_type(document, {literal(json_path(records))})"
        lacks = f"SELECT file_id FROM ({documents}) WHERE {of_records} IS DISTINCT FROM 'ARRAY'"
        _refuse_without(records, files, connection.fetch(lacks))
    else:
        # Answers of several pages may stand in one list, each a list itself.
        each = "CASE json_type(e) WHEN 'ARRAY' THEN json_extract(e, '$[*]') ELSE [e] END"
        elements = f"flatten(list_transform({elements}, lambda e: {each}))"
        elements = f"CASE WHEN json_type(document) = 'ARRAY' THEN {elements} ELSE [document] END"
    rows = f"""
        SELECT file_id, document, record, line, record::VARCHAR AS text FROM (
          SELECT file_id, document, unnest(elements) AS record, unnest(range(1, len(elements) + 1)) AS line
          FROM (SELECT *, {elements} AS elements FROM ({documents})))"""
    found = connection.fetch(_values(rows, wanted))
    return [_raw(found, wanted, form, encodings, {}, connection)]


def _values(rows: str, wanted: Sequence[str]) -> str:
    """SQL for the wanted values as text; all plain paths are looked up in one go."""
    whole = [n for n in wanted if n.startswith(OF_THE_DOCUMENT) and not is_chosen(n)]
    plain = [name for name in wanted if name not in whole and not is_chosen(name)]
    lists = [("plain", "record", plain), ("whole", "document", whole)]
    looked_up = "".join(
        f", json_extract_string({document}, [{', '.join(literal(json_path(n)) for n in names)}]) AS {name}"
        for name, document, names in lists
        if names
    )
    values = "".join(
        f", {trimmed(_value(name, plain, whole))} AS c{place}" for place, name in enumerate(wanted)
    )
    return f"""
        SELECT file_id, line, text, record IS NOT NULL AS is_record{values}
        FROM (SELECT *{looked_up} FROM ({rows}))"""


def _value(name: str, plain: Sequence[str], whole: Sequence[str]) -> str:
    if name in plain:
        return f"plain[{plain.index(name) + 1}]"
    if name in whole:
        return f"whole[{whole.index(name) + 1}]"
    document = "document" if name.startswith(OF_THE_DOCUMENT) else "record"
    return json_text(document, name, "record")


def _raw(
    found: pa.Table,
    wanted: Sequence[str],
    form: TextForm,
    encodings: Mapping[str, str],
    bad: Mapping[str, tuple[Bad, ...]],
    connection: Connection,
) -> Raw:
    numbers = [found[f"c{place}"] for place, name in enumerate(wanted) if name in form.numbers]
    sign = form.decimal_sign or decimal_sign(numbers, ".")
    relation = connection.hold(found)
    return Raw(
        relation=relation,
        columns={name: Expression(f"c{place}") for place, name in enumerate(wanted)},
        decimal_sign=sign,
        facts={
            file_id: Facts(encoding, "JSON", sign, form.time_zone)
            for file_id, encoding in encodings.items()
        },
        bad=bad,
        headings=_headings(relation, connection),
        whole="text",
    )


def _headings(relation: str, connection: Connection) -> Mapping[str, tuple[str, ...]]:
    """By file the fields that each of its first records has, in order of appearance.

    Systems leave out what they do not know of a record, so that only what all have can be missed.
    """
    first = connection.fetch(f"""
        SELECT file_id, text FROM {relation} WHERE line <= {TELLING_LINES} ORDER BY file_id, line""")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    records: Counter[str] = Counter()
    for file_id, text in zip(first["file_id"].to_pylist(), first["text"].to_pylist(), strict=True):
        counts[file_id].update(dict.fromkeys(_fields(text), 1))
        records[file_id] += 1
    return {
        file_id: tuple(name for name, count in found.items() if count == records[file_id])
        for file_id, found in counts.items()
        if records[file_id] >= TELLING_RECORDS
    }


def _fields(text: str) -> Iterable[str]:
    try:
        record = json.loads(text, strict=False)
    except (ValueError, RecursionError):  # the engine reads more than the standard allows
        return ()
    return record if isinstance(record, dict) else ()


def _refuse_without(records: str, files: Sequence[ExportFile], lacking: pa.Table) -> None:
    """A document without the list would give no records, and nobody would know."""
    ids = lacking["file_id"].to_pylist()
    for file in files:
        if file.file_id in ids:
            raise UnreadableFileError(
                message(
                    "The document lacks the list with the records",
                    where=file.shown_path,
                    allowed=f"an object with a list {records!r}",
                    next_step="export it again, or name another list in the mapping",
                )
            )


def _refuse_broken(files: Sequence[ExportFile], broken: pa.Table) -> None:
    ids = broken["file_id"].to_pylist()
    for file in files:
        if file.file_id in ids:
            raise UnreadableFileError(
                message("Not a JSON document", where=file.shown_path, next_step="export it again")
            )
