"""Where chunks of lives are joined and put into words: SQL on the engine, files of lines out."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa

from klantreis.engine import connect
from klantreis.simulate.draws import stream
from klantreis.simulate.scratch import Scratch

__all__ = ["Desk", "Flaw", "Sheet", "csv_row", "quoted"]

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


@dataclass(frozen=True)
class Sheet:
    """A text file to write.

    Attributes:
        path: below the workspace folder.
        header: first line, empty for none.
        flaws: ways in which rows are broken, in turn; `rate` the part of the rows.
    """

    path: str
    header: str = ""
    separator: str = ","
    encoding: str = "utf-8"
    flaws: tuple[Flaw, ...] = ()
    rate: float = 0.0


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

    def lines(self, sheet: Sheet, sql: str) -> None:
        """Write a text file, one row a line.

        Args:
            sql: gives one column of lines, without line ends, in order.
        """
        self.text(sheet, self.rows(sql).column(0).cast(pa.string()).to_pylist())

    def by_month(self, sheet: Sheet, sql: str, months: Sequence[str]) -> None:
        """Write a text file for every month.

        Args:
            sheet: its path has `{month}` in it.
            sql: gives columns `month` and `line`, in the order of the lines within a month.
        """
        answer = self.rows(sql)
        found = np.asarray(answer["month"].to_pylist(), dtype=np.str_)
        for month in months:
            places = pa.array(np.flatnonzero(found == month))
            of_month = replace(sheet, path=sheet.path.format(month=month))
            self.text(of_month, answer["line"].take(places).to_pylist())

    def text(self, sheet: Sheet, lines: list[str]) -> None:
        """Write a text file of lines that are here; none where there would be nothing in it."""
        first = 2 if sheet.header else 1
        for number, line in enumerate(self._chosen(sheet, len(lines))):
            flaw = sheet.flaws[number % len(sheet.flaws)]
            lines[line] = _broken(lines[line], sheet.separator, flaw)
            self._note(sheet, line + first, flaw)
        whole = [sheet.header, *lines] if sheet.header else lines
        if not whole:
            return
        text = "".join(f"{line}\n" for line in whole)
        self.bytes(sheet.path, text.encode(sheet.encoding, errors="replace"))

    def zipped(self, sheet: Sheet, lines: pa.Array) -> None:
        """Write a gzip file of lines that bring their line end, without the time in its head."""
        chosen, content = self._chosen(sheet, len(lines)), io.BytesIO()
        with gzip.GzipFile("", "wb", COMPRESSION, content, mtime=0) as out:
            for piece in _pieces(lines, chosen):
                out.write(piece)
        for line in chosen:
            self._note(sheet, line + 1, sheet.flaws[0])
        self.bytes(sheet.path, content.getvalue())

    def bytes(self, path: str, content: bytes) -> None:
        """Write a file as it is."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.files += 1

    def _chosen(self, sheet: Sheet, count: int) -> list[int]:
        """The lines that are broken."""
        rng = stream(self._seed, 9, zlib.crc32(sheet.path.encode()))
        wanted = min(int(rng.poisson(count * sheet.rate)), count) if sheet.flaws else 0
        return sorted(int(line) for line in rng.choice(count, wanted, replace=False))

    def _note(self, sheet: Sheet, line: int, flaw: Flaw) -> None:
        self.broken.append(
            {"path": sheet.path, "line": line, "column": flaw.column, "kind": flaw.kind}
        )

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
