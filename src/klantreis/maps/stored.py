"""Cards as they are kept: plain JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from klantreis.maps.cards import Card, Cards, Comment, Ground

__all__ = ["from_stored", "to_stored"]


def to_stored(cards: Cards) -> dict[str, Any]:
    """Cards as JSON; moments as ISO 8601."""
    return {"cards": [_plain(asdict(card)) for card in cards.cards], "removed": [*cards.removed]}


def from_stored(content: Mapping[str, Any]) -> Cards:
    """The cards that `to_stored` kept; none from an empty draft."""
    return Cards(
        tuple(_card(one) for one in content.get("cards", ())),
        tuple(content.get("removed", ())),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _card(kept: Mapping[str, Any]) -> Card:
    comments = (
        Comment(one["text"], one["by"], datetime.fromisoformat(one["at"]))
        for one in kept["comments"]
    )
    grounds = (Ground(one["kind"], one["reference"]) for one in kept["grounds"])
    return Card(
        **{
            **kept,
            "changed_at": datetime.fromisoformat(kept["changed_at"]),
            "comments": tuple(comments),
            "grounds": tuple(grounds),
        }
    )
