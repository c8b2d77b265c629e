"""How a file writes dates that can be read in several ways, told from all values of a column.

Those are dates with two digits for the year, and those of a file that puts the month first.
"""

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

__all__ = ["OwnFormats", "own_formats"]

OwnFormats = Mapping[str, Mapping[str, Sequence[str]]]  # formats by column of the file, by file
DATE = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{2}|[0-9]{4})($|[ T])"
SHORT_YEAR = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}($|[ T])"
DAY_FIRST = r"^(1[3-9]|2[0-9]|3[01])[-/.]"
BEFORE_CLOCK = r"^([^ T]*)"
MONTHS = 12
FIRST_LINES = 200  # a file whose first lines have none is not searched for them
PARTS = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})$")
SIGNS, WHOLE_YEAR = "[-/.]", 100
FEWEST_MONTHS_FIRST = 2  # different days; one alone may be a slip of the pen
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


def own_formats(
    raw: Raw, tables: Sequence[TableMapping], connection: Connection, today: date
) -> OwnFormats:
    """The formats of columns that a mapping reads as dates without saying how they are written.

    Only of files in which all such dates leave no doubt. With whole years, the day stands first
    unless all dates of the file can be read with the month first, and two or more in no other way.
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
    is_date, is_short, is_day_first = (
        f"regexp_matches({column.sql}, {literal(pattern)})"
        for pattern in (DATE, SHORT_YEAR, DAY_FIRST)
    )
    # Most files put the day first, and show it soon: these are not searched.
    files = (
        f"SELECT file_id FROM {raw.relation} WHERE line <= {FIRST_LINES} AND {is_date} "
        f"GROUP BY file_id HAVING bool_or({is_short}) OR NOT bool_or({is_day_first})"
    )
    if not connection.fetch(f"{files} LIMIT 1").num_rows:
        return {}
    day = f"regexp_extract({column.sql}, {literal(BEFORE_CLOCK)}, 1)"
    rows = connection.fetch(f"""
        SELECT DISTINCT file_id, {day} AS day,
          regexp_replace(upper({column.sql}[length({day}) + 1:]), '[0-9]', '9', 'g') AS clock
        FROM {raw.relation} WHERE file_id IN ({files}) AND {is_date}
        ORDER BY ALL""").to_pylist()
    of_file = defaultdict(list)
    for row in rows:
        of_file[row["file_id"]].append((row["day"], row["clock"]))
    written = {file_id: _written(pairs, today) for file_id, pairs in of_file.items()}
    return {file_id: formats for file_id, formats in written.items() if formats}


def _written(pairs: Sequence[tuple[str, str]], today: date) -> Sequence[str]:
    """The formats of days and the shapes of the clocks behind them; none where there is a doubt."""
    by_width = defaultdict(list)
    for day, clock in pairs:
        by_width[len(re.split(SIGNS, day)[-1])].append((day, clock))
    formats = (_of_one_width(alike, today) for alike in by_width.values())
    return tuple(form for some in formats for form in some)


def _of_one_width(pairs: Sequence[tuple[str, str]], today: date) -> Sequence[str]:
    parts = [PARTS.match(day) for day, _ in pairs]
    signs = {match[2] for match in parts if match}
    numbers = [(int(m[1]), int(m[3]), int(m[4])) for m in parts if m]
    if len(signs) != 1 or len(numbers) < len(pairs):
        return ()
    day = _day(numbers, today).format(*signs)
    if not day:
        return ()
    clocks = {clock: _clock(clock) for _, clock in pairs}
    return tuple(
        dict.fromkeys(
            day + (clock[:1] + directives if clock else "")
            for clock, directives in clocks.items()
            if directives is not None
        )
    )


def _day(numbers: Sequence[tuple[int, int, int]], today: date) -> str:
    """The directives of a day, with a hole for the sign between them; empty where there is a doubt."""
    if all(year < WHOLE_YEAR for _, _, year in numbers):
        order, is_sure = order_of(numbers, today.year)
        return DIRECTIVES[order] if is_sure else ""
    return DIRECTIVES["mdy"].replace("%y", "%Y") if _are_months_first(numbers) else ""


def _are_months_first(numbers: Iterable[tuple[int, int, int]]) -> bool:
    days = set(numbers)
    told = sum(day > MONTHS for _, day, _ in days)
    return told >= FEWEST_MONTHS_FIRST and all(month <= MONTHS for month, _, _ in days)


def _clock(shape: str) -> str | None:
    """The directives of a clock in which each digit is a 9; None where it is another thing."""
    return CLOCKS.get(re.sub(r"^99:", "9:", shape[1:].replace("PM", "AM")))
