"""Needs chosen and the value canvas through the Python object: `workspace.value`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from klantreis import value
from klantreis.errors import ConflictError, NotFoundError, message
from klantreis.state import Drafts
from klantreis.value import CanvasFit, NeedTest, Offer
from klantreis.workspace.drafting import Drafting, History
from klantreis.workspace.map_measures import MapMeasures
from klantreis.workspace.research import DEFAULT_MODEL, Research
from klantreis.workspace.subjects import EVERYONE

__all__ = ["DECISIONS", "OFFER_SIDES", "Canvas", "Need", "Value"]

DECISIONS = value.DECISIONS
OFFER_SIDES = value.SIDES
NEEDS = "value/needs"
CANVAS = "value/canvas"
FELT = 6  # pains and gains each
STOPS = 3


@dataclass(frozen=True)
class Need:
    """A need with what is measured of it and what people decided.

    Attributes:
        topic: code.
        names: by language.
        row: of `research.needs`: `statements`, `customers`, `speakers`, `share`, `low`, `high`.
        test: what people say of it.
        score: importance times fit against cost; None when not judged.
    """

    topic: str
    names: Mapping[str, str]
    row: Mapping[str, Any]
    test: NeedTest
    score: float | None


@dataclass(frozen=True)
class Canvas:
    """The canvas now.

    Attributes:
        jobs: needs that were chosen.
        pains, gains: rows with `key` and either a row of `research.emotion`, or for a phase where
            journeys stop one of `drop_offs`.
        offers: what we set against them.
        fit: how much of it is answered.
    """

    jobs: tuple[Need, ...]
    pains: tuple[Mapping[str, Any], ...]
    gains: tuple[Mapping[str, Any], ...]
    offers: tuple[Offer, ...]
    fit: CanvasFit


class Value:
    """Decides on needs and fills the canvas.

    Args:
        drafts: where decisions are kept.
        research: what customers ask and feel.
        maps: where journeys stop.
    """

    def __init__(self, drafts: Drafts, research: Research, maps: MapMeasures) -> None:
        self._needs = Drafting(drafts, NEEDS)
        self._canvas = Drafting(drafts, CANVAS)
        self._research = research
        self._maps = maps

    def needs(self) -> tuple[Need, ...]:
        """All needs that were heard, those of most customers first."""
        tests = value.need_tests(self._needs.content)
        names = {topic.id: topic.name for topic in self._research.topics()}
        found = []
        for row in sorted(self._research.needs(), key=lambda one: -one["customers"]):
            topic = row["topic"]
            test = tests.get(topic, NeedTest(topic))
            score = value.need_score(row["share"], test)
            found.append(Need(topic, names.get(topic, {}), row, test, score))
        return tuple(found)

    def decide(self, test: NeedTest, *, seen: NeedTest, by: str) -> None:
        """Keep what someone says of a need.

        Args:
            test: fit, cost, decision and reason.
            seen: the test as the writer saw it.
            by: who.

        Raises:
            InputError: outside the scale, or a reason is lacking.
            ConflictError: someone else decided on this need meanwhile.
        """

        def decided(content: Mapping[str, Any]) -> dict[str, Any]:
            now = value.need_tests(content).get(test.topic, NeedTest(test.topic))
            if replace(now, by="") != replace(seen, by=""):
                raise ConflictError(
                    message(
                        "Someone else decided on this need meanwhile",
                        where=test.topic,
                        got=now.decision,
                        next_step="look at it and decide again",
                    )
                )
            return value.with_test(content, replace(test, by=by))

        self._needs.change(decided, "need_decided", test.topic, by)

    def canvas(self) -> Canvas:
        """The canvas as it is now."""
        felt = self._research.emotion("touchpoint", "channel", "event", "evidence")
        pains = [_felt("pain", row) for row in felt if row["mean"] < 0][:FELT] + self._stops()
        gains = [_felt("gain", row) for row in reversed(felt) if row["mean"] > 0][:FELT]
        made = value.offers(self._canvas.content)
        keys = [row["key"] for row in (*pains, *gains)]
        jobs = tuple(need for need in self.needs() if need.test.decision == "chosen")
        return Canvas(jobs, tuple(pains), tuple(gains), made, value.canvas_fit(keys, made))

    def offer(self, side: str, text: str, answers: Sequence[str], *, by: str) -> None:
        """Set a product, pain reliever or gain creator against pains and gains.

        Raises:
            InputError: an unknown side, or a text that is empty or too long.
        """
        made = Offer(uuid.uuid4().hex[:12], side, text.strip(), tuple(answers), by)
        self._canvas.change(
            lambda content: value.with_offer(content, made), "offer_added", made.text, by
        )

    def withdraw(self, offer_id: str, *, by: str) -> None:
        """Take an offer off the canvas.

        Raises:
            NotFoundError: it is not there.
        """
        made = value.offers(self._canvas.content)
        was = next((one.text for one in made if one.offer_id == offer_id), offer_id)
        self._canvas.change(
            lambda content: value.without_offer(content, offer_id), "offer_removed", was, by
        )

    def history(self, part: str) -> History:
        """Who changed what in a part, `needs` or `canvas`, and whether it can be taken back.

        Raises:
            NotFoundError: there is no such part.
        """
        return self._part(part).history()

    def undo(self, part: str, *, seen: int, by: str) -> None:
        """Take the last change of a part back; raises as `Drafting.undo`."""
        self._part(part).undo(seen=seen, by=by)

    def redo(self, part: str, *, seen: int, by: str) -> None:
        """Do again what was taken back last; raises as `Drafting.undo`."""
        self._part(part).redo(seen=seen, by=by)

    def _part(self, part: str) -> Drafting:
        parts = {"needs": self._needs, "canvas": self._canvas}
        if part not in parts:
            raise NotFoundError(
                message("There is no such part", got=repr(part), allowed=", ".join(parts))
            )
        return parts[part]

    def _stops(self) -> list[Mapping[str, Any]]:
        rows = self._maps.measured(EVERYONE, DEFAULT_MODEL).drop_offs
        stops = [row for row in rows if row["stopped"]]
        most = sorted(stops, key=lambda row: -row["value_at_risk_amount"])[:STOPS]
        return [{"key": f"pain:stop:{row['phase']}", **row} for row in most]


def _felt(kind: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"key": f"{kind}:{row['touchpoint']}:{row['evidence']}", **row}
