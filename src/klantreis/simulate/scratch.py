"""The temporary folder in which chunks of lives are laid down, and read back set by set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from klantreis.simulate.draws import Ints

__all__ = ["KEY", "Scratch", "key"]

KEY = 2**32  # keys are the chunk's number times this plus the place within the chunk
ALWAYS = "always"


def key(chunk: int, places: Ints) -> Ints:
    """A key that is unique in the whole shop; -1 stays -1."""
    return np.where(places < 0, -1, chunk * KEY + places)


class Scratch:
    """Parquet files by table, month and chunk; written once, read in order of name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        table: str,
        chunk: int,
        columns: Mapping[str, npt.NDArray[np.generic] | pa.Array],
        months: Ints | None = None,
    ) -> None:
        """Lay down a chunk's rows of a table.

        Args:
            months: for every row its month since January 1970, to keep months apart.
        """
        rows = pa.table(dict(columns))
        if months is None or not len(months):
            # A table without rows is there too, so that it can be read by its name.
            self._write(rows, table, ALWAYS, chunk)
            return
        order = np.argsort(months, kind="stable")
        rows = rows.take(pa.array(order))
        present, counts = np.unique(months, return_counts=True)
        for month, count, end in zip(present, counts, np.cumsum(counts), strict=True):
            self._write(rows.slice(int(end - count), int(count)), table, str(int(month)), chunk)

    def _write(self, rows: pa.Table, table: str, part: str, chunk: int) -> None:
        folder = self.folder / table / part
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows, folder / f"{chunk:06d}.parquet", compression="lz4")

    def files(self, table: str, *months: int) -> list[str]:
        """The files of a table, of all months or of some."""
        parts = [str(month) for month in months] or ["*"]
        return [
            str(file)
            for part in parts
            for file in sorted((self.folder / table).glob(f"{part}/*.parquet"))
        ]
