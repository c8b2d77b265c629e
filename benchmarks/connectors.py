"""Each connector beside DuckDB's own reader of the same files, as a ratio.

    python benchmarks/connectors.py WORKSPACE

Ours reads, checks, converts, removes doubles and writes tables; DuckDB by hand reads every column
of the same files in one group-by. See `floors.py`. Files in zip files are left out: DuckDB has no
reader for those.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from floors import floor_of_import
from klantreis import registry
from klantreis.engine import connect
from klantreis.errors import InputError
from klantreis.runner.exports import find_exports, new_files
from klantreis.settings import read_settings
from klantreis.sources import ExportFile, recognise_source, take_in
from klantreis.workspace.accounts import utc_now
from measuring import measured


def seconds_of(files: list[ExportFile], connector: str) -> tuple[float, int]:
    """Seconds to take the files of one source in, and the rows that came of them."""
    engine = connect("duckdb")
    with tempfile.TemporaryDirectory() as folder, measured() as took:
        source = registry.load("sources", connector)
        parts = take_in(source, files, engine, Path(folder), utc_now())
    engine.close()
    return took.seconds, sum(part.rows for part in parts)


def by_source(folder: Path) -> dict[str, list[ExportFile]]:
    settings = read_settings(folder)
    files: dict[str, list[ExportFile]] = {}
    for _, file in new_files(find_exports(folder), (), settings, folder, {}):
        if file.path.suffix != ".zip":
            files.setdefault(file.source, []).append(file)
    return files


def measure(folder: Path) -> dict[str, dict[str, float | int | str]]:
    """By source: connector, rows, our seconds, DuckDB's and the ratio."""
    floors, settings = floor_of_import(folder), read_settings(folder)
    told: dict[str, dict[str, float | int | str]] = {}
    for name, files in by_source(folder).items():
        own = settings.sources.get(name)
        try:
            connector = own.connector if own and own.connector else recognise_source(files[0]).name
        except InputError:
            continue
        took, rows = seconds_of(files, connector)
        told[name] = {
            "connector": connector,
            "rows": rows,
            "seconds": round(took, 2),
            "duckdb_seconds": round(floors[name], 2),
            "ratio": round(took / max(floors[name], 0.01), 1),
        }
    return told


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]).resolve()), indent=1))
