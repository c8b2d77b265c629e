"""How dates and times are written: the order of day and month, the sign between, the clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from klantreis.sources.reading.short_years import Order, order_of

__all__ = ["Moments", "Order", "moments_of", "with_order"]

ENOUGH = 0.5  # of the values must be dates, or the column holds something else
WORTH_A_FORMAT = 0.02
MORE_THAN_A_SLIP = 2  # values
PARTS = re.compile(
    r"^(?P<first>\d{1,4})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<third>\d{1,4})"
    r"(?:(?P<between>[ T])(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<sixtieth>\d{2})(?P<fraction>[.,]\d+)?)?\s?(?P<noon>[AaPp][Mm])?)?"
    r"\s?(?P<offset>Z|[+-]\d{2}:?\d{0,2})?$"
)
BARE = re.compile(r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")
NAMED = re.compile(
    r"^(?P<day>\d{1,2})(?P<sign>[- ])(?P<month>[A-Za-z]{3})[a-z]*(?P=sign)(?P<year>\d{4})"
    r"(?: (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<sixtieth>\d{2}))?)?$"
)
# `Jan 5, 2026 2:22:11 PM`, `5 jan. 2026`: read without a format.
NAMED_OTHERWISE = re.compile(
    r"^(?:\d{1,2} (?P<behind>[A-Za-z]{3})[a-z]*\.?|(?P<before>[A-Za-z]{3})[a-z]*\.? \d{1,2},?) \d{4}"
    r"(?P<hour>,? \d{1,2}:\d{2}(?::\d{2})?(?: [AaPp][Mm])?)?$"
)
DUTCH_MONTHS = {"maa", "mrt", "mei", "okt"}
DIRECTIVES: dict[Order, tuple[str, str, str]] = {
    "ymd": ("%y", "%m", "%d"),
    "dmy": ("%d", "%m", "%y"),
    "mdy": ("%m", "%d", "%y"),
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Moments:
    """How the dates or times of a column are written.

    Attributes:
        share: part of the values that is a date or time in this way.
        order: of year, month and day; empty where the month is named.
        is_mixed: whether some values are dates as day-month only, and others as month-day only.
        fits_both: whether every value is a date as day-month and as month-day too.
        formats: as `strptime`, the most used first.
        has_clock: whether a time of day stands with the date.
        has_offset: whether the values say themselves how far they are from UTC.
        short_orders: where the years have two digits, the orders in which all values are dates.
    """

    share: float
    order: Order
    fits_both: bool
    formats: tuple[str, ...]
    has_clock: bool = False
    has_offset: bool = False
    short_orders: tuple[Order, ...] = ()
    is_mixed: bool = False

    @property
    def has_short_years(self) -> bool:
        return bool(self.short_orders)


def moments_of(values: Sequence[str]) -> Moments | None:
    """How these values are written as dates or times; None when most are not.

    Day and month are told apart by values above 12. Where no value is, both readings fit: then it
    is taken as day-month, as in the Netherlands and Belgium, and said to be unsure.
    """
    ways = (
        (PARTS, _numbered),
        (BARE, _bare),
        (NAMED, _with_names),
        (NAMED_OTHERWISE, _with_names_otherwise),
    )
    for pattern, read in ways:
        found = [match for value in values if (match := pattern.match(value))]
        if found and len(found) >= ENOUGH * len(values):
            return read(found, len(values))
    return None


def with_order(moments: Moments, order: Order) -> Moments:
    """The same values, read with day and month in another order."""
    if moments.has_short_years:
        return _with_short_years(moments, order) if order in moments.short_orders else moments
    if {moments.order, order} != {"dmy", "mdy"}:
        return replace(moments, fits_both=False) if order == moments.order else moments
    turned = {"%d": "%m", "%m": "%d"}
    formats = tuple(re.sub("%[dm]", lambda part: turned[part[0]], text) for text in moments.formats)
    return replace(moments, order=order, fits_both=False, formats=formats)


def _with_short_years(moments: Moments, order: Order) -> Moments:
    """The same with the three numbers in another order: any of them may be the year."""

    def ordered(text: str) -> str:
        parts = iter(DIRECTIVES[order])
        return re.sub("%[dmy]", lambda _: next(parts), text)

    formats = tuple(ordered(text) for text in moments.formats)
    return replace(moments, order=order, fits_both=False, formats=formats)


def _numbered(found: Sequence[re.Match[str]], total: int) -> Moments | None:
    is_year_first = Counter(len(match["first"]) == 4 for match in found).most_common(1)[0][0]
    alike = [match for match in found if (len(match["first"]) == 4) == is_year_first]
    order, fits_both, right = _order(alike, is_year_first)
    if right < ENOUGH * total:
        return None
    counts = Counter(_format(match, order) for match in alike)
    return Moments(
        share=right / total,
        order=order,
        fits_both=fits_both,
        formats=tuple(
            text for text, count in counts.most_common() if count >= WORTH_A_FORMAT * total
        ),
        has_clock=any(match["hour"] for match in alike),
        has_offset=any(match["offset"] for match in alike),
        short_orders=_short_orders(alike, order),
        is_mixed=not is_year_first and _is_mixed(alike, total),
    )


def _is_mixed(found: Sequence[re.Match[str]], total: int) -> bool:
    """Whether each order of day and month has values that fit no other; one such is a slip."""
    long = [_numbers(match) for match in found if not _is_short(match)]
    fits = [(_is_date(one, "dmy"), _is_date(one, "mdy")) for one in long]
    least = max(MORE_THAN_A_SLIP, WORTH_A_FORMAT * total)
    return min(fits.count((True, False)), fits.count((False, True))) >= least


def _short_orders(found: Sequence[re.Match[str]], order: Order) -> tuple[Order, ...]:
    short = [_numbers(match) for match in found if _is_short(match)]
    fitting = (each for each in DIRECTIVES if all(_is_date(one, each) for one in short))
    return tuple(dict.fromkeys((order, *fitting))) if short else ()


def _numbers(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match["first"]), int(match["second"]), int(match["third"])


def _is_short(match: re.Match[str]) -> bool:
    return len(match["first"]) <= 2 and len(match["third"]) == 2


def _order(found: Sequence[re.Match[str]], is_year_first: bool) -> tuple[Order, bool, int]:
    """The order, whether the other fits as well, and how many values are dates in it."""
    numbers = list(map(_numbers, found))
    if all(map(_is_short, found)):
        order, is_sure = order_of(numbers, datetime.now(UTC).year)
        right = sum(_is_date(each, order) for each in numbers)
        return order, not is_sure, right
    if is_year_first:
        return "ymd", False, sum(1 <= b <= 12 and 1 <= c <= 31 for _, b, c in numbers)
    day_month = sum(1 <= a <= 31 and 1 <= b <= 12 for a, b, _ in numbers)
    month_day = sum(1 <= a <= 12 and 1 <= b <= 31 for a, b, _ in numbers)
    if month_day > day_month:
        return "mdy", False, month_day
    return "dmy", day_month == month_day, day_month


def _is_date(numbers: tuple[int, int, int], order: Order) -> bool:
    day, month = (numbers[place] for place in {"dmy": (0, 1), "mdy": (1, 0)}.get(order, (2, 1)))
    return 1 <= day <= 31 and 1 <= month <= 12


def _format(match: re.Match[str], order: Order) -> str:
    text = match["sign"].join(DIRECTIVES[order])
    text = text if _is_short(match) else text.replace("%y", "%Y")
    if match["hour"]:
        text += f"{match['between']}{'%I' if match['noon'] else '%H'}:%M"
        text += ":%S" if match["sixtieth"] else ""
        text += f"{match['fraction'][0]}%f" if match["fraction"] else ""
        text += " %p" if match["noon"] else ""
    return text + ("%z" if match["offset"] else "")


def _bare(found: Sequence[re.Match[str]], total: int) -> Moments:
    return Moments(len(found) / total, "ymd", False, ("%Y%m%d",))


def _with_names(found: Sequence[re.Match[str]], total: int) -> Moments | None:
    names = {match["month"].lower() for match in found}
    if names - DUTCH_MONTHS - set(MONTHS):
        return None
    has_clock = any(match["hour"] for match in found)
    if names & DUTCH_MONTHS:  # read without a format
        return Moments(len(found) / total, "", False, (), has_clock)
    match, sign = found[0], found[0]["sign"]
    month = "%b" if all(len(one[0].split(sign)[1]) == 3 for one in found) else "%B"
    text = sign.join(("%d", month, "%Y"))
    if match["hour"]:
        text += " %H:%M" + (":%S" if match["sixtieth"] else "")
    return Moments(len(found) / total, "", False, (text,), bool(match["hour"]))


def _with_names_otherwise(found: Sequence[re.Match[str]], total: int) -> Moments | None:
    names = {(match["behind"] or match["before"]).lower() for match in found}
    if names - DUTCH_MONTHS - set(MONTHS):
        return None
    return Moments(len(found) / total, "", False, (), any(match["hour"] for match in found))
