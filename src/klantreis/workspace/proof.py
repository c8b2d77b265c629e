"""Proof that nothing of a customer is left: every byte of every file of the workspace is looked at."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq

from klantreis.state import State
from klantreis.workspace.needles import Needles
from klantreis.workspace.their_rows import holds_identifier

__all__ = ["Proof", "prove"]

PORTION = 2**23
OVERLAP = 2**12  # longer than any identifier, in any encoding
ROWS_AT_ONCE = 2**17
ZIP, PARQUET = PACKED = (b"PK\x03\x04", b"PAR1")


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

    def told(self, needles: Needles) -> Mapping[str, Any]:
        """The same as plain values, in which no identifier stands: not in the name of a file either."""
        return {**vars(self), "found": [needles.without(path) for path in self.found]}


def prove(folder: Path, state: State, needles: Needles, *, but: Path | None = None) -> Proof:
    """Look for a customer's identifiers in every file below a folder, and in the state.

    Args:
        but: a folder that is left out.
    """
    files = size = 0
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or (but and file.is_relative_to(but)):
            continue
        files += 1
        size += file.stat().st_size
        name = file.relative_to(folder).as_posix()
        if needles.is_in_text(f"{name}\n{file.stem}") or _holds(file, needles):
            found.append(name)
    found += [f"state: {table}" for table in state.persons.tables_with(needles.is_named_in)]
    too_short = len(needles.identifiers) - len(needles.sure)
    return Proof(len(needles.sure), too_short, files, size, tuple(found))


def _holds(file: Path, needles: Needles) -> bool:
    with file.open("rb") as opened:
        return _holds_in(opened, needles)


def _holds_in(opened: IO[bytes], needles: Needles) -> bool:
    """Whether an identifier stands in these bytes, or in what is packed in them."""
    head = opened.read(4)
    opened.seek(0)
    if _holds_plainly(opened, needles):
        return True
    opened.seek(0)
    if head[:2] == b"\x1f\x8b":
        return _holds_unpacked(opened, needles)
    if head == ZIP:
        return _holds_in_members(opened, needles)
    if head == PARQUET:
        return _holds_in_rows(opened, needles)
    return False


def _holds_plainly(opened: IO[bytes], needles: Needles) -> bool:
    held, starts = b"", True
    portion = opened.read(PORTION)
    while portion:
        following = opened.read(PORTION)
        if needles.is_inside(held + portion, starts=starts, ends=not following):
            return True
        held, starts, portion = portion[-OVERLAP:], False, following
    return False


def _holds_unpacked(opened: IO[bytes], needles: Needles) -> bool:
    with gzip.open(opened) as unpacked:
        if unpacked.read(4) in PACKED:  # going to and fro in a packed file is slow
            unpacked.seek(0)
            return _holds_in(io.BytesIO(unpacked.read()), needles)
        unpacked.seek(0)
        return _holds_in(unpacked, needles)  # type: ignore[arg-type]  # it reads and seeks alike


def _holds_in_members(opened: IO[bytes], needles: Needles) -> bool:
    with zipfile.ZipFile(opened) as packed:
        return any(
            needles.is_in_text(name) or _holds_in(io.BytesIO(packed.read(name)), needles)
            for name in packed.namelist()
        )


def _holds_in_rows(opened: IO[bytes], needles: Needles) -> bool:
    return any(
        holds_identifier(column, needles)
        for batch in pq.ParquetFile(opened).iter_batches(batch_size=ROWS_AT_ONCE)
        for column in batch.columns
    )
