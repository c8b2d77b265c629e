"""The hour on the clock in a time zone, as an expression that every engine understands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

__all__ = ["local_hour", "local_weekday", "midnights", "offset_switches"]

FIRST_YEAR = 1970
MINUTES_A_DAY = 24 * 60
DAYS_A_WEEK = 7


def local_hour(moment: ir.TimestampValue, time_zone: str, *, until: datetime) -> ir.IntegerValue:
    """The hour of the day (0 to 23) at which a UTC moment fell on the clocks of a time zone.

    Ibis has no portable conversion of time zones; but a zone is nothing more than a list of
    instants at which its distance to UTC changes. The latest come first, because most moments
    are recent: an engine stops at the first that fits.

    Args:
        moment: naive UTC timestamp.
        time_zone: IANA name.
        until: no later moment occurs (naive UTC); moments before 1970 get the offset of then.
    """
    minutes = _minutes(moment, time_zone, until) + MINUTES_A_DAY
    return ((minutes % MINUTES_A_DAY) // 60).cast("int64")


def local_weekday(moment: ir.TimestampValue, time_zone: str, *, until: datetime) -> ir.IntegerValue:
    """The day of the week (1 is Monday) on which a UTC moment fell in a time zone.

    Args:
        moment, time_zone, until: as for `local_hour`.
    """
    days = (_minutes(moment, time_zone, until) + MINUTES_A_DAY) // MINUTES_A_DAY - 1
    return ((moment.day_of_week.index() + days + DAYS_A_WEEK) % DAYS_A_WEEK + 1).cast("int64")


def _minutes(moment: ir.TimestampValue, time_zone: str, until: datetime) -> ir.IntegerValue:
    """Minutes since the UTC day began, on local clocks: below 0 the day before, from 1,440 the next."""
    (_, first_offset), *switches = offset_switches(time_zone, until.year + 1)
    offset = ibis.literal(first_offset)
    if switches:
        offset = ibis.cases(
            *((moment >= ibis.literal(at), minutes) for at, minutes in reversed(switches)),
            else_=first_offset,
        )
    return moment.hour() * 60 + moment.minute() + offset


def midnights(time_zone: str, *, until: datetime) -> tuple[int, ...]:
    """The minutes of the day in UTC at which a day may begin on the clocks of a time zone.

    Between two of them a day in UTC always lies on one day of the local calendar.

    >>> midnights("Europe/Amsterdam", until=datetime(2026, 1, 1))
    (1320, 1380)
    """
    offsets = {minutes for _, minutes in offset_switches(time_zone, until.year + 1)}
    return tuple(sorted({-minutes % MINUTES_A_DAY for minutes in offsets} - {0}))


@cache
def offset_switches(time_zone: str, last_year: int) -> tuple[tuple[datetime, int], ...]:
    """The instants at which a zone's distance to UTC changes.

    Returns:
        From 1970 to the end of `last_year`: naive UTC instants, and the minutes ahead of UTC
        from then on.
    """
    zone = ZoneInfo(time_zone)
    start = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    switches = [(start, _offset(start, zone))]
    day = start
    while day < end:
        following = day + timedelta(days=1)
        if _offset(day, zone) != _offset(following, zone):
            at = _switch_between(day, following, zone)
            switches.append((at, _offset(at, zone)))
        day = following
    return tuple((at.replace(tzinfo=None), minutes) for at, minutes in switches)


def _offset(at: datetime, zone: ZoneInfo) -> int:
    distance = at.astimezone(zone).utcoffset()
    assert distance is not None
    return int(distance.total_seconds() // 60)


def _switch_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first minute after `before` with the offset of `after`."""
    wanted = _offset(after, zone)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        if _offset(middle, zone) == wanted:
            after = middle
        else:
            before = middle
    return after
