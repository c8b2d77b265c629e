"""Reading the exports back by hand, without the product's own connectors."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

__all__ = ["broken_lines", "json_lines", "sheet", "truth"]


def truth(folder: Path, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "truth" / f"{table}.parquet").to_pylist()
    return rows


def broken_lines(folder: Path) -> set[tuple[str, int]]:
    return {(row["path"], row["line"]) for row in truth(folder, "broken_rows")}


def sheet(
    folder: Path, pattern: str, separator: str = ",", encoding: str = "utf-8-sig"
) -> list[dict[str, str]]:
    """The sound rows of all files below `exports/` that fit the pattern."""
    broken, found = broken_lines(folder), []
    for file in sorted((folder / "exports").glob(pattern)):
        lines = file.read_text(encoding=encoding).splitlines()
        path = str(file.relative_to(folder))
        sound = [line for number, line in enumerate(lines, 1) if (path, number) not in broken]
        found += list(csv.DictReader(sound, delimiter=separator))
    return found


def json_lines(folder: Path, pattern: str) -> list[dict[str, Any]]:
    """The sound objects of all files below `exports/` that fit the pattern."""
    broken, found = broken_lines(folder), []
    for file in sorted((folder / "exports").glob(pattern)):
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode()
        path = str(file.relative_to(folder))
        found += [
            json.loads(line)
            for number, line in enumerate(text.splitlines(), 1)
            if (path, number) not in broken
        ]
    return found
