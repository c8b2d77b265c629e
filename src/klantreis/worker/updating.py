"""Bringing everything up to date by itself, at the times of day that the settings give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from klantreis.errors import WorkspaceBusyError
from klantreis.workspace import Update, Workspace, start_updating

__all__ = ["is_due", "update_when_due"]

ASKER = "klantreis work"


def update_when_due(
    workspace: Workspace,
    *,
    now: datetime,
    start: Callable[..., None] = start_updating,
) -> bool:
    """Start it, in a process of its own, when a time has come since the last one; tell whether.

    What fails is not tried again before the next time: the page says why, and has a button.

    Args:
        workspace: the shop.
        now: naive UTC.
        start: as `start_updating`.
    """
    times, zone = workspace.settings.update_times, ZoneInfo(workspace.settings.time_zone)
    if not is_due(times, zone, workspace.updates.last, now):
        return False
    try:
        start(workspace, by=ASKER)
    except WorkspaceBusyError:
        return False
    return True


def is_due(times: Sequence[time], zone: ZoneInfo, last: Update | None, now: datetime) -> bool:
    """Whether one of these times has come since the last one began that took in what waits.

    Who was not at work at that time makes up for it.

    Args:
        times: on the clock of the zone.
        last: the one at work, or the last one.
        now: naive UTC.
    """
    if last is not None and last.is_at_work:
        return False
    today = now.replace(tzinfo=UTC).astimezone(zone).date()
    days = (today - timedelta(days=1), today)
    moments = (
        datetime.combine(day, one, zone).astimezone(UTC).replace(tzinfo=None)
        for day in days
        for one in times
    )
    newest = max((moment for moment in moments if moment <= now), default=None)
    # One that took nothing in left what waits where it was.
    return newest is not None and (last is None or last.begun_at < newest or not last.imports)
