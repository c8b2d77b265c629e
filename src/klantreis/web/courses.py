"""The size and the value of a group over time, as two charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor, log10
from typing import Protocol

from klantreis.charts import Series, lines
from klantreis.web.marks import Svg, svg
from klantreis.words import Translator

__all__ = ["Measured", "courses"]

STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 5


class Measured(Protocol):
    """A group at one moment: when (UTC), how many were in it, and what they bought in EUR."""

    @property
    def at(self) -> datetime: ...
    @property
    def customers(self) -> int: ...
    @property
    def revenue_amount(self) -> float: ...


@dataclass(frozen=True)
class _Course:
    name: str
    values: tuple[float, ...]
    written: Callable[[float], str]


def courses(points: Sequence[Measured], words: Translator) -> Mapping[str, Svg]:
    """Draw `size` and `value`; nothing for a group that was measured once.

    Args:
        points: the first one first.
    """
    if len(points) < 2:
        return {}
    sizes = _Course(
        words.text("Customers"), tuple(float(one.customers) for one in points), words.number
    )
    amounts = _Course(
        words.text("Revenue"),
        tuple(max(0.0, one.revenue_amount) for one in points),
        lambda value: words.money(value, cents=False),
    )
    moments = [one.at for one in points]
    return {
        "size": svg(_drawn(sizes, moments, words)),
        "value": svg(_drawn(amounts, moments, words)),
    }


def _drawn(course: _Course, moments: Sequence[datetime], words: Translator) -> str:
    first, last = moments[0], moments[-1]
    length = (last - first).total_seconds() or 1.0
    spoken = tuple(
        f"{words.day(at)}: {course.written(value)}"
        for at, value in zip(moments, course.values, strict=True)
    )
    every = max(1, -(-len(moments) // MOST_TICKS))
    places = [len(moments) - 1 - n for n in range(0, len(moments), every)]
    return lines(
        [Series(course.name, course.values, spoken)],
        ticks=[(at, words.month(moments[at])) for at in reversed(places)],
        scale=[(value, course.written(value)) for value in _scale(max(course.values))],
        title=words.text("%(name)s over time", name=course.name),
        description=words.text("The table below the charts holds the same numbers."),
        places=[(at - first).total_seconds() / length for at in moments],
        width=560,
        height=240,
    )


def _scale(highest: float) -> list[float]:
    """Round values from 0 to just above the highest."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / 4
    size = 10 ** floor(log10(rough))
    step = next(one * size for one in STEPS if one * size >= rough)
    count = -(-highest // step)
    return [step * n for n in range(int(count) + 1)]
