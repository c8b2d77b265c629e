"""What the page of bringing everything up to date shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.waiting import Waits
from klantreis.workspace import SinceRun

__all__ = ["ShownUpdate", "Stage", "Uncounted", "UpdatePage", "UpdateQuery"]


@dataclass(frozen=True)
class UpdateQuery:
    """`busy` when one was at work already, so that another was not started."""

    refused: Annotated[str, Query(pattern="^(busy)?$")] = ""


@dataclass(frozen=True)
class Stage:
    """A part of the work.

    Attributes:
        code: `import`, a room of the product, or `publish`.
        standing: `done`, `now` or empty.
    """

    code: str
    standing: str


@dataclass(frozen=True)
class ShownUpdate:
    """One time that it is, or was, done.

    Attributes:
        status: `starting`, `running`, `done`, `failed`, `stopped` or `broken_off`.
        by: who asked for it; empty when that is not known.
        begun_at, told_at: when it began, and when it last told of itself or ended (UTC).
        seconds: how long it is at work, or was.
        last_seconds: how long the one before took that changed something; 0 when not known.
        activity: `import` or `run`; empty while it prepares.
        pieces, done: of the activity: how many there are, and how many are done.
        piece: file or table that is at work.
        stages: parts of the work, in order.
        files, rows, aside, not_taken: what came in by it, was put aside, and could not be taken in.
        customers, more: how many there are, and how many more than before.
        is_new: whether any table changed.
        problem: parts of the message why it failed.
    """

    status: str
    by: str
    begun_at: datetime
    told_at: datetime
    seconds: float
    last_seconds: float
    activity: str
    pieces: int
    done: int
    piece: str
    stages: tuple[Stage, ...]
    files: int
    rows: int
    aside: int
    not_taken: int
    customers: int
    more: int
    is_new: bool
    problem: tuple[str, ...]


@dataclass(frozen=True)
class Uncounted:
    """What the tables do not count yet.

    Attributes:
        waiting: files that wait to be taken in.
        since: what happened to files since the last run.
        repaired: values that were put aside and have been repaired.
        decisions: who is who: decisions made or taken back.
        topics: changes of topics and notes.
    """

    waiting: Waits
    since: SinceRun
    repaired: int
    decisions: int
    topics: int

    def __bool__(self) -> bool:
        counts = (self.waiting.files, self.repaired, self.decisions, self.topics)
        return any(counts) or bool(self.since)


@dataclass(frozen=True)
class UpdatePage:
    """The whole page.

    Attributes:
        is_at_work: whether it is being done now.
        update: the one at work, or the last one; empty when there never was one.
        uncounted: what waits for it; empty while it is at work.
        published_at: of when the tables are (UTC); empty before the first run.
        refused: `busy` when another one was not started.
        is_stopping: whether the one at work was asked to stop.
        times: at which it is done by itself as long as the worker works, as `06:00`.
    """

    is_at_work: bool
    update: ShownUpdate | None
    uncounted: Uncounted | None
    published_at: datetime | None
    refused: str
    is_stopping: bool
    times: tuple[str, ...]
