"""The designed part of a journey map: cards, how they change, and the sheet to fill in."""

from __future__ import annotations

from klantreis.maps.cards import (
    GROUNDS,
    LANES,
    Card,
    Cards,
    Comment,
    Ground,
    Stamp,
    added,
    commented,
    copied,
    edited,
    grounded,
    moved,
    removed,
    shifted,
    ungrounded,
)
from klantreis.maps.filling import Filled, Problem, fill_in
from klantreis.maps.sheets import SheetRow, SheetWords, read_sheets, write_sheets
from klantreis.maps.stored import from_stored, to_stored

__all__ = [
    "GROUNDS",
    "LANES",
    "Card",
    "Cards",
    "Comment",
    "Filled",
    "Ground",
    "Problem",
    "SheetRow",
    "SheetWords",
    "Stamp",
    "added",
    "commented",
    "copied",
    "edited",
    "fill_in",
    "from_stored",
    "grounded",
    "moved",
    "read_sheets",
    "removed",
    "shifted",
    "to_stored",
    "ungrounded",
    "write_sheets",
]
