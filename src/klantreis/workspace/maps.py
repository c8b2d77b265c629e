"""Journey maps through the Python object: what is measured, and what people put on them.

shop.maps.read(MapPlace("all", "see_think_do_care", "as_is")).cards
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from klantreis import maps
from klantreis.errors import InputError, NotFoundError, message
from klantreis.maps import Cards, Filled, Ground, SheetWords, Stamp
from klantreis.state import Draft, Drafts
from klantreis.workspace.drafting import Drafting
from klantreis.workspace.map_measures import MapMeasures, model_of
from klantreis.workspace.map_places import VARIANTS, MapPlace, ReadMap
from klantreis.workspace.personas import Personas
from klantreis.workspace.reading import Reading
from klantreis.workspace.research import Research

__all__ = ["GROUNDS", "LANES", "Maps"]

LANES = maps.LANES
GROUNDS = maps.GROUNDS


class Maps(MapMeasures):
    """Reads and changes journey maps; their measured lanes come from `MapMeasures`.

    Args:
        reading: the published tables.
        drafts: where the designed lanes are kept.
        research: what customers ask, need and feel.
        personas: whose journeys can be mapped too.
    """

    def __init__(
        self, reading: Reading, drafts: Drafts, research: Research, personas: Personas
    ) -> None:
        super().__init__(reading, research, personas)
        self._drafts = drafts

    def read(self, place: MapPlace) -> ReadMap:
        """A map as it is now; an empty one when nobody has put anything on it."""
        own = self._draft(place)
        newest, history = own.newest, own.history()
        return ReadMap(
            place,
            newest.number,
            maps.from_stored(newest.content),
            history.can_undo,
            history.can_redo,
            history.versions,
        )

    def version(self, place: MapPlace, number: int) -> Cards:
        """The cards of an earlier version.

        Raises:
            NotFoundError: there is no such version.
        """
        return maps.from_stored(self._draft(place).content_of(number))

    def add(self, place: MapPlace, lane: str, phase: str, text: str, *, by: str) -> str:
        """Put a new card on a map.

        Args:
            place: which map.
            lane: one of `LANES`.
            phase: id of a phase of the map's model.
            text: what stands on it; line ends and double spaces become one space.
            by: who puts it there.

        Returns:
            The card's id.

        Raises:
            InputError: no such lane or phase, or a text that is empty or too long.
            NotFoundError: there is no such map.
        """
        self._check_phase(place, phase)
        card_id = uuid.uuid4().hex[:16]
        self._change(
            place,
            "card_added",
            text,
            by,
            lambda cards, stamp: maps.added(cards, card_id, lane, phase, text, stamp),
        )
        return card_id

    def edit(self, place: MapPlace, card_id: str, text: str, *, seen: int, by: str) -> None:
        """Write another text on a card, as it was seen in version `seen`.

        Raises:
            ConflictError: it was changed after that; nothing is overwritten.
            InputError: a text that is empty or too long.
            NotFoundError: the card is no longer there, or there is no such map.
        """
        self._change(
            place,
            "card_edited",
            text,
            by,
            lambda cards, stamp: maps.edited(cards, card_id, text, seen=seen, stamp=stamp),
        )

    def move(
        self,
        place: MapPlace,
        card_id: str,
        lane: str,
        phase: str,
        at: int,
        *,
        seen: int,
        by: str,
    ) -> None:
        """Put a card in another lane, phase or place; raises as `edit`.

        Args:
            lane, phase: where to; as in `add`.
            at: place among the cards there, from 0.
            seen: number of the version in which the card was seen.
        """
        self._check_phase(place, phase)
        self._change(
            place,
            "card_moved",
            card_id,
            by,
            lambda cards, stamp: maps.moved(
                cards, card_id, lane, phase, at, seen=seen, stamp=stamp
            ),
        )

    def shift(self, place: MapPlace, card_id: str, way: str, *, seen: int, by: str) -> None:
        """Put a card one place `left`, `right`, `up` or `down`; raises as `edit`."""
        phases = self.phases(place.model)
        self._change(
            place,
            "card_moved",
            card_id,
            by,
            lambda cards, stamp: maps.shifted(cards, card_id, way, phases, seen=seen, stamp=stamp),
        )

    def remove(self, place: MapPlace, card_id: str, *, seen: int, by: str) -> None:
        """Take a card off the map; raises as `edit`."""
        self._change(
            place,
            "card_removed",
            card_id,
            by,
            lambda cards, _: maps.removed(cards, card_id, seen=seen),
        )

    def comment(self, place: MapPlace, card_id: str, text: str, *, by: str) -> None:
        """Say something about a card; what others said stays.

        Raises:
            InputError: a text that is empty or too long.
            NotFoundError: the card is no longer there, or there is no such map.
        """
        self._change(
            place,
            "card_commented",
            card_id,
            by,
            lambda cards, stamp: maps.commented(cards, card_id, text, stamp=stamp),
        )

    def ground(self, place: MapPlace, card_id: str, ground: Ground, *, by: str) -> None:
        """Say what a card rests on.

        Raises:
            InputError: the number, record or page does not exist here.
        """
        self._check_ground(place, ground)
        self._change(
            place,
            "card_grounded",
            card_id,
            by,
            lambda cards, _: maps.grounded(cards, card_id, ground),
        )

    def unground(self, place: MapPlace, card_id: str, ground: Ground, *, by: str) -> None:
        """Take back that a card rests on this."""
        self._change(
            place,
            "card_ungrounded",
            card_id,
            by,
            lambda cards, _: maps.ungrounded(cards, card_id, ground),
        )

    def undo(self, place: MapPlace, *, seen: int, by: str) -> None:
        """Take the last change back.

        Raises:
            ConflictError: someone else made a change after version `seen`.
            InputError: there is nothing to take back.
        """
        self._draft(place).undo(seen=seen, by=by)

    def redo(self, place: MapPlace, *, seen: int, by: str) -> None:
        """Do again what was taken back last; raises as `undo`."""
        self._draft(place).redo(seen=seen, by=by)

    def copy(self, place: MapPlace, source: MapPlace, *, by: str) -> None:
        """Start a map with the cards of another, where it has none of its own.

        Raises:
            InputError: there are cards already.
        """
        origin = self.read(source).cards

        def taken(cards: Cards, stamp: Stamp) -> Cards:
            if cards.cards:
                raise InputError(
                    message(
                        "There are cards on this map already",
                        where=place.draft,
                        next_step="take them off first, or go on with what is there",
                    )
                )
            return maps.copied(origin, stamp)

        self._change(place, "map_copied", source.variant, by, taken)

    # The fill-in sheet

    def sheet(self, place: MapPlace, words: SheetWords) -> bytes:
        """The map as an Excel file (xlsx) to fill in, a sheet a phase.

        Args:
            place: which map.
            words: headings and names, in the language of who fills it in.
        """
        return maps.write_sheets(self.read(place).cards, words)

    def fill_in(
        self,
        place: MapPlace,
        content: bytes,
        *,
        lane_names: Sequence[Mapping[str, str]],
        file: str,
        by: str,
    ) -> Filled:
        """Take a filled-in sheet in, without loss or doubles; see `maps.fill_in`.

        Raises:
            UnreadableFileError: this is no fill-in sheet.
        """
        rows = maps.read_sheets(content)
        phases = self.phases(place.model)
        kept: list[Filled] = []

        def filled(cards: Cards, stamp: Stamp) -> Cards:
            kept.append(
                maps.fill_in(cards, rows, phases=phases, lane_names=lane_names, stamp=stamp)
            )
            return kept[-1].cards

        self._change(place, "sheet_taken_in", file, by, filled)
        self._tell(place, kept[-1], file, by)
        return kept[-1]

    def report(self, place: MapPlace) -> Draft | None:
        """What came of the sheet that was taken in last; None when there was none."""
        told = self._told(place).newest
        return told if told.number else None

    def _tell(self, place: MapPlace, filled: Filled, file: str, by: str) -> None:
        told = {
            "file": file,
            "new": filled.new,
            "changed": filled.changed,
            "comments": filled.comments,
            "unchanged": filled.unchanged,
            "problems": [asdict(problem) for problem in filled.problems],
        }
        self._told(place).add(told, "sheet_taken_in", file, by)

    def _told(self, place: MapPlace) -> Drafting:
        return Drafting(self._drafts, f"sheet/{place.draft}")

    # How a change is made

    def _change(
        self,
        place: MapPlace,
        change: str,
        about: str,
        by: str,
        make: Callable[[Cards, Stamp], Cards],
    ) -> None:
        """Make a change of the newest version; what it was about is told in the card's own words."""
        own = self._draft(place)
        card = maps.from_stored(own.content).find(about)

        def changed(newest: Draft, at: datetime) -> Mapping[str, Any]:
            before = maps.from_stored(newest.content)
            after = make(before, Stamp(newest.number + 1, by, at))
            return newest.content if after == before else maps.to_stored(after)

        own.rewrite(changed, change, card.text if card else about, by)

    def _draft(self, place: MapPlace) -> Drafting:
        """The draft of a map that can be.

        Raises:
            NotFoundError: there is no such group of customers, phase model or variant.
        """
        self._subjects.find(place.subject)
        model_of(place.model)
        if place.variant not in VARIANTS:
            allowed = ", ".join(VARIANTS)
            raise NotFoundError(
                message("There is no such variant", got=repr(place.variant), allowed=allowed)
            )
        return Drafting(self._drafts, place.draft)

    def _check_phase(self, place: MapPlace, phase: str) -> None:
        phases = self.phases(place.model)
        if phase not in phases:
            raise InputError(message("Unknown phase", got=repr(phase), allowed=", ".join(phases)))

    def _check_ground(self, place: MapPlace, ground: Ground) -> None:
        if ground.kind == "page":
            is_there = ground.reference.startswith("/") and not ground.reference.startswith("//")
            allowed = "an address of these pages, as /journey"
        elif ground.kind == "quote":
            is_there = ground.reference in self.quotes([ground.reference])
            allowed = "the id of a record in table feedback"
        else:
            code, _, phase = ground.reference.partition(":")
            is_there = bool(code) and phase in self.phases(place.model)
            allowed = "a number of a phase of this map, as drop_off:think"
        if not is_there:
            raise InputError(
                message("A card cannot rest on this", got=repr(ground.reference), allowed=allowed)
            )
