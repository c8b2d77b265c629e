"""Seldom looking for objects that refer to each other in a ring and that nobody needs any more."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["OFTEN_ENOUGH", "seldom_collected"]

OFTEN_ENOUGH = (200_000, 50, 100)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for litter less often while queries are built.

    Queries consist of very many small objects that live on: with Python's own thresholds a tenth
    of a run's time went into looking among them. What nobody refers to is freed at once all the same.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*OFTEN_ENOUGH)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
