"""How the customer felt over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.web.named import Named
from klantreis.words import Figure

__all__ = ["Feeling", "Feelings"]


@dataclass(frozen=True)
class Feeling:
    """How the customer felt at a moment.

    Attributes:
        at: when (UTC).
        channel, event: where, and what happened.
        kind: `score` that was given, `text` that was written, or `behaviour`: what happened.
        evidence: measured, asked or assumed.
        emotion: -2 (very negative) to +2 (very positive).
        topic: what it is mostly about, where known.
        went_wrong: whether it was -1 or lower.
        days_till_right: days until the customer told something positive; empty when they did not.
        is_recovery: whether something came right here.
    """

    at: datetime
    channel: str
    event: str
    kind: str
    evidence: str
    emotion: float
    topic: Named | None
    went_wrong: bool
    days_till_right: float | None
    is_recovery: bool


@dataclass(frozen=True)
class Feelings:
    """The last moments at which the customer felt something, of all; what went wrong and came right.

    Attributes:
        moments: the last ones.
        total, wrong, recovered: of all moments.
        complaints: scores and texts of -1 or lower.
        mean: of all scores and texts, -2 to +2; what merely happened does not count.
        lately: of the last three of them.
    """

    moments: tuple[Feeling, ...]
    total: int
    wrong: int
    recovered: int
    complaints: int
    mean: Figure
    lately: Figure
