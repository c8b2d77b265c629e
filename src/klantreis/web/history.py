"""Who changed what, with undo and redo: for every page on which people draw something up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Form

from klantreis.web.named import Named
from klantreis.web.refusal import why_refused
from klantreis.workspace import Draft, History

__all__ = ["HistoryShown", "Turning", "VersionShown", "history_shown", "turned", "versions_shown"]

VERSIONS = 30


@dataclass(frozen=True)
class Turning:
    """Back or forth from the version that was seen."""

    seen: Annotated[int, Form()]


@dataclass(frozen=True)
class VersionShown:
    """A version: code of the change, what it was about, who and when.

    Attributes:
        number: of the version.
        change: code of what was done.
        about: to what; a text that people wrote is its own name in both languages.
        by: who.
        at: when (UTC).
    """

    number: int
    change: str
    about: Named
    by: str
    at: datetime


@dataclass(frozen=True)
class HistoryShown:
    """What was done to a draft.

    Attributes:
        number: of the newest version; a change is made of this version.
        can_undo, can_redo: whether there is something to take back, or to do again.
        versions: the newest first.
    """

    number: int
    can_undo: bool
    can_redo: bool
    versions: tuple[VersionShown, ...]


def history_shown(history: History, names: Mapping[str, Named] | None = None) -> HistoryShown:
    """A history as a page shows it.

    Args:
        history: of a draft.
        names: of what changes are about, by the code that the draft keeps.
    """
    return HistoryShown(
        history.number,
        history.can_undo,
        history.can_redo,
        versions_shown(history.versions, names or {}),
    )


def versions_shown(
    versions: Sequence[Draft], names: Mapping[str, Named]
) -> tuple[VersionShown, ...]:
    """The last versions, the newest first."""
    return tuple(
        VersionShown(
            one.number,
            one.change,
            names.get(one.about, Named(one.about, one.about, one.about)),
            one.made_by,
            one.made_at,
        )
        for one in reversed(versions[-VERSIONS:])
        if one.made_at is not None
    )


def turned(turn: Callable[[], None]) -> str:
    """Take back or do again; the code of why it was refused, empty when it was not."""
    return why_refused(turn, "nothing")
