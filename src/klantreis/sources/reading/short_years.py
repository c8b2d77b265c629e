"""Years of two digits: the order of such dates, and the century; and dates as their file writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from klantreis.sources.reading.connection import literal

__all__ = ["Order", "in_the_past", "order_of", "own_way"]

Order = Literal["ymd", "dmy", "mdy", ""]


def order_of(numbers: Iterable[tuple[int, int, int]], this_year: int) -> tuple[Order, bool]:
    """The order of dates whose year has two digits, and whether another one can be left out.

    Day and month are told apart by numbers above 12. The year is the last number, unless that fits
    no calendar, or the last differs more than the first, which is no year to come.

    Args:
        numbers: the three parts of each date.
        this_year: the year of now, in full.
    """
    dates = set(numbers)
    fitting = {
        "dmy": sum(1 <= a <= 31 and 1 <= b <= 12 for a, b, _ in dates),
        "mdy": sum(1 <= a <= 12 and 1 <= b <= 31 for a, b, _ in dates),
        "ymd": sum(1 <= b <= 12 and 1 <= c <= 31 for _, b, c in dates),
    }
    first, last = ({each[place] for each in dates} for place in (0, 2))
    may_begin_with_year = max(first, default=0) <= this_year % 100
    if fitting["ymd"] > max(fitting["dmy"], fitting["mdy"]):
        return "ymd", fitting["ymd"] == len(dates)
    if may_begin_with_year and len(last) > len(first) and fitting["ymd"] == len(dates):
        return "ymd", False
    order: Order = "mdy" if fitting["mdy"] > fitting["dmy"] else "dmy"
    is_whole = fitting[order] == len(dates)
    return order, is_whole and fitting["dmy"] != fitting["mdy"]


def own_way(text: str, formats: Mapping[str, Sequence[str]]) -> str:
    """SQL for the moment that a text means in its file, by the formats of that."""
    branches = " ".join(
        f"WHEN {literal(file_id)} THEN try_strptime({text}, [{', '.join(map(literal, own))}])"
        for file_id, own in formats.items()
    )
    return f"(CASE file_id {branches} END)"


def in_the_past(moment: str, today: date) -> str:
    """SQL for a moment of two digits for the year that was: not of a day to come, but a century before."""
    return (
        f"CASE WHEN {moment} >= DATE '{today}' + INTERVAL 1 DAY"
        f" THEN {moment} - INTERVAL 100 YEAR ELSE {moment} END"
    )
