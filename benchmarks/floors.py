"""Two floors under our figures: DuckDB by hand on the raw exports, and on each step's input.

    python benchmarks/floors.py WORKSPACE

The floor of the import is DuckDB reading the same export files and doing one group-by a source. The
floor of a table is DuckDB reading all columns of the largest table that its step reads, in one
group-by by that table's person, customer or key with the largest value of every column.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

from klantreis import Workspace
from klantreis.pipeline import STEPS
from klantreis.tables import TABLES
from measuring import measured

GROUPED_BY = ("customer_id", "person_id")
READERS = {
    ".parquet": "read_parquet({files}, union_by_name=true)",
    ".csv": "read_csv({files}, all_varchar=true, union_by_name=true, ignore_errors=true, quote='\"', strict_mode=false, null_padding=true)",
    ".gz": "read_json({files}, format='newline_delimited', ignore_errors=true, union_by_name=true)",
    ".json": "read_json({files}, ignore_errors=true, union_by_name=true)",
}


def floor_of_import(folder: Path) -> dict[str, float]:
    """Seconds by source: read every export file, group by the first column and count."""
    seconds = {}
    for source in sorted((folder / "exports").iterdir()):
        by_ending: dict[str, list[str]] = {}
        for file in sorted(source.rglob("*")):
            if file.suffix in READERS:
                by_ending.setdefault(file.suffix, []).append(str(file))
        with measured() as took:
            for ending, files in by_ending.items():
                reader = READERS[ending].format(files=files)
                duckdb.sql(f"SELECT COLUMNS(*)::VARCHAR FROM {reader}").aggregate(
                    "#1, count(*), max(#2)", "#1"
                ).fetchall()
        seconds[source.name] = took.seconds
    return seconds


def floor_of_tables(workspace: Workspace) -> dict[str, float]:
    """Seconds by table: one wide group-by over the largest input of its step."""
    published = workspace.published
    assert published is not None
    seconds = {}
    for step in STEPS:
        largest = max(step.reads, key=lambda name: published.tables[name].rows)
        files = [str(f) for f in workspace.store.absolute(published.tables[largest].files)]
        columns = [column.name for column in TABLES[largest].columns]
        key = next((name for name in GROUPED_BY if name in columns), columns[0])
        if not files:
            continue
        values = ", ".join(f'max("{name}")' for name in columns if name != key)
        query = f'SELECT "{key}", count(*), {values} FROM read_parquet({files}) GROUP BY 1'
        with measured() as took:
            duckdb.sql(f"CREATE OR REPLACE TEMP TABLE floor AS {query}")
        seconds[step.name] = took.seconds
    return seconds


def main() -> None:
    folder = Path(sys.argv[1])
    duckdb.sql("SET enable_progress_bar = false")
    with Workspace.open(folder) as workspace:
        tables = floor_of_tables(workspace)
    print(json.dumps({"import": floor_of_import(folder), "tables": tables}))


if __name__ == "__main__":
    main()
