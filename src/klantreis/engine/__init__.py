"""Engines: where tables are computed. Nobody outside this room imports one."""

from __future__ import annotations

from typing import Any, cast

from klantreis import registry
from klantreis.engine.asking import Asker
from klantreis.engine.protocol import Engine, Written
from klantreis.engine.renewing import Kept, by_customer, happened, is_any, is_few, what_differs

__all__ = [
    "Asker",
    "Engine",
    "Kept",
    "Written",
    "by_customer",
    "connect",
    "happened",
    "is_any",
    "is_few",
    "what_differs",
]


def connect(name: str = "duckdb", **settings: Any) -> Engine:
    """Start an engine by its registered name.

    Raises:
        NotFoundError: no such engine is installed.
        MissingExtraError: its optional package is lacking.
    """
    return cast(Engine, registry.load("engines", name)(**settings))
