"""Who we are and where we want to go: what every need is tested against, in people's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from klantreis.errors import InputError, NotFoundError, message

__all__ = ["STRATEGY_PARTS", "StrategyText", "strategy_texts", "with_strategy_text"]

STRATEGY_PARTS = ("identity", "goal", "choices", "not_done")
TEXT_LENGTH = 2_000


@dataclass(frozen=True)
class StrategyText:
    """One part as somebody wrote it.

    Attributes:
        part: `identity` (who we are), `goal` (where we want to be), `choices` (how we get there)
            or `not_done` (what we do not do).
        text: empty when nobody wrote it.
        by: who wrote it last.
        at: when, UTC, as ISO 8601; empty when nobody wrote it.
    """

    part: str
    text: str = ""
    by: str = ""
    at: str = ""


def strategy_texts(content: Mapping[str, Any]) -> tuple[StrategyText, ...]:
    """All parts of a draft, in their order."""
    kept = content.get("texts", {})
    return tuple(
        StrategyText(**kept[part]) if part in kept else StrategyText(part)
        for part in STRATEGY_PARTS
    )


def with_strategy_text(content: Mapping[str, Any], written: StrategyText) -> dict[str, Any]:
    """A draft with one part written; what stood there already keeps its writer.

    Raises:
        NotFoundError: there is no such part.
        InputError: the text is too long.
    """
    if written.part not in STRATEGY_PARTS:
        allowed = ", ".join(STRATEGY_PARTS)
        raise NotFoundError(
            message("There is no such part", got=repr(written.part), allowed=allowed)
        )
    if len(written.text) > TEXT_LENGTH:
        raise InputError(
            message(
                "This text is too long",
                where=written.part,
                got=f"{len(written.text)} characters",
                allowed=f"at most {TEXT_LENGTH} characters",
                next_step="keep to what a need can be tested against",
            )
        )
    was = next(one for one in strategy_texts(content) if one.part == written.part)
    if was.text == written.text:
        return dict(content)
    return {**content, "texts": {**content.get("texts", {}), written.part: asdict(written)}}
