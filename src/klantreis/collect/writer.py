"""One thread writes: all that queued up while it was busy is its next transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from klantreis.state import CollectedEvent, CollectedLog

__all__ = ["Writer"]

EVENTS_AT_ONCE = 10_000
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Wish:
    events: Sequence[CollectedEvent]
    done: Future[list[bool]]


class Writer:
    """Commits groups of calls together, so that a disk's flush is shared by all that wait for it.

    Args:
        log: where events are kept.
        follow: is told of every new event once it is on disk, before its sender is.
    """

    def __init__(
        self, log: CollectedLog, follow: Callable[[CollectedEvent], None] = lambda event: None
    ) -> None:
        self._log = log
        self._follow = follow
        self._wishes: SimpleQueue[_Wish | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="collect-writer", daemon=True)
        self._thread.start()

    def write(self, events: Sequence[CollectedEvent]) -> Future[list[bool]]:
        """Ask for events to be kept.

        Returns:
            Done when they are on disk; for each event whether it was new.
        """
        wish = _Wish(events, Future())
        self._wishes.put(wish)
        return wish.done

    @property
    def waiting(self) -> int:
        """How many calls wait for their turn."""
        return self._wishes.qsize()

    def close(self) -> None:
        """Write what still waits, and stop."""
        self._wishes.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (group := self._next_group()) is not None:
            self._commit(group)

    def _next_group(self) -> list[_Wish] | None:
        first = self._wishes.get()
        if first is None:
            return None
        group, count = [first], len(first.events)
        while count < EVENTS_AT_ONCE:
            try:
                following = self._wishes.get_nowait()
            except Empty:
                break
            if following is None:
                self._wishes.put(None)
                break
            group.append(following)
            count += len(following.events)
        return group

    def _tell(self, event: CollectedEvent) -> None:
        try:
            self._follow(event)
        except Exception:
            # It is on disk; that nobody could follow it must not stop the writing of others.
            LOG.exception("a collected event could not be followed")

    def _commit(self, group: list[_Wish]) -> None:
        try:
            news = self._log.append([event for wish in group for event in wish.events])
        except Exception as error:
            for wish in group:
                wish.done.set_exception(error)
            return
        start = 0
        for wish in group:
            own = news[start : start + len(wish.events)]
            start += len(wish.events)
            for event, is_new in zip(wish.events, own, strict=True):
                if is_new:
                    self._tell(event)
            wish.done.set_result(own)
