"""Seldom looking for objects that refer to each other in a ring and that nobody needs any more."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["OFTEN_ENOUGH", "collected_as_usual", "seldom_collected"]

OFTEN_ENOUGH = (200_000, 50, 100)
PYTHONS_OWN = gc.get_threshold()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for litter less often while modules are loaded and queries are built.

    Both are very many small objects that live on: with Python's own thresholds a quarter of the
    start of a command and a tenth of a run's time went into looking among them. What nobody refers
    to is freed at once all the same.
    """
    with _collected_at(OFTEN_ENOUGH):
        yield


@contextmanager
def collected_as_usual() -> Iterator[None]:
    """Let Python look for litter as often as it does of itself: for what goes on without end."""
    with _collected_at(PYTHONS_OWN):
        yield


@contextmanager
def _collected_at(thresholds: tuple[int, int, int]) -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*thresholds)
    try:
        yield
    finally:
        gc.set_threshold(*before)
