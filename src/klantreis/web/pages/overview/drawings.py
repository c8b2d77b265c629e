"""The overview's chart: revenue by month, online and in the store."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log10

from klantreis.charts import Series, lines
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.overview.context import Overview
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: Overview, words: Translator) -> Mapping[str, Svg]:
    """Draw the course of revenue; nothing when there is less than two whole months."""
    months = [month for month in page.months if month.is_complete]
    if len(months) < 2:
        return {}
    online = tuple(month.online_amount for month in months)
    offline = tuple(month.offline_amount for month in months)
    every = max(1, ceil(len(months) / 6))
    series = (
        (words.text("Online"), online),
        (words.text("In the store"), offline),
    )
    chart = lines(
        [
            Series(
                name,
                values,
                tuple(
                    f"{name}, {words.month(month.month)}: {words.money(round(value))}"
                    for month, value in zip(months, values, strict=True)
                ),
            )
            for name, values in series
        ],
        ticks=[(at, words.month(m.month)) for at, m in enumerate(months) if at % every == 0],
        scale=[(value, words.money(value)) for value in _scale(max(online + offline))],
        title=words.text("Revenue by month"),
        description=words.text("Two lines: revenue online and revenue in the store, by month."),
    )
    return {"revenue": svg(chart)}


def _scale(highest: float) -> list[float]:
    """Round values from 0 up to just above the highest."""
    if highest <= 0:
        return [0.0]
    size = 10.0 ** int(log10(highest))
    step = next(part * size for part in (0.25, 0.5, 1, 2.5) if highest / (part * size) <= 4)
    return [step * place for place in range(ceil(highest / step) + 1)]
