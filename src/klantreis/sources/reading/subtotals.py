"""Totals of groups between the rows of a report, as `Totaal april` below the rows of April.

A row is taken for one only when its first value says so and what else it holds bears that out, for
a record may begin with the word too (`Total Gel 500 ml`). It has to leave empty what records fill
and to hold numbers besides; and the word stands alone, or with a period, or with what the rows
above it state, or a number is the sum of those above. Where no column is left empty, both the
word and the sum have to be right. Whatever is less sure stays a record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["subtotals"]

WORDS = r"(?:grand |general |eind|sub)?-?(?:totaal|totalen|totals?)(?: generaal)?"
BEGINS = re.compile(rf"{WORDS}\b[\s:]*(.*)", re.IGNORECASE | re.DOTALL)
ENDS = re.compile(rf"(.*?)[\s:-]*\b{WORDS}[\s:]*", re.IGNORECASE | re.DOTALL)
LINKS = re.compile(r"^(?:van|voor|over|of|for|in|per|de|het|the)\s+", re.IGNORECASE)
MONTHS = (
    "jan", "januari", "january", "feb", "februari", "february", "mrt", "mar", "maart", "march",
    "apr", "april", "mei", "may", "jun", "juni", "june", "jul", "juli", "july", "aug", "augustus",
    "august", "sep", "sept", "september", "okt", "oct", "oktober", "october", "nov", "november",
    "dec", "december",
)  # fmt: skip
DAYS = (
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
NAMED = "|".join((*MONTHS, *DAYS))
PERIOD = re.compile(
    rf"(?:{NAMED})\.?(?: 20\d\d)?|20\d\d(?: (?:{NAMED}))?|20\d\d[-/]\d\d?(?:[-/]\d\d?)?"
    r"|\d\d?[-/ ]\d\d?[-/ ](?:20)?\d\d|\d\d? (?:" + NAMED + r")\.?(?: 20\d\d)?"
    r"|(?:week|wk|weeknr|kwartaal|quarter|dag|day|periode|period|maand|month|jaar|year) ?\d{1,4}(?:[ -/]20\d\d)?"
    r"|q[1-4](?:[ -/]?20\d\d)?|[1-4]e kwartaal(?: 20\d\d)?|h[12](?: 20\d\d)?",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"[-(+]?\s*(?:€|\$|£|eur)?\s*-?\d[\d.,' \u00a0]*-?\)?\s*(?:%|€|eur)?", re.IGNORECASE
)
USUALLY = 0.9  # part of the rows in which a column is filled that records have
CANDIDATES_AT_MOST = 100_000
CENT = 0.011
GROUP_ROWS = 2_000  # above a total, in which its name is looked for
BEGINNINGS = 12  # of groups: how many earlier totals a sum may reach back to


def subtotals(columns: pa.Table) -> tuple[int, ...]:
    """The places of rows that are totals of rows above them.

    Args:
        columns: texts; empty values are null or blank.
    """
    places = _candidates(columns)
    if not 0 < len(places) <= CANDIDATES_AT_MOST:
        return ()
    usual = {
        name
        for name in columns.column_names
        if columns[name].null_count <= (1 - USUALLY) * columns.num_rows + len(places)
    }
    rows = columns.take(pa.array(places)).to_pylist()
    sums = _Sums(columns)
    found: list[int] = []
    for place, row in zip(places, rows, strict=True):
        if _is_subtotal(place, row, usual, columns, found, sums):
            found.append(place)
    return tuple(found)


def _candidates(columns: pa.Table) -> list[int]:
    """The rows of which the first value that is filled has the word in it."""
    first = None
    for column in columns.columns:
        first = column if first is None else pc.coalesce(first, column)
        if first.null_count == 0:
            break
    if first is None:
        return []
    told = pc.match_substring_regex(first, r"(?i)tot(?:aal|al)")
    places: list[int] = np.flatnonzero(pc.fill_null(told, False).to_numpy()).tolist()
    return places


def _is_subtotal(
    place: int,
    row: Mapping[str, str | None],
    usual: set[str],
    columns: pa.Table,
    found: Sequence[int],
    sums: _Sums,
) -> bool:
    filled = {name: cell.strip() for name, cell in row.items() if cell and cell.strip(" -\u2014")}
    label, *numbers = filled
    if not numbers or not all(NUMBER.fullmatch(filled[name]) for name in numbers):
        return False
    group = _group(filled[label])
    if group is None:
        return False
    is_sum = any(
        sums.is_sum(name, filled[name], start, place, found)
        for name in numbers
        for start in (0, *(one + 1 for one in found[-BEGINNINGS:]))
    )
    if usual <= filled.keys():
        return is_sum and _is_named(group, columns, place, found)
    return is_sum or _is_named(group, columns, place, found)


def _is_named(group: str, columns: pa.Table, place: int, found: Sequence[int]) -> bool:
    """Whether a total is of everything, of a period, or of what the rows of its group state."""
    if not group or PERIOD.fullmatch(group):
        return True
    begins = max(found[-1] + 1 if found else 0, place - GROUP_ROWS)
    return _is_stated(group, columns, begins, place)


@lru_cache(maxsize=1_024)
def _group(label: str) -> str | None:
    """What a total is of, empty for of everything; None when the words are none of a total.

    >>> _group("Totaal april"), _group("April Total"), _group("Subtotaal:"), _group("Lampen")
    ('april', 'April', '', None)
    """
    found = BEGINS.fullmatch(label) or ENDS.fullmatch(label)
    return LINKS.sub("", found[1].strip(" :-")).strip() if found else None


def _is_stated(group: str, columns: pa.Table, start: int, end: int) -> bool:
    """Whether a row of the group itself states what the total says it is of."""
    above = columns.slice(start, end - start)
    wanted = pa.scalar(group.casefold())
    return any(
        pc.any(pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(column)), wanted)).as_py()
        for column in above.columns
    )


class _Sums:
    """Whether a number is the sum of numbers above it; columns are read when they are asked for."""

    def __init__(self, columns: pa.Table) -> None:
        self._columns = columns
        self._read: dict[tuple[str, str], npt.NDArray[np.float64]] = {}

    def is_sum(self, name: str, told: str, start: int, end: int, found: Sequence[int]) -> bool:
        """Whether it is the sum of two rows or more from `start` to `end`, totals left out."""
        between = [one for one in found if start <= one < end]
        if end - start - len(between) < 2:
            return False
        for sign in (",", "."):
            value = _number(told, sign)
            if value is None or value == 0:
                continue
            numbers = self._numbers(name, sign)
            sum_of_rows = numbers[end] - numbers[start]
            sum_of_rows -= sum(numbers[one + 1] - numbers[one] for one in between)
            if abs(sum_of_rows - value) < CENT:
                return True
        return False

    def _numbers(self, name: str, sign: str) -> npt.NDArray[np.float64]:
        """The sums of a column up to each row; what is no number adds nothing."""
        if (name, sign) not in self._read:
            read = [_number(cell or "", sign) or 0.0 for cell in self._columns[name].to_pylist()]
            self._read[name, sign] = np.concatenate([[0.0], np.cumsum(read)])
        return self._read[name, sign]


def _number(text: str, sign: str) -> float | None:
    """A number as it is written with this decimal sign.

    >>> _number("€ 1.234,50", ","), _number("(12.00)", "."), _number("lamp", ",")
    (1234.5, -12.0, None)
    """
    bare = text.strip()
    if not NUMBER.fullmatch(bare):
        return None
    digits = re.sub(r"[^\d.,]", "", bare).strip(".,")
    digits = digits.replace("," if sign == "." else ".", "")
    if not digits or digits.count(sign) > 1:
        return None
    value = float(digits.replace(sign, "."))
    return -value if "-" in bare or bare.startswith("(") else value
