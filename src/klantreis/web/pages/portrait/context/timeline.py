"""The timeline: the period looked at, marks on lanes, and visits with their moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["PERIODS", "LaneMark", "Moment", "Visit", "Window"]

PERIODS = (0, 365, 90, 30, 7)  # days to look at, ever nearer; 0: everything


@dataclass(frozen=True)
class Window:
    """The period looked at, and the ways to others.

    Attributes:
        days: how long; 0: everything.
        first_at, last_at: from when until when.
        until: its last day; empty when it goes on to the last moment in the data.
        earlier, later: last days of the periods before and after it; empty when there is nothing.
        nearer, further: shorter and longer periods in days; empty when there is none.
    """

    days: int
    first_at: datetime
    last_at: datetime
    until: date | None
    earlier: date | None
    later: date | None
    nearer: int | None
    further: int | None


@dataclass(frozen=True)
class Moment:
    """What happened once or several times in a row.

    Attributes:
        at: first of them.
        channel, event: codes.
        times: how often in a row.
        about: names of products, pages, campaigns or stores.
        text: what was searched for or said.
        amount: money that changed hands.
        first, last: their places in the timeline.
    """

    at: datetime
    channel: str
    event: str
    times: int
    about: tuple[str, ...]
    text: str
    amount: float | None
    first: int
    last: int


@dataclass(frozen=True)
class Visit:
    """Moments without 30 minutes of silence between them."""

    number: int
    started_at: datetime
    ended_at: datetime
    channels: tuple[str, ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class LaneMark:
    """A mark on the timeline: neighbouring visits of one kind in one channel.

    Attributes:
        channel: lane.
        kind: `visit`, `purchase`, `said`, `return` or `trouble`.
        first_at, last_at: period.
        moments, visits: how many lie under the mark.
        visit: number of the last visit under it.
        amount: money that changed hands.
    """

    channel: str
    kind: str
    first_at: datetime
    last_at: datetime
    moments: int
    visits: int
    visit: int
    amount: float | None
