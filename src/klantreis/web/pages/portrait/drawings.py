"""The timeline of a portrait: a lane for each channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from klantreis.charts import Lane, Mark, timeline_lanes
from klantreis.tables.vocabulary import CHANNELS
from klantreis.web.channels import ON_SCREEN
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.portrait.context import LaneMark, Portrait
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: Portrait, words: Translator) -> Mapping[str, Svg]:
    """Draw the timeline; nothing for a customer without moments."""
    if not page.marks:
        return {}
    start = min(mark.first_at for mark in page.marks)
    end = max(mark.last_at for mark in page.marks)
    length = (end - start).total_seconds() or 1.0

    def at(moment: datetime) -> float:
        return (moment - start).total_seconds() / length

    in_use = {mark.channel for mark in page.marks}
    chart = timeline_lanes(
        [
            Lane(channel, words.code("channel", channel), channel in ON_SCREEN)
            for channel in CHANNELS
            if channel in in_use
        ],
        [
            Mark(mark.channel, at(mark.first_at), mark.moments, mark.kind, _name(mark, words),
                 _address(mark, page))
            for mark in page.marks
        ],
        ticks=[(at(tick), words.month(tick)) for tick in _months(start, end)],
        online_title=words.text("Online"),
        offline_title=words.text("Offline"),
        title=words.text("Timeline over all channels"),
        description=words.text(
            "A lane for each channel. Circles are online, squares are offline; a mark with a sign "
            "is a purchase, a return, a statement or something that went wrong."
        ),
    )  # fmt: skip
    return {"timeline": svg(chart)}


def _name(mark: LaneMark, words: Translator) -> str:
    parts = [
        words.code("mark", mark.kind),
        words.code("channel", mark.channel),
        words.period(mark.first_at, mark.last_at),
        words.money(mark.amount) if mark.amount is not None else "",
        words.units(mark.moments, "moments") if mark.moments > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def _address(mark: LaneMark, page: Portrait) -> str:
    shown = any(visit.number == mark.visit for visit in page.visits)
    query = "" if shown else f"?before={mark.visit + 1}"
    return f"{query}#visit-{mark.visit}"


def _months(start: datetime, end: datetime) -> list[datetime]:
    """First days of months between two moments; of quarters or years when there are many."""
    months = (end.year - start.year) * 12 + end.month - start.month
    every = next(n for n in (1, 3, 12, 1200) if months / n <= 14)
    first = date(start.year, start.month, 1)
    found = []
    for place in range(months + 1):
        month = first.year * 12 + first.month - 1 + place
        tick = datetime(month // 12, month % 12 + 1, 1)
        if tick >= start and (tick.month - 1) % every == 0:
            found.append(tick)
    return found
