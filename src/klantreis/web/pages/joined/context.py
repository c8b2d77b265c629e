"""What the page of joined measures shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.words import Figure

__all__ = ["AtChannel", "JoinedPage", "JoinedShown"]


@dataclass(frozen=True)
class AtChannel:
    """A measure in one channel."""

    channel: str
    figure: Figure


@dataclass(frozen=True)
class JoinedShown:
    """One measure.

    Attributes:
        measure: code.
        theme: what it is about: `paths`, `reach`, `trouble` or `after`.
        name_nl, name_en, definition_nl, definition_en: what it means.
        counts: code of what it is taken of, as `orders`.
        occasions: how many of these; of a quotient of money EUR.
        now: over the whole period, with its interval over customers.
        channels: the same by channel, where it is in more than one with enough customers, and
            not by definition.
        course: values of the months that were seen whole and have enough customers, the newest
            last; empty for what moves by itself with time.
        patterns: how many patterns the scan tells of it.
        needs: tables of which data must be there.
    """

    measure: str
    theme: str
    name_nl: str
    name_en: str
    definition_nl: str
    definition_en: str
    counts: str
    occasions: float
    now: Figure
    channels: tuple[AtChannel, ...]
    course: tuple[float, ...]
    patterns: int
    needs: tuple[str, ...]


@dataclass(frozen=True)
class JoinedPage:
    """The page.

    Attributes:
        as_of: up to when was measured.
        measures: all of them.
        known: how many have enough customers.
        themes: codes, in order.
    """

    as_of: datetime
    measures: tuple[JoinedShown, ...]
    known: int
    themes: tuple[str, ...]
