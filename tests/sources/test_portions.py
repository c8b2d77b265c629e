"""Files are read in portions that fit into memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klantreis.sources.portions import portions
from klantreis.sources.social import source as social
from tests.sources.files import export_file, taken, written


def test_files_stay_in_order_and_a_large_one_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("klantreis.sources.portions.BYTES_AT_ONCE", 1_000)
    sizes = {"a.csv": 90, "b.csv": 90, "c.csv": 5_000, "d.csv": 10}
    files = [export_file(written(tmp_path / name, name * size)) for name, size in sizes.items()]
    small = [export_file(written(tmp_path / name, name)) for name in ("e.csv", "f.csv")]
    names = [[file.path.name for file in portion] for portion in portions([*files, *small])]
    assert names == [["a.csv"], ["b.csv"], ["c.csv"], ["d.csv", "e.csv", "f.csv"]]


def test_parquet_is_weighed_by_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klantreis.sources.portions.BYTES_AT_ONCE", 100_000)
    files = []
    for name in ("a.parquet", "b.parquet"):
        pq.write_table(pa.table({"x": [len(name)] * 100, "name": [name] * 100}), tmp_path / name)
        files.append(export_file(tmp_path / name))
    assert [len(portion) for portion in portions(files)] == [1, 1]


def test_each_portion_gives_its_own_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klantreis.sources.portions.BYTES_AT_ONCE", 1)
    line = '{{"id": "{0}", "platform": "x", "created_at": "2026-01-12T08:51:40Z", "author": {{}}, "text": "t"}}\n'
    files = [export_file(written(tmp_path / f"{n}.json", line.format(n))) for n in "ab"]
    parts = [part for part in taken(social, files, tmp_path / "parts") if part.rows]
    assert [part.table_name for part in parts] == ["feedback", "feedback"]
    assert len({part.part_id for part in parts}) == 2
