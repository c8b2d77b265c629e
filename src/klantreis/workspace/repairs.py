"""Repairs values that were put aside, and sends their rows in again."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from openpyxl import Workbook, load_workbook

from klantreis.errors import InputError, NotFoundError, message
from klantreis.runner import Problem
from klantreis.runner.resending import Edit, Resending
from klantreis.runner.store import Store
from klantreis.state import Repair, State
from klantreis.workspace.accounts import utc_now

__all__ = ["Planned", "Repaired", "Repairs"]

SHEET = ("quarantine_id", "source", "path", "line", "column", "reason", "found", "allowed", "row")
REPAIRED = "repaired"  # the column in which people write
CELL_CHARACTERS = 32_000  # a cell of a workbook holds no more


@dataclass(frozen=True)
class Planned:
    """A value that was put aside and what a rule makes of it."""

    quarantine_id: str
    path: str
    line: int
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Repaired:
    """What came of repairs: rows taken in, values refused again, and files that cannot be changed."""

    loaded: int = 0
    refused: int = 0
    problems: tuple[Problem, ...] = ()


class Repairs:
    """What was put aside, and its way back in.

    Args:
        state: imports and repairs.
        store: where what imports wrote is.
        resending: reads files again.
    """

    def __init__(self, state: State, store: Store, resending: Callable[[], Resending]) -> None:
        self._state, self._store, self._resending = state, store, resending

    def aside(
        self, *, source: str = "", reason: str = "", column: str = ""
    ) -> list[dict[str, Any]]:
        """What is put aside now, also when the tables were not made anew since.

        Args:
            source, reason, column: only these; empty for all.
        """
        wanted = {"source": source, "reason": reason, "column": column}
        return [
            row
            for row in self._entries()
            if all(not value or row[name] == value for name, value in wanted.items())
        ]

    def waiting(self, since: datetime) -> int:
        """How many values were repaired and taken in after a moment (UTC)."""
        return sum(one.repaired_at > since for one in self._state.repairs.all(loaded_only=True))

    def plan(
        self, *, source: str, reason: str, column: str, find: str, put: str
    ) -> tuple[Planned, ...]:
        """What replacing a text in all values of one reason would make of them; changes nothing.

        Args:
            find: what goes; empty: values that are empty.
            put: what comes in its place.
        """
        planned = (
            Planned(
                row["quarantine_id"],
                row["path"],
                row["line"],
                row["column"],
                row["found"] or "",
                (row["found"] or "").replace(find, put) if find else put,
            )
            for row in self.aside(source=source, reason=reason, column=column)
            if row["column"] and (find in (row["found"] or "") if find else not row["found"])
        )
        return tuple(one for one in planned if one.after != one.before)

    def repair(self, values: Mapping[str, str], *, by: str) -> Repaired:
        """Change values and send their rows in again, through the same validation.

        Args:
            values: by `quarantine_id` what is to stand there; for an entry without a column the
                whole row.
            by: who says so.

        Raises:
            WorkspaceBusyError: an import or run is at work.
        """
        files: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self._entries():
            if row["quarantine_id"] in values:
                files[row["source"], row["file_id"]].append(row)
        loaded = refused = 0
        problems: list[Problem] = []
        with self._store.writing():
            for (source, file_id), rows in files.items():
                try:
                    done = self._send(source, file_id, rows, values, by)
                except InputError as error:
                    problems.append(Problem(rows[0]["path"], error, source))
                    continue
                loaded += sum(repair.is_loaded for repair in done)
                refused += sum(not repair.is_loaded for repair in done)
        gone = len(values) - sum(map(len, files.values()))
        if gone:
            lost = NotFoundError(message("Not in quarantine any more", got=f"{gone:,} values"))
            problems.append(Problem("", lost))
        return Repaired(loaded, refused, tuple(problems))

    def repair_known(self) -> Repaired:
        """Repair in later files what was repaired in the same row of an earlier one."""
        known = {
            (one.source, one.column, one.row): one
            for one in self._state.repairs.all(loaded_only=True)
            if one.row
        }
        if not known:
            return Repaired()
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._entries():
            repair = known.get((row["source"], row["column"] or "", row["row"] or ""))
            if repair and repair.file_id != row["file_id"]:
                found[repair.repaired_by][row["quarantine_id"]] = repair.after
        done = [self.repair(values, by=by) for by, values in found.items()]
        return Repaired(sum(one.loaded for one in done), sum(one.refused for one in done))

    def history(self) -> Mapping[str, tuple[Repair, ...]]:
        """What was repaired, by entry, the oldest first."""
        found: dict[str, list[Repair]] = defaultdict(list)
        for repair in self._state.repairs.all():
            found[repair.quarantine_id].append(repair)
        return {key: tuple(repairs) for key, repairs in found.items()}

    def write_sheet(self, file: Path, *, source: str = "") -> int:
        """Write what is put aside to a CSV or Excel file, with an empty column to repair in.

        Returns:
            How many values.
        """
        rows = self.aside(source=source)
        lines = [[*SHEET, REPAIRED], *([_cell(row[name]) for name in SHEET] + [""] for row in rows)]
        if file.suffix.lower() == ".csv":
            with file.open("w", encoding="utf-8-sig", newline="") as text:
                csv.writer(text, delimiter=";").writerows(lines)
        elif file.suffix.lower() == ".xlsx":
            book = Workbook(write_only=True)
            sheet = book.create_sheet("quarantine")
            for line in lines:
                sheet.append(line)
            book.save(file)
        else:
            raise _no_sheet(file, file.suffix or "no ending", ".csv or .xlsx")
        return len(rows)

    def repair_sheet(self, file: Path, *, by: str) -> Repaired:
        """Repair by a file that `write_sheet` wrote and people filled in.

        Raises:
            InputError: it is no such file.
        """
        values = {
            row["quarantine_id"]: row[REPAIRED] for row in _sheet_rows(file) if row.get(REPAIRED)
        }
        return self.repair(values, by=by) if values else Repaired()

    def _send(
        self,
        source: str,
        file_id: str,
        rows: Sequence[dict[str, Any]],
        values: Mapping[str, str],
        by: str,
    ) -> list[Repair]:
        held = [
            Edit(one.line, one.column, one.after)
            for one in self._state.repairs.all(loaded_only=True)
            if (one.source, one.file_id) == (source, file_id)
        ]
        edits = [Edit(r["line"], r["column"] or "", values[r["quarantine_id"]]) for r in rows]
        good = self._resending().send(source, file_id, held, edits)
        repairs = [
            Repair(
                quarantine_id=row["quarantine_id"],
                source=source,
                file_id=file_id,
                line=row["line"],
                column=row["column"] or "",
                row=row["row"] or "",
                before=row["found"] or "",
                after=values[row["quarantine_id"]],
                is_loaded=(row["line"], row["column"] or "") in good,
                repaired_at=utc_now(),
                repaired_by=by,
            )
            for row in rows
        ]
        self._state.repairs.add(repairs)
        return repairs

    def _entries(self) -> Iterator[dict[str, Any]]:
        for part in self._state.import_parts():
            if part.table_name == "quarantine":
                for path in self._store.absolute(part.files):
                    yield from pq.read_table(path).to_pylist()


def _cell(value: Any) -> str:
    return "" if value is None else str(value)[:CELL_CHARACTERS]


def _sheet_rows(file: Path) -> Iterator[dict[str, str]]:
    try:
        if file.suffix.lower() == ".xlsx":
            sheet = load_workbook(file, read_only=True).worksheets[0]
            lines = [[_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        else:
            with file.open(encoding="utf-8-sig", newline="") as text:
                head = text.readline()
                text.seek(0)
                sign = ";" if head.count(";") >= head.count(",") else ","
                lines = list(csv.reader(text, delimiter=sign))
    except (OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        raise _no_sheet(
            file, str(error), "a file that `klantreis quarantine --export` wrote"
        ) from error
    if not lines or not {"quarantine_id", REPAIRED} <= set(lines[0]):
        raise _no_sheet(file, "other columns", f"columns quarantine_id and {REPAIRED}")
    for line in lines[1:]:
        yield dict(zip(lines[0], line, strict=False))


def _no_sheet(file: Path, got: str, allowed: str) -> InputError:
    return InputError(
        message("Not a sheet of the quarantine", where=str(file), got=got, allowed=allowed)
    )
