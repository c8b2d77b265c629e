"""Cards on a journey map, and every change that can be made to them, as pure functions.

A card stands in a lane and a phase; the order of the cards is the order in which they are shown.
A change is made by someone who has seen a card as it was in some version; when the card was
changed after that version, the change is refused and nothing is overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from klantreis.errors import ConflictError, InputError, NotFoundError, message

__all__ = [
    "GROUNDS",
    "LANES",
    "TEXT_LENGTH",
    "Card",
    "Cards",
    "Comment",
    "Ground",
    "Stamp",
    "added",
    "clean",
    "commented",
    "copied",
    "edited",
    "grounded",
    "moved",
    "removed",
    "shifted",
    "ungrounded",
]

LANES = ("response", "pain", "gain", "opportunity", "action", "note")
GROUNDS = ("number", "quote", "page")
TEXT_LENGTH = 1000
# What neither a web form nor an Excel file can hold; tabs and line ends are spaces on a card.
_UNWRITABLE = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Stamp:
    """Who makes a change, when (UTC), and the number of the version that it makes."""

    number: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Comment:
    """What someone says about a card."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Ground:
    """What a card rests on.

    Attributes:
        kind: `number` (a measured number of this map), `quote` (a record of feedback) or `page`.
        reference: the number's code, the record's id, or the page's address.
    """

    kind: str
    reference: str


@dataclass(frozen=True)
class Card:
    """One card.

    Attributes:
        card_id: stays the same for ever, also through a sheet.
        lane: one of `LANES`.
        phase: id of a phase of the map's model.
        text: what it says.
        changed_in: number of the version in which it was last changed.
        changed_by, changed_at: who and when that was.
        comments: oldest first.
        grounds: what it rests on; without any it is assumed.
    """

    card_id: str
    lane: str
    phase: str
    text: str
    changed_in: int
    changed_by: str
    changed_at: datetime
    comments: tuple[Comment, ...] = ()
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class Cards:
    """All cards of a map in order, and the ids of those that were taken off."""

    cards: tuple[Card, ...] = ()
    removed: tuple[str, ...] = ()

    def find(self, card_id: str) -> Card | None:
        """A card by its id."""
        return next((card for card in self.cards if card.card_id == card_id), None)

    def cell(self, lane: str, phase: str) -> tuple[Card, ...]:
        """The cards in one lane and phase."""
        return tuple(card for card in self.cards if (card.lane, card.phase) == (lane, phase))


def clean(text: str) -> str:
    """A text as cards hold it: one line, without what cannot be written, not too long.

    >>> clean("  no\\nsize  table\\x00 ")
    'no size table'

    Raises:
        InputError: nothing is left, or it is too long.
    """
    kept = " ".join(_UNWRITABLE.sub(" ", text).split())
    if not kept or len(kept) > TEXT_LENGTH:
        got = f"{len(kept)} letters"
        allowed = f"1 to {TEXT_LENGTH} letters"
        raise InputError(message("A card cannot hold this text", got=got, allowed=allowed))
    return kept


def added(cards: Cards, card_id: str, lane: str, phase: str, text: str, stamp: Stamp) -> Cards:
    """A new card at the foot of its cell.

    Raises:
        InputError: no such lane, or a text that a card cannot hold.
    """
    _check_lane(lane)
    card = Card(card_id, lane, phase, clean(text), stamp.number, stamp.by, stamp.at)
    return replace(cards, cards=(*cards.cards, card))


def edited(cards: Cards, card_id: str, text: str, *, seen: int, stamp: Stamp) -> Cards:
    """Another text on a card.

    Args:
        seen: number of the version in which the writer saw the card.

    Raises:
        ConflictError: it was changed after that.
        InputError: a text that a card cannot hold.
        NotFoundError: it is no longer there.
    """
    card = _unchanged(cards, card_id, seen)
    return _with(cards, replace(card, text=clean(text)), stamp)


def moved(
    cards: Cards, card_id: str, lane: str, phase: str, place: int, *, seen: int, stamp: Stamp
) -> Cards:
    """A card in another place.

    Args:
        place: how many cards of the cell come before it; beyond the end is the end.

    Raises:
        ConflictError, InputError, NotFoundError: as `edited`.
    """
    _check_lane(lane)
    card = _unchanged(cards, card_id, seen)
    others = tuple(one for one in cards.cards if one.card_id != card_id)
    goes = _stamped(replace(card, lane=lane, phase=phase), stamp)
    cell = [at for at, one in enumerate(others) if (one.lane, one.phase) == (lane, phase)]
    at = cell[max(0, place)] if max(0, place) < len(cell) else len(others)
    return replace(cards, cards=(*others[:at], goes, *others[at:]))


def shifted(
    cards: Cards, card_id: str, way: str, phases: Sequence[str], *, seen: int, stamp: Stamp
) -> Cards:
    """A card one place `left`, `right`, `up` or `down`; at an edge it stays where it is.

    Up and down go through the cards of a cell, and on into the next lane.

    Raises:
        ConflictError, InputError, NotFoundError: as `edited`.
    """
    card = _unchanged(cards, card_id, seen)
    place = [one.card_id for one in cards.cell(card.lane, card.phase)].index(card_id)
    lane, phase = card.lane, card.phase
    last = len(cards.cell(lane, phase)) - 1
    if (way == "up" and place > 0) or (way == "down" and place < last):
        place += 1 if way == "down" else -1
        return moved(cards, card_id, lane, phase, place, seen=seen, stamp=stamp)
    if way in ("left", "right"):
        phase = _next(phases, phase, -1 if way == "left" else 1)
    elif way in ("up", "down"):
        lane = _next(LANES, lane, -1 if way == "up" else 1)
    else:
        raise InputError(message("Unknown way", got=repr(way), allowed="left, right, up, down"))
    if (lane, phase) == (card.lane, card.phase):
        return cards
    place = 0 if way == "down" else len(cards.cell(lane, phase))
    return moved(cards, card_id, lane, phase, place, seen=seen, stamp=stamp)


def removed(cards: Cards, card_id: str, *, seen: int) -> Cards:
    """The map without a card; its id is remembered, so that a sheet does not bring it back.

    Raises:
        ConflictError, NotFoundError: as `edited`.
    """
    _unchanged(cards, card_id, seen)
    kept = tuple(card for card in cards.cards if card.card_id != card_id)
    return Cards(kept, (*cards.removed, card_id))


def commented(cards: Cards, card_id: str, text: str, *, stamp: Stamp) -> Cards:
    """A card with one more comment; comments never stand in each other's way.

    Raises:
        InputError, NotFoundError: as `edited`.
    """
    card = _found(cards, card_id)
    comment = Comment(clean(text), stamp.by, stamp.at)
    return _replaced(cards, replace(card, comments=(*card.comments, comment)))


def grounded(cards: Cards, card_id: str, ground: Ground) -> Cards:
    """A card that rests on one thing more; on the same thing it rests once.

    Raises:
        InputError: no such kind.
        NotFoundError: the card is no longer there.
    """
    if ground.kind not in GROUNDS:
        allowed = ", ".join(GROUNDS)
        raise InputError(message("Unknown evidence", got=repr(ground.kind), allowed=allowed))
    card = _found(cards, card_id)
    grounds = (*(one for one in card.grounds if one != ground), ground)
    return _replaced(cards, replace(card, grounds=grounds))


def copied(cards: Cards, stamp: Stamp) -> Cards:
    """The cards of another map to start from: same ids, texts and grounds, without the talk."""
    return Cards(tuple(_stamped(replace(card, comments=()), stamp) for card in cards.cards))


def ungrounded(cards: Cards, card_id: str, ground: Ground) -> Cards:
    """A card that does not rest on this any more."""
    card = _found(cards, card_id)
    return _replaced(
        cards, replace(card, grounds=tuple(one for one in card.grounds if one != ground))
    )


def _unchanged(cards: Cards, card_id: str, seen: int) -> Card:
    card = _found(cards, card_id)
    if card.changed_in > seen:
        raise ConflictError(
            message(
                "Someone else changed this card meanwhile",
                where=repr(card.text),
                got=f"a change of version {seen}",
                allowed=f"a change of version {card.changed_in}, by {card.changed_by}",
                next_step="look at the card and repeat the change",
            )
        )
    return card


def _found(cards: Cards, card_id: str) -> Card:
    card = cards.find(card_id)
    if card is None:
        raise NotFoundError(
            message(
                "There is no such card",
                got=repr(card_id),
                next_step="load the map again; it may have been taken off",
            )
        )
    return card


def _with(cards: Cards, card: Card, stamp: Stamp) -> Cards:
    return _replaced(cards, _stamped(card, stamp))


def _replaced(cards: Cards, card: Card) -> Cards:
    return replace(
        cards,
        cards=tuple(card if one.card_id == card.card_id else one for one in cards.cards),
    )


def _stamped(card: Card, stamp: Stamp) -> Card:
    return replace(card, changed_in=stamp.number, changed_by=stamp.by, changed_at=stamp.at)


def _next(names: Sequence[str], name: str, by: int) -> str:
    place = names.index(name) if name in names else 0
    return names[min(len(names) - 1, max(0, place + by))]


def _check_lane(lane: str) -> None:
    if lane not in LANES:
        raise InputError(message("Unknown lane", got=repr(lane), allowed=", ".join(LANES)))
