"""Who asks: so that a question can be broken off when nobody waits for its answer any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from klantreis.errors import AbandonedError

__all__ = ["Asker", "asker"]


class Asker:
    """Somebody who waits for answers, until they go away."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_gone = False
        self._asked: set[Callable[[], None]] = set()

    @contextmanager
    def asks(self) -> Iterator[None]:
        """Whatever is asked within this is theirs, also by threads that go on in this context."""
        before = ASKER.set(self)
        try:
            yield
        finally:
            ASKER.reset(before)

    def leaves(self) -> None:
        """Break off what is being asked, and what will be. Say it again while anything goes on: a
        database forgets it between reading a question and answering it."""
        with self._lock:
            self._is_gone = True
            for break_off in self._asked:
                break_off()

    @contextmanager
    def waits_for(self, break_off: Callable[[], None]) -> Iterator[None]:
        """Until this ends, leaving breaks off.

        Raises:
            AbandonedError: they are gone already.
        """
        with self._lock:
            if self._is_gone:
                raise AbandonedError("Nobody waits for the answer any more")
            self._asked.add(break_off)
        try:
            yield
        finally:
            with self._lock:
                self._asked.discard(break_off)


PATIENT = Asker()  # whoever does not say who they are, stays
ASKER: ContextVar[Asker] = ContextVar("asker", default=PATIENT)


def asker() -> Asker:
    """Who asks now."""
    return ASKER.get()
