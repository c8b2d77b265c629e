"""Small export files for tests, and what comes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.engine import connect
from klantreis.sources import ExportFile, LogLine, Part, Source, take_in
from klantreis.sources.mapping import source as mapping

SAMPLES = Path(__file__).parent / "samples"
# A mapping of three columns, for tests of how a file is read and not of what is in it.
PRODUCTS = """
[[table]]
table = "products"
[table.columns]
product_id = "SKU"
name = "Naam"
price_amount = "Prijs"
"""
IMPORTED_AT = datetime(2026, 1, 31, 12)
Rows = Mapping[str, list[dict[str, Any]]]


def export_file(path: Path, source: str = "shop", **options: object) -> ExportFile:
    """A file as the importer hands it over."""
    usual = {"time_zone": "Europe/Amsterdam", "folder": path.parent}
    file_id = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return ExportFile(path, f"exports/{source}/{path.name}", source, file_id, usual | options)


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def taken(source: Source, files: Sequence[ExportFile], folder: Path) -> Sequence[Part]:
    engine = connect("duckdb")
    try:
        return take_in(source, files, engine, folder, IMPORTED_AT)
    finally:
        engine.close()


def rows_of(parts: Sequence[Part]) -> Rows:
    return {
        part.table_name: pa.concat_tables([pq.read_table(file) for file in part.files]).to_pylist()
        for part in parts
        if part.files
    }


def log_of(parts: Sequence[Part]) -> dict[str, LogLine]:
    """The log of a single file, by table."""
    return {line.table_name: line for part in parts for line in part.log}


def mapped(folder: Path, toml: str, content: str | bytes, name: str = "data.csv") -> Sequence[Part]:
    """What the mapping connector makes of a file."""
    written(folder / "mapping.toml", toml)
    file = written(folder / name, content)
    return taken(mapping, [export_file(file, mapping="mapping.toml")], folder / "parts")
