"""Rows over time, one drawing a table, with the gaps marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil, log10

from klantreis.charts import Lack, Tally, tallies
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.source.context import SourcePage
from klantreis.words import Translator
from klantreis.workspace import Course, Gap

__all__ = ["draw"]

TICKS = 6


def draw(page: SourcePage, words: Translator) -> Mapping[str, Svg]:
    """Draw each table with dates, by its code."""
    return {course.table: svg(_drawn(course, words)) for course in page.courses}


def _drawn(course: Course, words: Translator) -> str:
    table = words.code("table", course.table)
    by = words.text("by day") if course.step_days == 1 else words.text("by week")
    return tallies(
        [
            Tally(period.rows, f"{words.day(period.first_on)}: {words.units(period.rows, 'rows')}")
            for period in course.periods
        ],
        [_lack(course, gap, words) for gap in course.gaps],
        ticks=_ticks(course, words),
        scale=[
            (value, words.number(value)) for value in _scale(max(p.rows for p in course.periods))
        ],
        title=f"{table}: {words.units(course.rows, 'rows')} {by}",
        description=words.text(
            "Bars: rows in each period. Dashed bands with a sign: gaps, which the table below names."
        ),
    )


def _lack(course: Course, gap: Gap, words: Translator) -> Lack:
    start = course.periods[0].first_on
    return Lack(
        (gap.first_on - start).days / course.step_days,
        ((gap.last_on - start).days + 1) / course.step_days,
        words.text(
            "Gap from %(first)s to %(last)s",
            first=words.day(gap.first_on),
            last=words.day(gap.last_on),
        ),
    )


def _ticks(course: Course, words: Translator) -> Sequence[tuple[int, str]]:
    """Names for some of the periods: days where the period is short, else months."""
    every = max(1, ceil(len(course.periods) / TICKS))
    places = range(0, len(course.periods), every)
    return [(at, _name(course.periods[at].first_on, course, words)) for at in places]


def _name(day: date, course: Course, words: Translator) -> str:
    return words.day(day) if course.step_days == 1 else words.month(day)


def _scale(highest: int) -> list[float]:
    """Whole round counts from 0 up to just above the highest."""
    if highest <= 1:
        return [0, 1]
    size = 10.0 ** int(log10(highest))
    parts = (0.25, 0.5, 1, 2.5, 5)
    step = next(part * size for part in parts if highest / (part * size) <= 3)
    step = max(1, round(step))
    return [step * place for place in range(ceil(highest / step) + 1)]
