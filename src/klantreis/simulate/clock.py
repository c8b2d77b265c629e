"""Time in the shop: local seconds inside, UTC in what is written; when people are awake and open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from klantreis.simulate.draws import Choice, Floats, Ints
from klantreis.simulate.plan import Plan

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "STORE_WEEK",
    "day_weights",
    "month_number",
    "month_of",
    "online_seconds",
    "store_seconds",
    "to_utc",
    "week_of",
]

MINUTE, HOUR, DAY = 60, 3_600, 86_400
ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY = 4  # 1 January 1970 was a Thursday: day 4 was the first Monday
# Online by hour of the day before the type's own peak is added; stores by hour from nine.
ONLINE = [6, 3, 2, 1, 1, 2, 8, 18, 30, 38, 42, 42, 44, 42, 40, 40, 42, 42, 44, 58, 68, 66, 48, 20]
STORE = [4, 9, 13, 12, 13, 14, 14, 12, 8, 4, 3, 2]
STORE_SUNDAY = [0, 0, 0, 14, 18, 18, 16, 12, 2, 0, 0, 0]
STORE_WEEK = [0.75, 0.75, 0.85, 0.95, 1.2, 1.7, 0.8]


@cache
def _changes() -> tuple[Ints, Ints]:
    """Local seconds at which the offset from UTC changes, and the offset from then on."""
    moment, end = datetime(1990, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
    offset = int((moment.astimezone(ZONE).utcoffset() or timedelta()).total_seconds())
    starts, offsets = [-(2**60)], [offset]
    while moment < end:
        moment += timedelta(hours=1)
        if moment.month not in (3, 10) or moment.weekday() != 6:
            moment += timedelta(hours=23)
            continue
        now = int((moment.astimezone(ZONE).utcoffset() or timedelta()).total_seconds())
        if now != offset:
            starts.append(int(moment.timestamp()) + now)
            offsets.append(now)
            offset = now
    return np.array(starts), np.array(offsets)


def to_utc(local: Ints) -> Ints:
    """Seconds since 1970 in Amsterdam to seconds since 1970 in UTC."""
    starts, offsets = _changes()
    return local - offsets[np.searchsorted(starts, local, side="right") - 1]


def month_of(days: Ints) -> Ints:
    """Months since January 1970 for days since 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_number(month: str) -> int:
    """Months since January 1970 for a month as `2025-01`."""
    return (int(month[:4]) - 1970) * 12 + int(month[5:]) - 1


def week_of(days: Ints, plan: Plan) -> Ints:
    """Number of the calendar week (from Monday) within the period, from 0."""
    return (days - MONDAY) // 7 - (plan.first_day - MONDAY) // 7


def day_weights(first: int, last: int, season: Floats, week: Sequence[float]) -> Floats:
    """How likely each day is.

    Args:
        first, last: days since 1970, the last one not included.
        season: factor by month from January; `week` by day from Monday.
    """
    days = np.arange(first, last)
    weights: Floats = season[month_of(days) % 12] * np.asarray(week)[(days - MONDAY) % 7]
    return weights


def online_seconds(rng: np.random.Generator, peaks: Ints) -> Ints:
    """Second of the day of an online visit, by the hour at which someone likes to be online."""
    hours = np.arange(24)
    away = np.abs(hours[None, :] - hours[:, None])
    bump = 70 * np.exp(-0.5 * (np.minimum(away, 24 - away) / 2.0) ** 2)
    choice = Choice(np.asarray(ONLINE)[None, :] + bump)
    return choice.draw(rng, peaks) * HOUR + rng.integers(0, HOUR, len(peaks))


def store_seconds(rng: np.random.Generator, days: Ints) -> Ints:
    """Second of the day of a store visit within opening hours."""
    sunday = ((days - MONDAY) % 7 == 6).astype(np.int64)
    hours = Choice([STORE, STORE_SUNDAY]).draw(rng, sunday) + 9
    return hours * HOUR + rng.integers(0, HOUR, len(days))
