"""How often a program may ask: a bucket of requests for each key, which fills up again."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from fastapi import Request
from starlette.exceptions import HTTPException

from klantreis.web.actors import Actor

__all__ = ["Limits"]


class Limits:
    """Counts requests of keys in this process.

    Args:
        burst: requests that may come at once.
        per_second: requests that come back each second.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        burst: int = 120,
        per_second: float = 20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def refuse_flood(self, request: Request, actor: Actor) -> None:
        """Refuse a program that asks too often; persons are not counted.

        Raises:
            HTTPException: 429, with the seconds to wait.
        """
        if actor.name.startswith("key:") and not self.take(actor.name):
            raise HTTPException(429, "Too many requests", {"retry-after": "1"})

    def take(self, name: str) -> bool:
        """Take one request out of somebody's bucket; False when it is empty."""
        with self._lock:
            at = self._clock()
            left, since = self._left.get(name, (float(self._burst), at))
            left = min(self._burst, left + (at - since) * self._per_second)
            is_allowed = left >= 1
            self._left[name] = (left - is_allowed, at)
            return is_allowed
