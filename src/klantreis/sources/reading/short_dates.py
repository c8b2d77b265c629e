"""Dates with two digits for the year: how a file writes them, told from all values of a column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from klantreis.sources.reading.connection import Connection, literal
from klantreis.sources.reading.mapping import TableMapping
from klantreis.sources.reading.raw import Raw
from klantreis.sources.reading.short_years import Order, order_of
from klantreis.sources.reading.templates import Reference

__all__ = ["ShortYears", "short_years"]

ShortYears = Mapping[str, Mapping[str, Sequence[str]]]  # formats by column of the file, by file
DATE = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}($|[ T])"
BEFORE_CLOCK = r"^([^ T]*)"
FIRST_LINES = 200  # a file whose first lines have none is not searched for them
PARTS = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{2})$")
CLOCKS = {
    "": "",
    "9:99": "%H:%M",
    "9:99:99": "%H:%M:%S",
    "9:99 AM": "%I:%M %p",
    "9:99:99 AM": "%I:%M:%S %p",
    "9:99AM": "%I:%M%p",
    "9:99:99AM": "%I:%M:%S%p",
}
DIRECTIVES: Mapping[Order, str] = {
    "dmy": "%d{0}%m{0}%y",
    "mdy": "%m{0}%d{0}%y",
    "ymd": "%y{0}%m{0}%d",
}


def short_years(
    raw: Raw, tables: Sequence[TableMapping], connection: Connection, today: date
) -> ShortYears:
    """The formats of columns that a mapping reads as dates without saying how they are written.

    Only of files in which all dates with such years leave no doubt.
    """
    names = dict.fromkeys(name for table in tables for name in _dates_without_format(table))
    found = {name: _formats(raw, name, connection, today) for name in names}
    return {name: formats for name, formats in found.items() if formats}


def _dates_without_format(table: TableMapping) -> Iterable[str]:
    for mapped in (*table.columns, *table.checked):
        if mapped.column.type in ("date", "timestamp(6)"):
            for fill in mapped.fills:
                match fill.text.parts if fill.text and not fill.formats else ():
                    case (Reference(filters=()) as reference,):
                        yield reference.name


def _formats(
    raw: Raw, name: str, connection: Connection, today: date
) -> Mapping[str, Sequence[str]]:
    column = raw.column(name)
    if column is None or column.kind != "text":
        return {}
    is_short = f"regexp_matches({column.sql}, {literal(DATE)})"
    files = f"SELECT file_id FROM {raw.relation} WHERE line <= {FIRST_LINES} AND {is_short}"
    if not connection.fetch(f"{files} LIMIT 1").num_rows:
        return {}
    day = f"regexp_extract({column.sql}, {literal(BEFORE_CLOCK)}, 1)"
    rows = connection.fetch(f"""
        SELECT DISTINCT file_id, {day} AS day,
          regexp_replace(upper({column.sql}[length({day}) + 1:]), '[0-9]', '9', 'g') AS clock
        FROM {raw.relation} WHERE file_id IN ({files}) AND {is_short}
        ORDER BY ALL""").to_pylist()
    of_file = defaultdict(list)
    for row in rows:
        of_file[row["file_id"]].append((row["day"], row["clock"]))
    written = {file_id: _written(pairs, today) for file_id, pairs in of_file.items()}
    return {file_id: formats for file_id, formats in written.items() if formats}


def _written(pairs: Sequence[tuple[str, str]], today: date) -> Sequence[str]:
    """The formats of days and the shapes of the clocks behind them; none where there is a doubt."""
    parts = [PARTS.match(day) for day, _ in pairs]
    signs = {match[2] for match in parts if match}
    numbers = [(int(m[1]), int(m[3]), int(m[4])) for m in parts if m]
    order, is_sure = order_of(numbers, today.year)
    if not is_sure or len(signs) != 1 or len(numbers) < len(pairs):
        return ()
    day = DIRECTIVES[order].format(*signs)
    clocks = {clock: _clock(clock) for _, clock in pairs}
    return tuple(
        dict.fromkeys(
            day + (clock[:1] + directives if clock else "")
            for clock, directives in clocks.items()
            if directives is not None
        )
    )


def _clock(shape: str) -> str | None:
    """The directives of a clock in which each digit is a 9; None where it is another thing."""
    return CLOCKS.get(re.sub(r"^99:", "9:", shape[1:].replace("PM", "AM")))
