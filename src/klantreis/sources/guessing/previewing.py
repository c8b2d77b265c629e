"""The first rows of a file as they will be in our tables, and what would be put aside."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from klantreis.engine import Engine
from klantreis.errors import InputError, UnreadableFileError
from klantreis.sources.guessing.samples import HEAD_BYTES, SAMPLE_ROWS, Sample
from klantreis.sources.protocol import ExportFile, Source
from klantreis.sources.reading.dialect import file_bytes
from klantreis.sources.reading.spreadsheet import sheet_rows

__all__ = ["Preview", "preview"]

SHOWN_ROWS = 6
SHOWN_REJECTED = 20
COUNTED_REJECTED = 50_000


@dataclass(frozen=True)
class Preview:
    """What the first part of a file becomes.

    Attributes:
        tables: by name the first rows, only columns that are filled.
        read, put_aside: records of that part, by table.
        rejected: the first values that would go to quarantine, as in `protocol.REJECTED`.
        rejected_total: how many there are in that part.
        totals: how many of those are rows of totals, and notes below them.
        consents: how many persons in that part last said yes and no, by purpose.
        problem: why nothing can be read at all; None when it can.
    """

    tables: Mapping[str, list[dict[str, Any]]]
    read: Mapping[str, int]
    put_aside: Mapping[str, int]
    rejected: list[dict[str, Any]]
    rejected_total: int
    totals: int = 0
    consents: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    problem: InputError | None = None


def preview(
    file: ExportFile, sample: Sample, source: Source, engine: Engine, folder: Path
) -> Preview:
    """Read the first part of a file as an import would.

    Args:
        file: the file.
        sample: its first part.
        source: the connector, with its mapping in the options of `file`.
        engine: to read with.
        folder: empty, to lay the first part down in.
    """
    first = _first_part(file.path, sample, folder)
    part = ExportFile(first, file.shown_path, file.source, file.file_id, file.options)
    try:
        reading = source.read([part], engine)
        rows = {
            name: engine.fetch(table.limit(SHOWN_ROWS)).to_pylist()
            for name, table in reading.tables.items()
        }
        entries = reading.rejected.slice(0, COUNTED_REJECTED).to_pylist()
        # Of a value that several tables want, one entry, as in the quarantine.
        rejected = [*{(one["line"], one["column"]): one for one in reversed(entries)}.values()][
            ::-1
        ]
        found = Preview(
            tables={name: _filled(own) for name, own in rows.items() if own},
            read={name: sum(counts.values()) for name, counts in reading.rows_read.items()},
            put_aside={name: sum(c.values()) for name, c in reading.rows_put_aside.items()},
            rejected=rejected[:SHOWN_REJECTED],
            rejected_total=len(rejected),
            totals=sum(one["reason"] == "total" for one in rejected),
            consents=_consents(reading.tables.get("consents"), engine),
        )
        reading.release()
    except InputError as error:
        return Preview({}, {}, {}, [], 0, problem=error)
    return found


def _consents(stated: ir.Table | None, engine: Engine) -> Mapping[str, tuple[int, int]]:
    """How many persons last said yes and no, by purpose."""
    if stated is None:
        return {}
    last = stated.group_by("purpose", "person_id").aggregate(
        is_granted=stated["is_granted"].argmax(stated["stated_at"])
    )
    counted = last.group_by("purpose").aggregate(
        granted=last.count(where=last["is_granted"]),
        refused=last.count(where=~last["is_granted"]),
    )
    rows = engine.fetch(counted.order_by("purpose")).to_pylist()
    return {row["purpose"]: (row["granted"], row["refused"]) for row in rows}


def _filled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without our own bookkeeping and without columns that are empty in all of them."""
    shown = [
        name
        for name in rows[0]
        if name not in ("file_id", "line", "source") and any(row[name] is not None for row in rows)
    ]
    return [{name: row[name] for name in shown} for row in rows]


def _first_part(path: Path, sample: Sample, folder: Path) -> Path:
    """The first part of a file as a file of its own; the file itself when that is all of it."""
    if sample.is_whole:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    match sample.form:
        case "parquet":
            batch = next(pq.ParquetFile(path).iter_batches(SAMPLE_ROWS))
            pq.write_table(pa.Table.from_batches([batch]), target)
        case "excel":
            _cut_sheet(path, target)
        case "json":
            _cut_document(path, target, sample)
        case _:
            head = file_bytes(path, HEAD_BYTES)
            lines = head.split(b"\n")[: SAMPLE_ROWS + max(1, sample.heading)]
            _write(target, b"\n".join(lines) + b"\n")
    return target


def _cut_sheet(path: Path, target: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _, (_, cells) in zip(range(SAMPLE_ROWS), sheet_rows(path), strict=False):
        sheet.append(cells)
    book.save(target)


def _cut_document(path: Path, target: Path, sample: Sample) -> None:
    try:
        document = json.loads(file_bytes(path))
    except ValueError as error:
        raise UnreadableFileError(str(error)) from error
    records = document[sample.records] if sample.records else document
    cut = records[:SAMPLE_ROWS]
    whole = {**document, sample.records: cut} if sample.records else cut
    _write(target, json.dumps(whole, ensure_ascii=False).encode())


def _write(target: Path, content: bytes) -> None:
    target.write_bytes(gzip.compress(content) if target.suffix.lower() == ".gz" else content)
