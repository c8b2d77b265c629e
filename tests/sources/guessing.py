"""Guesses of files, and the rows that they come to."""

from __future__ import annotations

from pathlib import Path

from klantreis.engine import Engine
from klantreis.sources import (
    ExportFile,
    Guess,
    guess,
    mapping_text,
    sample_of,
)
from klantreis.sources.reading import read_by_mapping, read_mapping

ZONE = "Europe/Amsterdam"


def guessed(file: Path, **said: object) -> Guess:
    return guess(sample_of(file), time_zone=ZONE, **said)  # type: ignore[arg-type]


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def meant(found: Guess) -> dict[str, str]:
    return {one.column: one.means for one in found.columns if one.means}


def rows_of(file: Path, found: Guess, engine: Engine) -> dict[str, list[dict[str, object]]]:
    mapping = file.with_suffix(".toml")
    mapping.write_text(mapping_text(found), encoding="utf-8")
    export = ExportFile(file, file.name, "shop", "f" * 16, {"time_zone": ZONE})
    reading = read_by_mapping(read_mapping(mapping), [export], engine)
    assert not reading.rejected.num_rows, reading.rejected.to_pylist()
    tables = {name: engine.fetch(table).to_pylist() for name, table in reading.tables.items()}
    reading.release()
    return tables
