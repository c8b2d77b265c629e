"""Where chunks of lives are joined and put into words: SQL on the engine, files of lines out."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa

from klantreis.engine import connect
from klantreis.simulate.draws import stream
from klantreis.simulate.scratch import Scratch

__all__ = ["Desk", "Flaw", "csv_row", "quoted"]

COMPRESSION = 1


@dataclass(frozen=True)
class Flaw:
    """How a row of a file may be broken.

    Attributes:
        kind: what is wrong, as `truth/broken_rows.parquet` says it.
        column: name of the column, empty where the whole row is broken.
        place: number of the column, from 0 or from the end; None to cut the row off half-way.
        value: what stands there instead.
    """

    kind: str
    column: str = ""
    place: int | None = None
    value: str = ""


class Desk:
    """An engine over the scratch folder, and the workspace folder that files go to.

    Args:
        folder: the workspace.
        scratch: the chunks' tables; each becomes a view of the same name.
        seed: of the plan, for the choice of the rows that are broken.
    """

    def __init__(self, folder: Path, scratch: Scratch, seed: int) -> None:
        self.folder, self.scratch, self._seed = folder, scratch, seed
        self.broken: list[dict[str, object]] = []
        self.files = 0
        self._engine = connect("duckdb", temporary=scratch.folder / "spill")
        self._sql = cast(Any, self._engine).backend.raw_sql

    def run(self, sql: str) -> None:
        """Run a statement."""
        self._sql(sql)

    def rows(self, sql: str) -> pa.Table:
        """Answer a question."""
        return cast(pa.Table, self._sql(sql).to_arrow_table())

    def view(self, table: str, *months: int) -> None:
        """Show a scratch table, or some months of it, under its own name."""
        files = self.scratch.files(table, *months)
        self.run(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet({files!r})")

    def hold(self, table: str, rows: pa.Table) -> None:
        """Put a small table on the desk."""
        connection = cast(Any, self._engine).backend.con
        connection.register(f"given_{table}", rows)
        self.run(f"CREATE TABLE {table} AS SELECT * FROM given_{table}")
        connection.unregister(f"given_{table}")

    def lines(
        self,
        path: str,
        header: str,
        sql: str,
        *,
        separator: str = ",",
        encoding: str = "utf-8",
        flaws: Sequence[Flaw] = (),
        rate: float = 0.0008,
    ) -> None:
        """Write a text file, one row a line.

        Args:
            path: below the workspace folder.
            header: first line, empty for none.
            sql: gives one column of lines, without line ends, in order.
            flaws: ways in which some rows are broken; `rate` the part of the rows.
        """
        column = self.rows(sql).column(0).cast(pa.string()).to_pylist()
        self.text(
            path, header, column, separator=separator, encoding=encoding, flaws=flaws, rate=rate
        )

    def by_month(
        self,
        path: str,
        header: str,
        sql: str,
        months: Sequence[str],
        *,
        separator: str = ",",
        encoding: str = "utf-8",
        flaws: Sequence[Flaw] = (),
        rate: float = 0.0008,
    ) -> None:
        """Write a text file for every month; see `lines`.

        Args:
            path: with `{month}` in it.
            sql: gives columns `month` and `line`, in the order of the lines within a month.
        """
        answer = self.rows(sql)
        found = np.asarray(answer["month"].to_pylist(), dtype=np.str_)
        for month in months:
            chosen = answer["line"].take(pa.array(np.flatnonzero(found == month))).to_pylist()
            file = path.format(month=month)
            self.text(
                file, header, chosen, separator=separator, encoding=encoding, flaws=flaws, rate=rate
            )

    def text(
        self,
        path: str,
        header: str,
        lines: list[str],
        *,
        separator: str = ",",
        encoding: str = "utf-8",
        flaws: Sequence[Flaw] = (),
        rate: float = 0.0008,
    ) -> None:
        """Write lines that are here; see `lines`."""
        self._break(path, lines, len(header) > 0, separator, flaws, rate)
        whole = [header, *lines] if header else lines
        self.bytes(path, ("\n".join(whole) + "\n").encode(encoding, errors="replace"))

    def bytes(self, path: str, content: bytes) -> None:
        """Write a file as it is."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.files += 1

    def zipped(self, path: str, lines: pa.Array, flaws: Sequence[Flaw] = ()) -> None:
        """Write a gzip file of lines that end in a line end, without the time in its head."""
        chosen = [] if not flaws else self._chosen(path, len(lines), 2e-6)
        content = io.BytesIO()
        with gzip.GzipFile(
            filename="", mode="wb", compresslevel=COMPRESSION, fileobj=content, mtime=0
        ) as out:
            for piece in _pieces(lines, chosen):
                out.write(piece)
        for line in chosen:
            self._note(path, line + 1, flaws[0])
        self.bytes(path, content.getvalue())

    def _break(
        self,
        path: str,
        lines: list[str],
        headed: bool,
        separator: str,
        flaws: Sequence[Flaw],
        rate: float,
    ) -> None:
        if not flaws:
            return
        for number, line in enumerate(self._chosen(path, len(lines), rate)):
            flaw = flaws[number % len(flaws)]
            lines[line] = _broken(lines[line], separator, flaw)
            self._note(path, line + (2 if headed else 1), flaw)

    def _chosen(self, path: str, count: int, rate: float) -> list[int]:
        rng = stream(self._seed, 9, zlib.crc32(path.encode()))
        wanted = min(int(rng.poisson(count * rate)), count)
        return (
            sorted(int(line) for line in rng.choice(count, wanted, replace=False)) if wanted else []
        )

    def _note(self, path: str, line: int, flaw: Flaw) -> None:
        self.broken.append({"path": path, "line": line, "column": flaw.column, "kind": flaw.kind})

    def close(self) -> None:
        """Give back memory and temporary files."""
        self._engine.close()


def _broken(line: str, separator: str, flaw: Flaw) -> str:
    if flaw.place is None:
        return line[: len(line) // 2].rstrip(separator).rsplit(separator, 2)[0]
    cells = line.split(separator)
    cells[flaw.place] = flaw.value
    return separator.join(cells)


def _pieces(lines: pa.Array, broken: Sequence[int]) -> Iterable[memoryview | bytes]:
    """The bytes of an array of strings as they lie in memory, broken lines cut in half."""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int64)[
        lines.offset : lines.offset + len(lines) + 1
    ]
    data = memoryview(lines.buffers()[2])
    start = int(offsets[0])
    for line in broken:
        first, last = int(offsets[line]), int(offsets[line + 1])
        yield data[start : first + (last - first) // 2]
        yield b"\n"
        start = last
    yield data[start : int(offsets[-1])]


def quoted(expression: str, separator: str = ",") -> str:
    """SQL for a text cell, quoted where it has to be."""
    return f"csv_text({expression}, '{separator}')"


def csv_row(*expressions: str, separator: str = ",") -> str:
    """SQL for one line of a file with separated columns; what is empty stays empty."""
    return f" || '{separator}' || ".join(f"coalesce(({e})::VARCHAR, '')" for e in expressions)
