"""What is measured of journeys, phase by phase, for a map: nothing that people wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klantreis.errors import NotFoundError, message
from klantreis.journeys import PhaseModel, drop_offs, phase_models, phase_touchpoints
from klantreis.workspace.personas import Personas
from klantreis.workspace.reading import Reading
from klantreis.workspace.research import Research
from klantreis.workspace.subjects import EVERYONE, Subject, Subjects

__all__ = ["MapMeasures", "Measured", "model_of"]

LANGUAGES = ("nl", "en")


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


class MapMeasures:
    """Measures the journeys of a group of customers in a phase model.

    Args:
        reading: the published tables.
        research: what customers ask, need and feel.
        personas: whose journeys can be mapped too.
    """

    def __init__(self, reading: Reading, research: Research, personas: Personas) -> None:
        self._reading = reading
        self._research = research
        self._subjects = Subjects(reading, personas)

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
        return model_of(model).phase_ids

    def measured(self, subject: str, model: str) -> Measured:
        """The measured lanes; kept until the next publication.

        Raises:
            NotFoundError: there is no such group of customers, or phase model.
        """
        return self._reading.remembered(
            ("map", subject, model),
            lambda: self._measure(self._subjects.find(subject), model_of(model)),
        )

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


def model_of(name: str) -> PhaseModel:
    """A phase model by its id.

    Raises:
        NotFoundError: there is no such model.
    """
    found = next((model for model in phase_models() if model.id == name), None)
    if found is None:
        allowed = ", ".join(model.id for model in phase_models())
        raise NotFoundError(
            message("There is no such phase model", got=repr(name), allowed=allowed)
        )
    return found
