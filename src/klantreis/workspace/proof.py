"""Proof that nothing of a customer is left: every byte of every file of the workspace is looked at."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.state import State
from klantreis.workspace.needles import Needles

__all__ = ["Proof", "prove"]


@dataclass(frozen=True)
class Proof:
    """What a search for a customer's identifiers looked at, and found.

    Attributes:
        identifiers: how many were looked for.
        too_short: how many were not, because so short a text also stands for other things; rows
            that hold them were taken out by column.
        files: how many files were read, also inside of gz, zip, xlsx and parquet.
        bytes: in those files.
        found: paths in which an identifier still stands; empty when nothing is left.
    """

    identifiers: int
    too_short: int
    files: int
    bytes: int
    found: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not self.found


def prove(folder: Path, state: State, needles: Needles) -> Proof:
    """Look for a customer's identifiers in every file below a folder, and in the state."""
    files = size = 0
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        files += 1
        size += file.stat().st_size
        name = file.relative_to(folder).as_posix()
        if needles.is_in_text(f"{name}\n{file.stem}") or _holds(file.read_bytes(), needles):
            found.append(name)
    found += [f"state: {table}" for table in state.erasures.tables_with(needles.is_in_text)]
    too_short = len(needles.identifiers) - len(needles.sure)
    return Proof(len(needles.sure), too_short, files, size, tuple(found))


def _holds(content: bytes, needles: Needles) -> bool:
    """Whether an identifier stands in these bytes, or in what is packed in them."""
    if needles.is_in(content):
        return True
    if content[:2] == b"\x1f\x8b":
        return _holds(gzip.decompress(content), needles)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return any(_holds(packed.read(name), needles) for name in packed.namelist())
    if content[:4] == b"PAR1":
        return _holds_in_rows(content, needles)
    return False


def _holds_in_rows(content: bytes, needles: Needles) -> bool:
    for batch in pq.ParquetFile(io.BytesIO(content)).iter_batches():
        for column in batch.columns:
            if _is_text(column.type) and any(needles.is_in_text(text) for text in _texts(column)):
                return True
    return False


def _texts(column: pa.Array) -> set[str]:
    is_plain = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    values = (column.unique() if is_plain else column).drop_null().to_pylist()
    return {
        value if is_plain else json.dumps(value, ensure_ascii=False, default=str)
        for value in values
    }


def _is_text(kind: pa.DataType) -> bool:
    return not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_temporal(kind)
        or pa.types.is_decimal(kind)
    )
