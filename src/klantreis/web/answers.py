"""Answers that hold until the next publication, kept so that a page is computed once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

__all__ = ["Answers"]


class Answers:
    """The newest answers of one publication.

    Args:
        limit: how many are kept; the one not asked for longest goes first.
    """

    def __init__(self, limit: int = 128) -> None:
        self._limit = limit
        self._publication: int | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, publication: int, question: Hashable, answer: Callable[[], Any]) -> Any:
        """The kept answer to a question, or a fresh one that is kept from now on."""
        with self._lock:
            if publication != self._publication:
                self._publication, self._kept = publication, OrderedDict()
            kept = self._kept
            if question in kept:
                kept.move_to_end(question)
                return kept[question]
        fresh = answer()
        with self._lock:
            # An answer that comes later than it was asked for is not for what holds by then.
            if kept is self._kept:
                kept[question] = fresh
                while len(kept) > self._limit:
                    kept.popitem(last=False)
        return fresh

    def forget(self) -> None:
        """Drop all, because something else than the tables changed."""
        with self._lock:
            self._kept = OrderedDict()
