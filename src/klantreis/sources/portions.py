"""Files in portions that fit into memory when they are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.sources.protocol import ExportFile

__all__ = ["portions"]

BYTES_AT_ONCE = 2**30
BYTES_A_ROW = 800
UNPACKED, READ = 20, 10  # how much more room a file takes when it is read


def portions(files: Sequence[ExportFile]) -> Iterator[list[ExportFile]]:
    """The files in portions that fit into memory when they are read together."""
    portion: list[ExportFile] = []
    weight = 0
    for file in files:
        own = _bytes_when_read(file.path)
        if portion and weight + own > BYTES_AT_ONCE:
            yield portion
            portion, weight = [], 0
        portion.append(file)
        weight += own
    if portion:
        yield portion


def _bytes_when_read(path: Path) -> int:
    """About how much memory the rows of a file take."""
    if path.suffix in (".parquet", ".pq"):
        try:
            return int(pq.read_metadata(path).num_rows) * BYTES_A_ROW
        except (OSError, pa.ArrowException):
            return 0  # the connector will say what is wrong with it
    return path.stat().st_size * (UNPACKED if path.suffix == ".gz" else READ)
