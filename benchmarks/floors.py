"""Two floors under our figures: DuckDB by hand on the raw exports, and on each step's tables.

    python benchmarks/floors.py WORKSPACE

The floor of the import is DuckDB reading every column of the same export files in one group-by a
source. The floor of a table is DuckDB reading every column of every table that its step reads, in
one group-by by that table's person, customer or key with the largest value of every column, and
writing the rows that the step writes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb

from klantreis import Workspace
from klantreis.pipeline import STEPS
from klantreis.tables import TABLES
from measuring import measured

GROUPED_BY = ("customer_id", "person_id")
READERS = {
    ".parquet": "read_parquet({files})",
    ".csv": "read_csv({files}, all_varchar=true, union_by_name=true, ignore_errors=true, quote='\"', strict_mode=false, null_padding=true)",
    ".gz": "read_json({files}, format='newline_delimited', ignore_errors=true)",
    ".json": "read_json({files}, ignore_errors=true)",
}


def floor_of_import(folder: Path) -> dict[str, float]:
    """Seconds by source: read every export file, in one group-by by the first column."""
    seconds = {}
    for source in sorted((folder / "exports").iterdir()):
        by_ending: dict[str, list[str]] = {}
        for file in sorted(source.rglob("*")):
            if file.suffix in READERS:
                by_ending.setdefault(file.suffix, []).append(str(file))
        with measured() as took:
            for ending, files in by_ending.items():
                read_wholly(READERS[ending].format(files=files))
        seconds[source.name] = took.seconds
    return seconds


def floor_of_tables(workspace: Workspace) -> dict[str, float]:
    """Seconds by table: one wide group-by over each input of its step, and its rows written."""
    published = workspace.published
    assert published is not None

    def reader(name: str) -> str | None:
        files = [str(f) for f in workspace.store.absolute(published.tables[name].files)]
        return f"read_parquet({files})" if files else None

    seconds = {}
    with tempfile.TemporaryDirectory(dir=workspace.folder) as scratch:
        for step in STEPS:
            readers = [(name, r) for name in step.reads if (r := reader(name))]
            written = reader(step.name)
            if not readers or not written:
                continue
            with measured() as took:
                for name, read in readers:
                    columns = [column.name for column in TABLES[name].columns]
                    read_wholly(read, next((c for c in GROUPED_BY if c in columns), columns[0]))
                duckdb.sql(f"COPY (SELECT * FROM {written}) TO '{scratch}/{step.name}.parquet'")
            seconds[step.name] = took.seconds
    return seconds


def read_wholly(reader: str, key: str | None = None) -> None:
    """Read all columns in one group-by by `key`, without one by the first column."""
    columns = duckdb.sql(f"SELECT * FROM {reader} LIMIT 0").columns
    key = key or columns[0]
    values = "".join(f', max("{name}")' for name in columns if name != key)
    duckdb.sql(
        f'CREATE OR REPLACE TEMP TABLE floor AS SELECT "{key}", count(*){values} '
        f"FROM {reader} GROUP BY 1"
    )


def main() -> None:
    folder = Path(sys.argv[1])
    duckdb.sql("SET enable_progress_bar = false")
    with Workspace.open(folder) as workspace:
        tables = floor_of_tables(workspace)
    print(json.dumps({"import": floor_of_import(folder), "tables": tables}))


if __name__ == "__main__":
    main()
