"""What a table rests on, as one hash: when nothing of it changed, the table is not made again."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from klantreis.tables import TABLES

__all__ = ["code_version", "fingerprint", "is_of_one_method", "mark"]

CODE_ENDINGS = (".py", ".toml", ".csv")
HALF = 32  # hexadecimal digits: 128 bits
HOUSE = Path(__file__).parents[1]


def fingerprint(parts: Iterable[object]) -> str:
    """One hash over the written form of the parts, in their order.

    >>> fingerprint(["a", 1]) == fingerprint(["a", 1])
    True
    >>> fingerprint(["a", 1]) == fingerprint(["a1"])
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        text = repr(part).encode()
        digest.update(len(text).to_bytes(8, "big") + text)
    return digest.hexdigest()


def mark(method: Iterable[object], rest: Iterable[object]) -> str:
    """The fingerprint of a table, of which the first half tells how it is made.

    Args:
        method: code and settings.
        rest: all else on which it rests, foremost the tables that it is made from.
    """
    return fingerprint(method)[:HALF] + fingerprint(rest)[:HALF]


def is_of_one_method(one: str, other: str) -> bool:
    """Whether two tables with these marks are made by the same code under the same settings."""
    return one[:HALF] == other[:HALF]


@cache
def code_version(function: Callable[..., object], tables: tuple[str, ...]) -> str:
    """Hash of the code that makes a table: its whole room, and the contracts that it touches."""
    room = _room_of(function)
    files = sorted(file for file in room.rglob("*") if file.suffix in CODE_ENDINGS)
    return fingerprint(
        [
            *((file.relative_to(room).as_posix(), file.read_bytes()) for file in files),
            *(TABLES[name] for name in tables),
        ]
    )


def _room_of(function: Callable[..., object]) -> Path:
    file = Path(inspect.getfile(function))
    for folder in file.parents:
        if folder.parent == HOUSE:
            return folder
    return file.parent  # a step of somebody else's package
