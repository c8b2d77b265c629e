"""Who we are and where we want to go, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.web.named import Named
from klantreis.words import translator
from klantreis.workspace import Workspace

__all__ = ["StrategyShown", "part_names", "strategy_shown"]


@dataclass(frozen=True)
class StrategyShown:
    """One part of identity and strategy: always assumed, because a person wrote it.

    Attributes:
        part: code, as `identity`.
        text: empty when nobody wrote it.
        by: who wrote it last.
        at: when (UTC); empty when nobody wrote it.
    """

    part: str
    text: str
    by: str
    at: datetime | None


def strategy_shown(workspace: Workspace) -> tuple[StrategyShown, ...]:
    """All parts, also those that nobody wrote yet."""
    return tuple(
        StrategyShown(
            one.part, one.text, one.by, datetime.fromisoformat(one.at) if one.at else None
        )
        for one in workspace.strategy.read().texts
    )


def part_names(told: str) -> Named:
    """What a change was about, from the codes of parts that the draft keeps."""
    nl, en = (
        ", ".join(words.code("strategy_part", part) for part in told.split(", "))
        for words in (translator("nl"), translator("en"))
    )
    return Named(told, nl, en)
