"""The roadmap over the months of its cycle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from klantreis.charts import GanttBar, gantt
from klantreis.web.marks import Svg, svg
from klantreis.web.pages.plan.context import ActionShown, Roadmap
from klantreis.web.rendering import address
from klantreis.words import Translator

__all__ = ["draw"]


def draw(page: Roadmap, words: Translator) -> Mapping[str, Svg]:
    """Draw the roadmap; nothing without actions."""
    if not page.actions:
        return {}
    places = {one.action_id: place for place, one in enumerate(page.actions)}
    bars = [_bar(one, page, places, words) for one in page.actions]
    months = [_months_on(page.starts_on, month) for month in range(12)]
    title = words.text("Roadmap")
    drawn = gantt(
        bars,
        ticks=[(_part(page, month), words.month(month)) for month in months],
        title=title,
        description=words.text("A bar for each action; arrows come from what must be done before."),
    )
    return {"gantt": svg(drawn)}


def _bar(one: ActionShown, page: Roadmap, places: Mapping[str, int], words: Translator) -> GanttBar:
    status = words.code("status", one.status)
    when = f"{words.day(one.starts_on)} – {words.day(one.ends_on)}"
    return GanttBar(
        title=one.title,
        start=_part(page, one.starts_on),
        end=_part(page, one.ends_on),
        status=one.status,
        name=f"{one.title}: {status}, {when}",
        after=tuple(places[before] for before in one.after if before in places),
        href=address("/plan", action=one.action_id),
    )


def _part(page: Roadmap, day: date) -> float:
    return (day - page.starts_on).days / max(1, (page.ends_on - page.starts_on).days)


def _months_on(day: date, months: int) -> date:
    """The first day of the month that comes so many months on; the day itself for none."""
    if not months:
        return day
    place = day.month - 1 + months
    return date(day.year + place // 12, place % 12 + 1, 1)
