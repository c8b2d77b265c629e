"""How good the data of one source are: its rhythm, what drifted, what changed in its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

from klantreis.errors import NotFoundError, message
from klantreis.portraits import DAYS_NEEDED
from klantreis.workspace.reading import Reading
from klantreis.workspace.source_headings import Headings, heading_changes

__all__ = [
    "Bucket",
    "ColumnDrift",
    "Course",
    "FileTaken",
    "Gap",
    "Period",
    "SourceReport",
    "SourceReports",
    "TableQuality",
]

DAYS_DRAWN = 120  # of a longer period weeks are counted
FIRST_SHARE = 0.001  # what comes long before this part of all rows may be wrong dates
STRAY_DAYS = 28
FIRST_CHANGES = ("much", "little", "too_few", "as_before", "nothing_before")


@dataclass(frozen=True)
class Gap:
    """Days without rows that the source's own rhythm does not explain.

    Attributes:
        first_on, last_on: the first and the last of them.
        days: how many.
        expected_rows: that were to be expected in them.
        chance: probability of so long a stretch without rows.
    """

    first_on: date
    last_on: date
    days: int
    expected_rows: float
    chance: float


@dataclass(frozen=True)
class Period:
    """A day, or a week by its Monday, with its rows."""

    first_on: date
    rows: int


@dataclass(frozen=True)
class Course:
    """The rows of one table over time.

    Attributes:
        table: code of the table.
        rows: rows with a date.
        step_days: 1 when `periods` are days, 7 when they are weeks.
        periods: one after the other, also without rows.
        stray_rows: rows dated long before or after them, which may be wrong dates.
        gaps: in order.
        days: days in the period.
        days_needed: how many it takes to tell gaps; with fewer nothing is said of them.
    """

    table: str
    rows: int
    step_days: int
    periods: tuple[Period, ...]
    stray_rows: int
    gaps: tuple[Gap, ...]
    days: int
    days_needed: int


@dataclass(frozen=True)
class Bucket:
    """A category, or amounts from a limit up, with its rows in both imports."""

    value: str
    earlier_rows: int
    newest_rows: int


@dataclass(frozen=True)
class ColumnDrift:
    """One column in the newest import beside the imports before it.

    Attributes:
        table, file_kind, column: which column, filled from which kind of files.
        kind: `filled`, `categories` or `amounts`: what was compared.
        newest_rows, newest_filled: rows of the newest import, and of which filled.
        earlier_rows, earlier_filled: the same of the imports before it.
        drift: population stability index; None where nothing is compared.
        chance_drift: what it exceeds by chance once in a thousand times.
        change: `much`, `little`, `as_before`, `too_few` or `nothing_before`.
        buckets: of categories and amounts, the most changed first.
    """

    table: str
    file_kind: str
    column: str
    kind: str
    newest_rows: int
    newest_filled: int
    earlier_rows: int
    earlier_filled: int
    drift: float | None
    chance_drift: float | None
    change: str
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True)
class TableQuality:
    """What the source brought for one table: as in the table `source_quality`."""

    table: str
    rows: int
    first_at: datetime | None
    last_at: datetime | None
    missing_share: float | None
    doubled: int
    outliers: int
    quarantined: int
    tied_share: float | None
    known_share: float | None


@dataclass(frozen=True)
class FileTaken:
    """A file that was taken in, and what was recognised about it.

    Attributes:
        file_id: as the table `imports` knows it.
        path: relative to the workspace.
        connector, file_kind: what read it, and as which kind.
        encoding, separator, decimal_sign, time_zone: as recognised; empty where there is none.
        rows_read, rows_loaded, rows_quarantined, rows_doubled: over all tables.
        imported_at: when (UTC).
    """

    file_id: str
    path: str
    connector: str
    file_kind: str
    encoding: str
    separator: str
    decimal_sign: str
    time_zone: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_doubled: int
    imported_at: datetime


@dataclass(frozen=True)
class SourceReport:
    """All that is known of how good the data of one source are.

    Attributes:
        source: folder below `exports/`.
        as_of: moment up to which it holds (UTC).
        tables: the largest first.
        courses: of the tables whose rows have dates, the largest first.
        imports: moments at which files were taken in (UTC), the newest first.
        columns: the largest drift first.
        headings: by kind of file.
        files: the newest first.
    """

    source: str
    as_of: datetime
    tables: tuple[TableQuality, ...]
    courses: tuple[Course, ...]
    imports: tuple[datetime, ...]
    columns: tuple[ColumnDrift, ...]
    headings: tuple[Headings, ...]
    files: tuple[FileTaken, ...]


class SourceReports:
    """Tells how good the data of each source are.

    Args:
        reading: the published tables.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def names(self) -> tuple[str, ...]:
        """The sources that were taken in."""
        names = self._reading.table("imports").select("source").distinct()
        return tuple(sorted(row["source"] for row in self._reading.rows(names)))

    def of(self, source: str) -> SourceReport:
        """The report of one source.

        Raises:
            NotFoundError: no file of such a source was taken in.
            WorkspaceError: nothing was published yet.
        """
        imports = self._rows("imports", source)
        if not imports:
            raise NotFoundError(
                message(
                    "Unknown source",
                    got=repr(source),
                    allowed=", ".join(self.names()),
                    next_step="see klantreis quality without a source",
                )
            )
        quality = sorted(self._rows("source_quality", source), key=lambda row: -row["rows"])
        published = self._reading.published
        assert published is not None
        return SourceReport(
            source=source,
            as_of=published.as_of,
            tables=tuple(TableQuality(row["table_name"], **_rest(row)) for row in quality),
            courses=tuple(_courses(self._rows("source_days", source), published.as_of.date())),
            imports=tuple(sorted({row["imported_at"] for row in imports}, reverse=True)),
            columns=tuple(_drifts(self._rows("source_columns", source))),
            headings=heading_changes(imports),
            files=tuple(_files(imports)),
        )

    def _rows(self, name: str, source: str) -> list[dict[str, Any]]:
        table = self._reading.table(name)
        return self._reading.rows(table.filter(table["source"] == source))


def _rest(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("source", "table_name")}


def _courses(days: Sequence[Mapping[str, Any]], until: date) -> Iterator[Course]:
    by_table: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for day in sorted(days, key=lambda row: row["happened_on"]):
        by_table[day["table_name"]].append(day)
    rows = {name: sum(day["rows"] for day in own) for name, own in by_table.items()}
    for name in sorted(rows, key=lambda name: (-rows[name], name)):
        yield _course(name, by_table[name], rows[name], until)


def _course(table: str, days: Sequence[Mapping[str, Any]], rows: int, until: date) -> Course:
    shown = _without_stray_dates(days, rows, until)
    first, last = shown[0]["happened_on"], shown[-1]["happened_on"]
    length = (last - first).days + 1
    step = 1 if length <= DAYS_DRAWN else 7
    return Course(
        table=table,
        rows=rows,
        step_days=step,
        periods=tuple(_periods(shown, step)),
        stray_rows=rows - sum(day["rows"] for day in shown),
        gaps=tuple(_gaps([day for day in shown if day["is_gap"]])),
        days=length,
        days_needed=DAYS_NEEDED,
    )


def _without_stray_dates(
    days: Sequence[Mapping[str, Any]], rows: int, until: date
) -> Sequence[Mapping[str, Any]]:
    beyond = until + timedelta(days=STRAY_DAYS)
    usual = [day for day in days if day["happened_on"] <= beyond] or list(days)
    reached = accumulate(day["rows"] for day in usual)
    place = next((n for n, total in enumerate(reached) if total > FIRST_SHARE * rows), 0)
    far = (usual[place]["happened_on"] - usual[0]["happened_on"]).days > STRAY_DAYS
    return usual[place:] if far else usual


def _periods(days: Sequence[Mapping[str, Any]], step: int) -> Iterator[Period]:
    counts: dict[date, int] = defaultdict(int)
    for day in days:
        counts[_start(day["happened_on"], step)] += day["rows"]
    place, last = min(counts), max(counts)
    while place <= last:
        yield Period(place, counts.get(place, 0))
        place += timedelta(days=step)


def _start(day: date, step: int) -> date:
    return day if step == 1 else day - timedelta(days=day.weekday())


def _gaps(days: Sequence[Mapping[str, Any]]) -> Iterator[Gap]:
    borders = [
        place
        for place, (one, other) in enumerate(pairwise(days), 1)
        if (other["happened_on"] - one["happened_on"]).days > 1
    ]
    for first, beyond in pairwise([0, *borders, len(days)] if days else []):
        own = days[first:beyond]
        yield Gap(
            own[0]["happened_on"],
            own[-1]["happened_on"],
            len(own),
            sum(day["expected_rows"] for day in own),
            own[0]["chance"],
        )


def _drifts(rows: Sequence[Mapping[str, Any]]) -> list[ColumnDrift]:
    found = [
        ColumnDrift(
            table=row["table_name"],
            file_kind=row["file_kind"],
            column=row["column_name"],
            buckets=_buckets(row),
            **{
                name: row[name]
                for name in (
                    "kind",
                    "newest_rows",
                    "newest_filled",
                    "earlier_rows",
                    "earlier_filled",
                    "drift",
                    "chance_drift",
                    "change",
                )
            },
        )
        for row in rows
    ]
    return sorted(
        found,
        key=lambda one: (
            FIRST_CHANGES.index(one.change),
            -(one.drift or 0.0),
            one.table,
            one.file_kind,
            one.column,
        ),
    )


def _buckets(row: Mapping[str, Any]) -> tuple[Bucket, ...]:
    if not row["buckets"]:
        return ()
    listed = zip(row["buckets"], row["earlier_in_buckets"], row["newest_in_buckets"], strict=True)
    earlier, newest = max(1, row["earlier_rows"]), max(1, row["newest_rows"])
    found = [Bucket(value, before, after) for value, before, after in listed]
    return tuple(
        sorted(found, key=lambda one: -abs(one.newest_rows / newest - one.earlier_rows / earlier))
    )


def _files(imports: Sequence[Mapping[str, Any]]) -> list[FileTaken]:
    by_file: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in imports:
        by_file[row["file_id"]].append(row)
    found = [_file(lines) for lines in by_file.values()]
    return sorted(found, key=lambda file: (file.imported_at, file.path), reverse=True)


def _file(lines: Sequence[Mapping[str, Any]]) -> FileTaken:
    """A file with what was recognised about it, from its lines in the import log, one a table."""
    of_all = {
        name: sum(line[name] for line in lines)
        for name in ("rows_read", "rows_loaded", "rows_quarantined", "rows_doubled")
    }
    of_file: dict[str, Any] = {
        name: lines[0][name] or ""
        for name in (
            "file_id",
            "path",
            "connector",
            "file_kind",
            "encoding",
            "separator",
            "decimal_sign",
        )
    }
    return FileTaken(
        **of_file,
        **of_all,
        time_zone=lines[0]["time_zone"] or "",
        imported_at=lines[0]["imported_at"],
    )
