"""The charts of one segment: its size and its value over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor, log10

from klantreis.charts import Series, lines
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.segment_group.context import GroupPage
from klantreis.words import Translator

__all__ = ["draw"]

STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 5


def draw(page: GroupPage, words: Translator) -> Mapping[str, Svg]:
    """Draw both; nothing for a group that was measured once."""
    if len(page.points) < 2:
        return {}
    sizes = tuple(float(one.customers) for one in page.points)
    amounts = tuple(max(0.0, one.revenue_amount) for one in page.points)
    return {
        "size": svg(_course(page, words, sizes, words.text("Customers"), words.number)),
        "value": svg(
            _course(
                page,
                words,
                amounts,
                words.text("Revenue"),
                lambda value: words.money(value, cents=False),
            )
        ),
    }


def _course(
    page: GroupPage,
    words: Translator,
    values: tuple[float, ...],
    name: str,
    written: Callable[[float], str],
) -> str:
    first, last = page.points[0].at, page.points[-1].at
    length = (last - first).total_seconds() or 1.0
    spoken = tuple(
        f"{words.day(point.at)}: {written(value)}"
        for point, value in zip(page.points, values, strict=True)
    )
    every = max(1, -(-len(values) // MOST_TICKS))
    places = [len(values) - 1 - n for n in range(0, len(values), every)]
    return lines(
        [Series(name, values, spoken)],
        ticks=[(at, words.month(page.points[at].at)) for at in reversed(places)],
        scale=[(value, written(value)) for value in _scale(max(values))],
        title=words.text("%(name)s over time", name=name),
        description=words.text("The table below the charts holds the same numbers."),
        places=[(one.at - first).total_seconds() / length for one in page.points],
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
