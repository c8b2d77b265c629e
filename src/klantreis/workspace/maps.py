"""Journey maps through the Python object: what is measured, and what people put on them.

shop.maps.read(MapPlace("all", "see_think_do_care", "as_is")).cards
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from klantreis import maps
from klantreis.errors import ConflictError, InputError, NotFoundError, message
from klantreis.journeys import PhaseModel, drop_offs, phase_models, phase_touchpoints
from klantreis.maps import Cards, Filled, Ground, SheetWords, Stamp
from klantreis.state import Draft, Drafts
from klantreis.workspace.personas import Personas
from klantreis.workspace.reading import Reading
from klantreis.workspace.research import Research
from klantreis.workspace.subjects import EVERYONE, Subject, Subjects

__all__ = ["GROUNDS", "LANES", "VARIANTS", "MapPlace", "Maps", "Measured", "ReadMap"]

LANES = maps.LANES
GROUNDS = maps.GROUNDS
VARIANTS = ("as_is", "to_be")
LANGUAGES = ("nl", "en")
TRIES = 8
KEPT = 12


@dataclass(frozen=True)
class MapPlace:
    """Which map: of which customers, in which phase model, as it is or as it is to be."""

    subject: str
    model: str
    variant: str = "as_is"

    @property
    def draft(self) -> str:
        return f"map/{self.subject}/{self.model}/{self.variant}"


@dataclass(frozen=True)
class Measured:
    """The measured lanes of a map.

    Attributes:
        subject: whose journey.
        drop_offs: rows as in the contract of `drop_offs`, in the order of the phases.
        touchpoints: rows of `phase`, `touchpoint`, `channel`, `event`, `steps`, `journeys`, those
            met most often first.
        emotions: rows of `phase`, `channel`, `event`, `evidence`, `n`, `mean`, `low`, `high`.
        needs: rows of `phase`, `topic`, `evidence`, `statements`, `customers` and names `nl`, `en`.
        journeys: all journeys, `bought` and `ended` ones, with `first_at` and `last_at`.
    """

    subject: Subject
    drop_offs: tuple[Mapping[str, Any], ...]
    touchpoints: tuple[Mapping[str, Any], ...]
    emotions: tuple[Mapping[str, Any], ...]
    needs: tuple[Mapping[str, Any], ...]
    journeys: Mapping[str, Any]


@dataclass(frozen=True)
class ReadMap:
    """The designed lanes of a map as they are now.

    Attributes:
        place: which map.
        number: of the version.
        cards: in order.
        can_undo, can_redo: whether there is something to take back, or to do again.
        versions: all, oldest first, without contents.
    """

    place: MapPlace
    number: int
    cards: Cards
    can_undo: bool
    can_redo: bool
    versions: tuple[Draft, ...]


class Maps:
    """Reads and changes journey maps.

    Args:
        reading: the published tables.
        drafts: where the designed lanes are kept.
        research: what customers ask, need and feel.
        personas: whose journeys can be mapped too.
    """

    def __init__(
        self, reading: Reading, drafts: Drafts, research: Research, personas: Personas
    ) -> None:
        self._reading = reading
        self._drafts = drafts
        self._research = research
        self._subjects = Subjects(reading, personas)
        self._kept: dict[tuple[int, str, str], Measured] = {}

    # Measured

    def subjects(self) -> tuple[Subject, ...]:
        """The groups of customers that a map can be about."""
        return self._subjects.all()

    def models(self) -> tuple[str, ...]:
        """Ids of the phase models in use, in alphabetical order."""
        return tuple(model.id for model in phase_models())

    def phases(self, model: str) -> tuple[str, ...]:
        """The phases of a model, in order.

        Raises:
            NotFoundError: there is no such model.
        """
        return _model(model).phase_ids

    def measured(self, subject: str, model: str) -> Measured:
        """The measured lanes; kept until the next publication.

        Raises:
            NotFoundError: there is no such group of customers, or phase model.
        """
        published = self._reading.published
        question = (published.publication_id if published else 0, subject, model)
        if question not in self._kept:
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[question] = self._measure(self._subjects.find(subject), _model(model))
        return self._kept[question]

    def _measure(self, subject: Subject, model: PhaseModel) -> Measured:
        journeys = self._subjects.of("journeys", subject.code)
        outcome = journeys["outcome"]
        totals = journeys.aggregate(
            journeys=journeys.count(),
            ended=journeys.count(where=outcome != "open"),
            bought=journeys.count(where=outcome == "purchase"),
            first_at=journeys["started_at"].min(),
            last_at=journeys["ended_at"].max(),
        )
        met = phase_touchpoints(self._subjects.of("steps", subject.code), model=model)
        return Measured(
            subject,
            tuple(self._stops(subject, model)),
            tuple(self._reading.rows(met.order_by(met["steps"].desc(), "touchpoint"))),
            tuple(self._emotions(subject, model)),
            tuple(self._needs(subject, model)),
            self._reading.rows(totals)[0],
        )

    def _stops(self, subject: Subject, model: PhaseModel) -> Sequence[Mapping[str, Any]]:
        if subject.code == EVERYONE:
            table = self._reading.table("drop_offs")
            own = table.filter(table["phase_model"] == model.id)
        else:
            own = drop_offs(
                self._subjects.of("phase_visits", subject.code),
                self._subjects.of("journeys", subject.code),
                engine=self._reading.engine,
                phase_models=[model],
            )
        return self._reading.rows(own.order_by("position"))

    def _emotions(self, subject: Subject, model: PhaseModel) -> list[Mapping[str, Any]]:
        rows = self._research.emotion(
            "phase",
            "channel",
            "event",
            "evidence",
            segmentation=subject.segmentation,
            segment=subject.name,
            phase_model=model.id,
        )
        return [row for row in rows if row["phase"] is not None]

    def _needs(self, subject: Subject, model: PhaseModel) -> list[Mapping[str, Any]]:
        rows = self._research.needs(
            "phase",
            "evidence",
            segmentation=subject.segmentation,
            segment=subject.name,
            phase_model=model.id,
        )
        names = {topic.id: topic.name for topic in self._research.topics()}
        return [
            row | {code: names.get(row["topic"], {}).get(code, row["topic"]) for code in LANGUAGES}
            for row in rows
            if row["phase"] is not None
        ]

    def quotes(self, records: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Records of feedback by their id: what was said, where and when."""
        if not records:
            return {}
        feedback = self._reading.table("feedback")
        told = feedback.filter(feedback["feedback_id"].isin(list(records))).select(
            "feedback_id", "kind", "channel", "occurred_at", "subject", "text"
        )
        return {row["feedback_id"]: row for row in self._reading.rows(told)}

    def find_quotes(self, words: str, *, most: int = 8) -> list[dict[str, Any]]:
        """The newest records of feedback in which these words occur."""
        feedback = self._reading.table("feedback")
        text = feedback["text"].fill_null("")
        found = feedback.filter(text.lower().contains(words.lower()))
        newest = found.order_by(found["occurred_at"].desc(), "feedback_id").limit(most)
        return self._reading.rows(
            newest.select("feedback_id", "kind", "channel", "occurred_at", "text")
        )

    # Designed

    def read(self, place: MapPlace) -> ReadMap:
        """A map as it is now; an empty one when nobody has put anything on it."""
        self._check(place)
        newest = self._drafts.newest(place.draft)
        versions = self._drafts.versions(place.draft)
        way = maps.past((version.change, version.shows) for version in versions)
        return ReadMap(
            place,
            newest.number,
            maps.from_stored(newest.content),
            way.earlier is not None,
            way.later is not None,
            versions,
        )

    def version(self, place: MapPlace, number: int) -> Cards:
        """The cards of an earlier version.

        Raises:
            NotFoundError: there is no such version.
        """
        if number == 0:
            return Cards()
        found = self._drafts.version(place.draft, number)
        if found is None:
            raise NotFoundError(
                message("There is no such version", where=place.draft, got=str(number))
            )
        return maps.from_stored(found.content)

    def add(self, place: MapPlace, lane: str, phase: str, text: str, *, by: str) -> str:
        """Put a new card on a map; returns its id."""
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
        """Put a card in another lane, phase or place; raises as `edit`."""
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
        """Say something about a card."""
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
        self._go_back(place, "undo", seen, by)

    def redo(self, place: MapPlace, *, seen: int, by: str) -> None:
        """Do again what was taken back last; raises as `undo`."""
        self._go_back(place, "redo", seen, by)

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
        """The map as an Excel file to fill in."""
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
        told = self._drafts.newest(f"sheet/{place.draft}")
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
        name = f"sheet/{place.draft}"
        self._drafts.write(
            name,
            told,
            after=self._drafts.newest(name).number,
            change="sheet_taken_in",
            about=file,
            by=by,
            at=_now(),
        )

    # How a change is made

    def _change(
        self,
        place: MapPlace,
        change: str,
        about: str,
        by: str,
        make: Callable[[Cards, Stamp], Cards],
    ) -> None:
        """Make a change of the newest version; who was just ahead with another card is no bother."""
        self._check(place)
        for attempt in range(TRIES):
            newest = self._drafts.newest(place.draft)
            before = maps.from_stored(newest.content)
            stamp = Stamp(newest.number + 1, by, _now())
            after = make(before, stamp)
            if after == before:
                return
            card = before.find(about)
            try:
                self._drafts.write(
                    place.draft,
                    maps.to_stored(after),
                    after=newest.number,
                    change=change,
                    about=card.text if card else about,
                    by=by,
                    at=stamp.at,
                )
                return
            except ConflictError:
                if attempt == TRIES - 1:
                    raise

    def _go_back(self, place: MapPlace, change: str, seen: int, by: str) -> None:
        self._check(place)
        versions = self._drafts.versions(place.draft)
        way = maps.past((version.change, version.shows) for version in versions)
        goal = way.earlier if change == "undo" else way.later
        if goal is None:
            raise InputError(message("There is nothing to take back", where=place.draft))
        self._drafts.write(
            place.draft,
            maps.to_stored(self.version(place, goal)),
            after=seen,
            change=change,
            shows=goal,
            by=by,
            at=_now(),
        )

    def _check(self, place: MapPlace) -> None:
        self._subjects.find(place.subject)
        _model(place.model)
        if place.variant not in VARIANTS:
            raise NotFoundError(
                message(
                    "There is no such variant",
                    got=repr(place.variant),
                    allowed=", ".join(VARIANTS),
                )
            )

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


def _model(name: str) -> PhaseModel:
    found = next((model for model in phase_models() if model.id == name), None)
    if found is None:
        allowed = ", ".join(model.id for model in phase_models())
        raise NotFoundError(
            message("There is no such phase model", got=repr(name), allowed=allowed)
        )
    return found


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
