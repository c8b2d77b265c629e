"""A filled-in sheet onto the map: without loss, without doubles, every bad cell named."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klantreis.errors import InputError
from klantreis.maps.cards import (
    TEXT_LENGTH,
    Card,
    Cards,
    Stamp,
    added,
    clean,
    commented,
    edited,
    moved,
)
from klantreis.maps.sheets import LANE, SheetRow, lanes_by_name, mark

__all__ = ["Filled", "Problem", "fill_in"]

COLUMNS = "ABCDEF"


@dataclass(frozen=True)
class Problem:
    """A cell that was not taken over.

    Attributes:
        sheet, cell: where, as `2 Denken` and `E7`.
        reason: code: `error_value`, `unknown_lane`, `no_text`, `too_long`, `unknown_phase`,
            `changed_meanwhile` or `taken_off`.
        found: what stands in the cell.
    """

    sheet: str
    cell: str
    reason: str
    found: str


@dataclass(frozen=True)
class Filled:
    """What came of a sheet: the map with it, how much was new, and what was not taken over."""

    cards: Cards
    new: int
    changed: int
    comments: int
    unchanged: int
    problems: tuple[Problem, ...]


def fill_in(
    cards: Cards,
    rows: Sequence[SheetRow],
    *,
    phases: Sequence[str],
    lane_names: Sequence[Mapping[str, str]],
    stamp: Stamp,
) -> Filled:
    """Bring the rows of a sheet onto the map.

    A row that was changed in the sheet changes its card, unless the card was changed on the map
    too: then the map stands and the row is named. A row that is missing takes nothing off. A new
    row gets an id that follows from what it says, so that the same file taken in again adds none.

    Args:
        cards: the map as it is now.
        rows: as read from the file.
        phases: of the map's model.
        lane_names: name by lane, in each language that the sheet may be in.
        stamp: who takes it in.
    """
    filling = _Filling(cards, lanes_by_name(lane_names), tuple(phases), stamp)
    for row in rows:
        filling.take(row)
    return Filled(
        filling.cards,
        filling.counts["new"],
        filling.counts["changed"],
        filling.counts["comments"],
        filling.counts["unchanged"],
        tuple(filling.problems),
    )


class _Filling:
    """Takes rows in one by one."""

    def __init__(
        self, cards: Cards, lanes: Mapping[str, str], phases: tuple[str, ...], stamp: Stamp
    ) -> None:
        self.cards = cards
        self.counts: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._lanes = lanes
        self._phases = phases
        self._stamp = stamp
        self._new: Counter[tuple[str, str, str]] = Counter()

    def take(self, row: SheetRow) -> None:
        if row.phase not in self._phases:
            self._refuse(row, "A", "unknown_phase", row.phase)
            return
        if row.wrong:
            for column in row.wrong:
                self._refuse(row, column, "error_value", "#")
            return
        if row.card_id and not row.lane.strip() and not row.text.strip():
            self._refuse(row, "E", "no_text", "")
            return
        lane = self._lanes.get(row.lane.strip().casefold())
        if lane is None:
            self._refuse(row, COLUMNS[LANE], "unknown_lane", row.lane)
            return
        try:
            text = clean(row.text)
        except InputError:
            is_long = len(row.text) > TEXT_LENGTH
            self._refuse(row, "E", "too_long" if is_long else "no_text", row.text[:60])
            return
        card_id = self._known(row, lane, text) if row.card_id else self._newcomer(row, lane, text)
        if card_id and row.comment.strip():
            self._comment(row, card_id)

    def _known(self, row: SheetRow, lane: str, text: str) -> str:
        card = self.cards.find(row.card_id)
        is_changed = mark(lane, text) != row.mark
        if card is None:
            if is_changed:
                self._refuse(row, "E", "taken_off", text[:60])
            return ""
        if (card.lane, card.text) == (lane, text) or not is_changed:
            self.counts["unchanged"] += 1
        elif mark(card.lane, card.text) != row.mark:
            self._refuse(row, "E", "changed_meanwhile", text[:60])
            return ""
        else:
            self._change(card, lane, text)
        return card.card_id

    def _change(self, card: Card, lane: str, text: str) -> None:
        now, stamp = card.changed_in, self._stamp
        if text != card.text:
            self.cards = edited(self.cards, card.card_id, text, seen=now, stamp=stamp)
        if lane != card.lane:
            self.cards = moved(
                self.cards, card.card_id, lane, card.phase, 10**6, seen=stamp.number, stamp=stamp
            )
        self.counts["changed"] += 1

    def _newcomer(self, row: SheetRow, lane: str, text: str) -> str:
        self._new[row.phase, lane, text] += 1
        nth = self._new[row.phase, lane, text]
        said = f"{row.phase}\0{lane}\0{text}\0{nth}"
        card_id = f"s{hashlib.sha256(said.encode()).hexdigest()[:15]}"
        if self.cards.find(card_id) or card_id in self.cards.removed:
            self.counts["unchanged"] += 1
            return card_id if self.cards.find(card_id) else ""
        self.cards = added(self.cards, card_id, lane, row.phase, text, self._stamp)
        self.counts["new"] += 1
        return card_id

    def _comment(self, row: SheetRow, card_id: str) -> None:
        try:
            text = clean(row.comment)
        except InputError:
            self._refuse(row, "F", "too_long", row.comment[:60])
            return
        card = self.cards.find(card_id)
        assert card is not None
        if text not in {comment.text for comment in card.comments}:
            self.cards = commented(self.cards, card_id, text, stamp=self._stamp)
            self.counts["comments"] += 1

    def _refuse(self, row: SheetRow, column: str, reason: str, found: str) -> None:
        self.problems.append(Problem(row.sheet, f"{column}{row.row}", reason, found))
