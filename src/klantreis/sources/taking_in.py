"""Takes export files in: tables in the shape of their contracts, each key once, and a log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from klantreis import registry
from klantreis.engine import Engine
from klantreis.errors import (
    ChangedColumnsError,
    ContractError,
    InputError,
    UnreadableFileError,
    message,
)
from klantreis.sources.portions import portions
from klantreis.sources.protocol import REJECTED, ExportFile, Facts, Reading, Source
from klantreis.tables import Table, contract

__all__ = ["LogLine", "Part", "as_taken_in", "nearest_source", "recognise_source", "take_in"]

SURE_ENOUGH = 0.5
NEAR = 0.6  # part of a connector's columns that a file has, of which it may be a changed export
SHOWN_FILES = 5
LINES_AT_MOST = 2**40  # of a file: more than any has


@dataclass(frozen=True)
class LogLine:
    """What one file gave for one table: a row of the table `imports`."""

    file_id: str
    source: str
    path: str
    connector: str
    table_name: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_doubled: int
    encoding: str
    separator: str
    decimal_sign: str
    time_zone: str
    file_kind: str
    headings: tuple[str, ...]
    headings_read: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None
    imported_at: datetime


@dataclass(frozen=True)
class Part:
    """What some files gave for one table.

    Attributes:
        part_id: the same for the same files, taken in at the same moment.
        files: Parquet files, in which each key of the table stands once.
        rows: in them.
        first_at, last_at: period of the rows, UTC; None where they have no date.
        log: one line for each file; of the quarantine none.
    """

    part_id: str
    table_name: str
    files: tuple[Path, ...]
    rows: int
    first_at: datetime | None = None
    last_at: datetime | None = None
    log: tuple[LogLine, ...] = ()


def recognise_source(file: ExportFile, expected: Iterable[str] = ()) -> Source:
    """The connector that knows a file best.

    Args:
        expected: names of connectors that it may well be an export of, with changed columns.

    Raises:
        ChangedColumnsError: none is sure, and it lacks columns of an expected one.
        InputError: none is sure enough.
    """
    sources: Mapping[str, Source] = registry.load_all("sources")
    sure = {name: source.recognise(file) for name, source in sources.items()}
    best = max(sure, key=lambda name: sure[name], default="")
    if not best or sure[best] < SURE_ENOUGH:
        nearest = _nearest({name: sources[name] for name in expected}, file)
        if nearest:
            raise nearest[1]
        raise InputError(
            message(
                "No connector recognises the file",
                where=file.shown_path,
                allowed=", ".join(sources),
                next_step=f"name one in klantreis.toml: [sources.{file.source}] connector = ..., "
                "or have a mapping written by klantreis guess",
            )
        )
    return sources[best]


def nearest_source(file: ExportFile) -> tuple[str, ChangedColumnsError] | None:
    """The connector of which a file lacks the fewest columns, and which; none where it is no export."""
    found = _nearest(registry.load_all("sources"), file)
    return found if found and found[1].share > NEAR else None


def _nearest(
    sources: Mapping[str, Source], file: ExportFile
) -> tuple[str, ChangedColumnsError] | None:
    changes = ((name, getattr(one, "changed", _no_change)(file)) for name, one in sources.items())
    found = [(name, error) for name, error in changes if error]
    return min(found, key=lambda one: (-one[1].share, len(one[1].lacking)), default=None)


def _no_change(file: ExportFile) -> ChangedColumnsError | None:
    return None


def take_in(
    source: Source,
    files: Sequence[ExportFile],
    engine: Engine,
    folder: Path,
    imported_at: datetime,
) -> list[Part]:
    """Read files of one source folder and write what is in them.

    Files are read together as far as memory carries, because a question costs as much as thousands
    of rows. For every file and table: rows read = rows loaded + rows put aside + rows doubled.

    Args:
        source: the connector.
        files: in the order in which they hold: of a key that several files bring, the last
            file's values are kept, save where the contract merges otherwise.
        engine: the embedded one; see `connection_of`.
        folder: a folder of their own for these files is made in it.
        imported_at: UTC, naive.

    Raises:
        UnreadableFileError: one of the files cannot be read as a whole; what was written of the
            others is to be thrown away.
    """
    parts: list[Part] = []
    for portion in portions([as_taken_in(file, imported_at) for file in files]):
        try:
            parts += _taken_in(source, portion, engine, folder, imported_at)
        except (*engine.failures, pa.ArrowException) as error:
            raise _damaged(portion, str(error)) from error
    return parts


def as_taken_in(file: ExportFile, imported_at: datetime) -> ExportFile:
    """The file, with when it is taken in (UTC, naive) for mappings that ask that."""
    told = {"imported_at": f"{imported_at:%Y-%m-%d %H:%M:%S}+00:00"}
    return replace(file, options={**file.options, **told})


def _damaged(files: Sequence[ExportFile], reason: str) -> UnreadableFileError:
    """What broke while it was read: half a gzipped file, a page of Parquet."""
    for file in files:
        reason = reason.replace(str(file.path), file.path.name)
    return UnreadableFileError(
        message(
            "The file is damaged" if len(files) == 1 else "One of the files is damaged",
            where=", ".join(file.shown_path for file in files[:SHOWN_FILES]),
            got=reason.splitlines()[0] if reason else "",
            next_step="export it again",
        )
    )


def _taken_in(
    source: Source,
    files: Sequence[ExportFile],
    engine: Engine,
    folder: Path,
    imported_at: datetime,
) -> list[Part]:
    reading = source.read(files, engine)
    taking = _Taking(
        source.name, files, reading, engine, folder / _batch_id(files, imported_at), imported_at
    )
    parts = [taking.table(contract(name)) for name in reading.tables]
    if reading.rejected.num_rows:
        parts.append(taking.quarantine())
    reading.release()
    return parts


@dataclass(frozen=True)
class _Taking:
    """What was read, on its way to Parquet files."""

    connector: str
    files: Sequence[ExportFile]
    reading: Reading
    engine: Engine
    folder: Path
    imported_at: datetime

    def table(self, table: Table) -> Part:
        rows = self.reading.tables[table.name]
        counts = self._counts(rows, table)
        self._check(counts, table)
        read = sum(count["rows"] for count in counts.values())
        if any(count["different"] < read for count in counts.values()):
            rows = self._each_key_once(rows, table)
        written = self.engine.write(rows, table, self.folder) if read else None
        return Part(
            part_id=f"{self.folder.name}:{table.name}",
            table_name=table.name,
            files=written.files if written else (),
            rows=written.rows if written else 0,
            first_at=min((c["first"] for c in counts.values() if c["first"]), default=None),
            last_at=max((c["last"] for c in counts.values() if c["last"]), default=None),
            log=tuple(self._line(file, table, counts) for file in self._files_of(table)),
        )

    def quarantine(self) -> Part:
        """What was put aside; of a value that several tables wanted, one entry."""
        entries = self.reading.rejected
        places = entries.select(["file_id", "line", "column"]).append_column(
            "place", pa.array(range(entries.num_rows), pa.int64())
        )
        firsts = places.group_by(["file_id", "line", "column"]).aggregate([("place", "min")])
        entries = entries.take(firsts["place_min"]).sort_by(
            [("file_id", "ascending"), ("line", "ascending"), ("column", "ascending")]
        )
        paths = {file.file_id: file.shown_path for file in self.files}
        count = entries.num_rows
        ids = pc.binary_join_element_wise(
            entries["file_id"],
            entries["line"].cast(pa.string()),
            pc.fill_null(entries["column"], ""),
            ":",
        )
        rows = pa.table(
            {
                **{name: entries[name] for name in REJECTED.names},
                "quarantine_id": ids,
                "source": pa.repeat(self.files[0].source, count),
                "path": pa.array([paths[key] for key in entries["file_id"].to_pylist()]),
                "imported_at": pa.repeat(pa.scalar(self.imported_at, pa.timestamp("us")), count),
            }
        )
        written = self.engine.write(self.engine.table(rows), contract("quarantine"), self.folder)
        return Part(
            f"{self.folder.name}:quarantine",
            "quarantine",
            written.files,
            written.rows,
            self.imported_at,
            self.imported_at,
        )

    def _counts(self, rows: ir.Table, table: Table) -> Mapping[str, Mapping[str, Any]]:
        """Of each file its rows, keys and period; and how many different keys there are in all."""
        key = ", ".join(table.key)
        moment = f"CAST({table.period} AS TIMESTAMP)" if table.period in rows.columns else "NULL"
        counts = self.engine.query(
            f"""
            WITH keys AS (
              SELECT file_id, {key}, count(*) AS n, min({moment}) AS first_at, max({moment}) AS last_at
              FROM rows_taken GROUP BY file_id, {key}
            ), different AS (SELECT count(*) AS n FROM (SELECT DISTINCT {key} FROM keys) AS each_key)
            SELECT file_id, count(*) AS keys, CAST(sum(n) AS BIGINT) AS rows,
              min(first_at) AS first, max(last_at) AS last, (SELECT n FROM different) AS different
            FROM keys GROUP BY file_id""",
            {"rows_taken": rows},
        )
        return {row["file_id"]: row for row in counts.to_pylist()}

    def _each_key_once(self, rows: ir.Table, table: Table) -> ir.Table:
        """Of a key that stands there several times, one row.

        Only those keys are gone through: most tables have none or few.
        """
        key = list(table.key)
        doubled = rows.group_by(key).having(rows.count() > 1).aggregate(rows=rows.count())
        keys = self.engine.fetch(doubled.select(*key))
        several = self.engine.table(keys)
        names = [column.name for column in table.columns if column.name in rows.columns]
        merged = self._merged(rows.semi_join(several, key), table)
        return rows.anti_join(several, key).select(*names).union(merged.select(*names))

    def _merged(self, rows: ir.Table, table: Table) -> ir.Table:
        """Of the last file that brings a key the first row, save what the contract merges."""
        numbers = {
            "file_id": [file.file_id for file in self.files],
            "file_number": pa.array(range(len(self.files)), pa.int64()),
        }
        numbered = rows.join(self.engine.table(pa.table(numbers)), "file_id")
        place = numbered["file_number"] * LINES_AT_MOST - numbered["line"]
        told = replace(
            table,
            telling=tuple(name for name in table.telling if name in rows.columns),
            hinting=tuple(name for name in table.hinting if name in rows.columns),
        )
        rank = told.precedence(numbered, place)
        present = [c for c in table.columns if c.name in rows.columns and c.name not in table.key]
        plain = [column.name for column in present if column.merge == "latest"]
        newest = numbered.group_by(list(table.key)).aggregate(
            newest=ibis.struct({name: numbered[name] for name in plain}).argmax(rank),
            **{
                column.name: getattr(numbered[column.name], column.merge)()
                for column in present
                if column.merge != "latest"
            },
        )
        return newest.order_by(list(table.key)).unpack("newest")

    def _files_of(self, table: Table) -> list[ExportFile]:
        return [file for file in self.files if file.file_id in self.reading.rows_read[table.name]]

    def _check(self, counts: Mapping[str, Mapping[str, Any]], table: Table) -> None:
        """No record may be lost on the way.

        Raises:
            ContractError: records read are not those taken over and put aside together.
        """
        for file in self._files_of(table):
            read = self.reading.rows_read[table.name][file.file_id]
            aside = self.reading.rows_put_aside[table.name].get(file.file_id, 0)
            taken = counts[file.file_id]["rows"] if file.file_id in counts else 0
            if read != taken + aside:
                raise ContractError(
                    message(
                        f"Connector {self.connector} loses records of {table.name}",
                        where=file.shown_path,
                        got=f"{taken:,} taken over and {aside:,} put aside",
                        allowed=f"{read:,} together, as were read",
                        next_step="correct the connector",
                    )
                )

    def _line(
        self, file: ExportFile, table: Table, counts: Mapping[str, Mapping[str, Any]]
    ) -> LogLine:
        count = counts.get(file.file_id, {"rows": 0, "keys": 0, "first": None, "last": None})
        facts = self.reading.facts.get(file.file_id, Facts())
        return LogLine(
            file_id=file.file_id,
            source=file.source,
            path=file.shown_path,
            connector=self.connector,
            table_name=table.name,
            rows_read=self.reading.rows_read[table.name][file.file_id],
            rows_loaded=count["keys"],
            rows_quarantined=self.reading.rows_put_aside[table.name].get(file.file_id, 0),
            rows_doubled=count["rows"] - count["keys"],
            encoding=facts.encoding,
            separator=facts.separator,
            decimal_sign=facts.decimal_sign,
            time_zone=facts.time_zone,
            file_kind=facts.kind,
            headings=facts.headings,
            headings_read=facts.headings_read,
            first_at=count["first"],
            last_at=count["last"],
            imported_at=self.imported_at,
        )


def _batch_id(files: Sequence[ExportFile], imported_at: datetime) -> str:
    whole = "|".join([imported_at.isoformat(), *(f"{f.source}/{f.file_id}" for f in files)])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
