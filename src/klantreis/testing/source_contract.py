"""What every source connector must hold to, as a test class to subclass."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klantreis.engine import connect
from klantreis.registry import GROUPS
from klantreis.sources import ExportFile, Part, Source, take_in
from klantreis.tables import check_rows, contract

__all__ = ["Sample", "SourceContract"]

IMPORTED_AT = datetime(2026, 1, 31, 12)
UNKNOWN = {
    "notes.csv": b"colour;shape\nred;round\n",
    "notes.json": b'{"colour": "red"}\n',
    "notes.txt": b"nothing that anyone exports\n",
    "empty.csv": b"",
}
Log = Mapping[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Sample:
    """A small recorded export, and what must come of it.

    Attributes:
        file: as the system really writes it, with at least one broken row.
        loaded: rows that each table gets of it.
        broken: line and column of every value or record that must be put aside; an empty column
            for a record that is unreadable as a whole.
        put_aside: records that are not taken in, by table.
        doubled: records that the file holds twice, by table.
        options: what a workspace would say of the source, beside its time zone.
    """

    file: Path
    loaded: Mapping[str, int]
    broken: Sequence[tuple[int, str]]
    put_aside: Mapping[str, int] = field(default_factory=dict)
    doubled: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


class SourceContract:
    """Subclass it as `class TestMySource(SourceContract)` and set the class attributes.

    Attributes:
        source: the connector.
        samples: one for each kind of file that it reads.
        is_recognised: whether it knows its files by themselves; a mapping does not.
    """

    source: ClassVar[Source]
    samples: ClassVar[Sequence[Sample]]
    is_recognised: ClassVar[bool] = True

    @pytest.fixture(scope="class")
    def alone(
        self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
    ) -> Sequence[Sequence[Part]]:
        """What comes of each sample by itself, read once for all tests."""
        suite = request.cls()
        return [suite._taken([one], tmp_path_factory.mktemp("alone")) for one in suite.samples]

    def test_it_has_what_the_registry_asks(self) -> None:
        for attribute in GROUPS["sources"].attributes:
            assert hasattr(self.source, attribute), attribute
        for table in self.source.tables:
            assert contract(table).room == "sources"

    def test_it_recognises_its_own_files(self) -> None:
        for sample in self.samples:
            assert (self.source.recognise(self._file(sample)) >= 0.5) is self.is_recognised

    def test_it_does_not_recognise_unknown_files(self, tmp_path: Path) -> None:
        for name, content in UNKNOWN.items():
            (tmp_path / name).write_bytes(content)
            assert self.source.recognise(_export_file(tmp_path / name, {})) < 0.5, name

    def test_its_tables_keep_their_contracts(self, alone: Sequence[Sequence[Part]]) -> None:
        engine = connect("duckdb")
        for part in (part for parts in alone for part in parts if part.files):
            table = contract(part.table_name)
            check_rows(engine.read(part.files, table), table)
        engine.close()

    def test_what_goes_in_comes_out(self, alone: Sequence[Sequence[Part]]) -> None:
        for sample, parts in zip(self.samples, alone, strict=True):
            log = _log(parts)
            for (_, table), line in log.items():
                expected = {
                    "rows_loaded": sample.loaded.get(table, 0),
                    "rows_quarantined": sample.put_aside.get(table, 0),
                    "rows_doubled": sample.doubled.get(table, 0),
                }
                assert {name: line[name] for name in expected} == expected, (sample.file, table)
                assert line["rows_read"] == sum(expected.values()), (sample.file, table)
            assert {table for _, table in log} >= set(sample.loaded)

    def test_broken_rows_are_put_aside_with_line_and_column(
        self, alone: Sequence[Sequence[Part]]
    ) -> None:
        for sample, parts in zip(self.samples, alone, strict=True):
            rows = _rows(parts).get("quarantine", [])
            found = {(row["line"], row["column"] or "") for row in rows}
            assert found == set(sample.broken), sample.file
            for row in rows:
                assert row["path"] == _shown_path(sample.file), sample.file
                assert row["row"] or sample.file.suffix == ".parquet", sample.file

    def test_reading_twice_gives_the_same_and_so_does_each_file_alone(
        self, tmp_path: Path, alone: Sequence[Sequence[Part]]
    ) -> None:
        first = self._taken(self.samples, tmp_path / "first")
        assert _rows(first) == _rows(self._taken(self.samples, tmp_path / "second"))
        together = _log(first)
        for parts in alone:
            for key, line in _log(parts).items():
                assert together[key] == line

    def _file(self, sample: Sample) -> ExportFile:
        return _export_file(sample.file, sample.options)

    def _taken(self, samples: Sequence[Sample], folder: Path) -> Sequence[Part]:
        files = [self._file(sample) for sample in samples]
        engine = connect("duckdb")
        try:
            return take_in(self.source, files, engine, folder, IMPORTED_AT)
        finally:
            engine.close()


def _export_file(path: Path, options: Mapping[str, Any]) -> ExportFile:
    usual = {"time_zone": "Europe/Amsterdam", "folder": path.parent}
    file_id = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return ExportFile(path, _shown_path(path), "sample", file_id, usual | dict(options))


def _shown_path(path: Path) -> str:
    return f"exports/sample/{path.name}"


def _log(parts: Sequence[Part]) -> Log:
    return {(line.path, line.table_name): vars(line) for part in parts for line in part.log}


def _rows(parts: Sequence[Part]) -> Mapping[str, list[dict[str, Any]]]:
    return {
        part.table_name: pa.concat_tables([pq.read_table(file) for file in part.files]).to_pylist()
        for part in parts
        if part.files
    }
