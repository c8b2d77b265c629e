"""Which part of the timeline is looked at: a channel, a kind of moment, a period; nearer and further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from klantreis.web.pages.portrait.context import PERIODS, PortraitQuery, Window
from klantreis.web.pages.portrait.story import kind_of

__all__ = ["seen_through", "window"]

Row = dict[str, Any]


def window(query: PortraitQuery, moments: Sequence[Row], as_of: datetime) -> Window:
    """The period that is asked for, and those beside it; everything when none is."""
    first = moments[0]["occurred_at"] if moments else as_of
    days = query.period if query.period in PERIODS else 0
    place = PERIODS.index(days)
    whole = (as_of - first).days
    nearer = next((shorter for shorter in PERIODS[place + 1 :] if shorter < whole), None)
    if not days:
        return Window(0, first, as_of, None, None, None, nearer, None)
    until = _end_of(query.until, as_of)
    start = until - timedelta(days=days)
    step = timedelta(days=days)
    return Window(
        days=days,
        first_at=start,
        last_at=until,
        until=_last_day(until) if until < as_of else None,
        earlier=_last_day(start) if first < start else None,
        later=_last_day(min(until + step, as_of)) if until < as_of else None,
        nearer=nearer,
        further=PERIODS[place - 1],
    )


def _last_day(end: datetime) -> date:
    """The day that ends at a moment, or is going on then."""
    return (end - timedelta(microseconds=1)).date()


def _end_of(day: date | None, as_of: datetime) -> datetime:
    if day is None or day >= as_of.date():
        return as_of
    return datetime(day.year, day.month, day.day) + timedelta(days=1)


def seen_through(moments: Sequence[Row], query: PortraitQuery, through: Window) -> list[Row]:
    """The moments of a channel, a kind and a period."""
    return [
        row
        for row in moments
        if query.channel in ("", row["channel"])
        and query.kind in ("", kind_of(row["event"]))
        and (not through.days or through.first_at < row["occurred_at"] <= through.last_at)
    ]
