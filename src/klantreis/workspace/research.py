"""Research through the workspace: topics, notes, needs, emotions and recovery."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from math import sqrt
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from klantreis import registry
from klantreis.errors import InputError, NotFoundError, message
from klantreis.journeys import PhaseModel, with_phase
from klantreis.research import (
    MOMENTS,
    Topic,
    checked_topic,
    emotion_by,
    feeling_course,
    needs_by,
    recoveries,
    searched_about,
    shipped_topics,
    topic_list,
)
from klantreis.segments import wilson
from klantreis.state import Note, State, TopicChange
from klantreis.workspace.reading import Reading

__all__ = ["DEFAULT_MODEL", "Research"]

DEFAULT_MODEL = "see_think_do_care"
PERSONA = "persona"
Z = 1.959964  # two-sided 95 %
LONGEST_NOTE = 2_000


class Research:
    """What customers ask, need and feel: `workspace.research`.

    Groups are those of a segmentation in `memberships`, or of the personas (`"persona"`).

    Args:
        reading: the published tables.
        state: topics and notes.
    """

    def __init__(self, reading: Reading, state: State) -> None:
        self._reading = reading
        self._state = state

    # What people decide

    def topics(self) -> tuple[Topic, ...]:
        """The topic list in use: the shipped one with the owner's changes; holds from the next run."""
        return topic_list(self._state.research.topics())

    def topic_changes(self) -> tuple[TopicChange, ...]:
        """Who changed which topic, the newest first."""
        return self._state.research.topic_changes()

    def is_shipped(self, topic_id: str) -> bool:
        """Whether a topic comes with the product."""
        return any(topic.id == topic_id for topic in shipped_topics())

    def removed_topics(self) -> tuple[str, ...]:
        """Topics of the product that were taken off the list."""
        held = {topic.id for topic in self.topics()}
        return tuple(topic.id for topic in shipped_topics() if topic.id not in held)

    def waiting(self, since: datetime) -> int:
        """How many changes of topics and notes were made after a moment (UTC)."""
        changes = [change.changed_at for change in self.topic_changes()]
        return sum(at > since for at in (*changes, *self._state.research.note_moments()))

    def change_topic(self, definition: Mapping[str, Any], *, by: str) -> Topic:
        """Add or change a topic; see `research.checked_topic`.

        Raises:
            InputError: says which part is wrong.
        """
        topic = checked_topic(definition)
        self._state.research.change_topic(topic.id, definition, by=by, at=_now())
        return topic

    def remove_topic(self, topic_id: str, *, by: str) -> None:
        """Take a topic off the list.

        Raises:
            NotFoundError: there is no such topic.
            InputError: it is the last one.
        """
        topics = self.topics()
        if topic_id not in {topic.id for topic in topics}:
            known = ", ".join(topic.id for topic in topics)
            raise NotFoundError(message("Unknown topic", got=repr(topic_id), allowed=known))
        if len(topics) == 1:
            raise InputError(message("The last topic stays", got=repr(topic_id)))
        self._state.research.change_topic(topic_id, None, by=by, at=_now())

    def restore_topic(self, topic_id: str, *, by: str) -> None:
        """Put a topic back as the product ships it.

        Raises:
            NotFoundError: the product ships no such topic.
        """
        for topic in shipped_topics():
            if topic.id == topic_id:
                definition = {
                    "id": topic.id,
                    "moment": topic.moment,
                    "is_problem": topic.is_problem,
                    "name": dict(topic.name),
                    "description": dict(topic.description),
                    "keywords": {k: list(words) for k, words in topic.keywords.items()},
                }
                self._state.research.change_topic(topic_id, definition, by=by, at=_now())
                return
        raise NotFoundError(message("This topic does not come with the product", got=topic_id))

    def notes(self) -> tuple[Note, ...]:
        """What was written down, the newest first."""
        return self._state.research.notes()

    def write_note(self, text: str, *, language: str, by: str, moment: str = "") -> int:
        """Write down what customers ask or need; it counts from the next run, as assumed.

        Raises:
            InputError: an empty or very long text, or an unknown moment.
        """
        if not text.strip() or len(text) > LONGEST_NOTE:
            allowed = f"1 to {LONGEST_NOTE} characters"
            raise InputError(
                message("This note cannot be kept", got=f"{len(text)} characters", allowed=allowed)
            )
        if moment and moment not in MOMENTS:
            raise InputError(message("Wrong moment", got=repr(moment), allowed=", ".join(MOMENTS)))
        return self._state.research.write_note(
            text.strip(), language=language, moment=moment, by=by, at=_now()
        )

    def remove_note(self, note_id: int, *, by: str) -> None:
        """Take a note off; it counts no more from the next run on.

        Args:
            note_id: its number, as in `notes`.
            by: who takes it off.
        """
        self._state.research.remove_note(note_id, by=by, at=_now())

    # What the tables tell

    def needs(
        self,
        *by: str,
        segmentation: str = "",
        segment: str = "",
        phase_model: str = DEFAULT_MODEL,
        is_main: bool = False,
    ) -> list[dict[str, Any]]:
        """How many customers ask after each topic, with the share of those who spoke.

        Args:
            by: what else to count by: `phase`, `kind`, `evidence`, `moment`, `language`, `event`.
            segmentation: count per group of this one.
            segment: only this group of it.
            phase_model: whose phases.
            is_main: count each statement for its main topic only.

        Returns:
            Rows with `topic`, the columns of `by`, `segment` where asked, `statements`,
            `customers`, `speakers`, `share` (customers of speakers) and its 95 % interval (Wilson)
            `low` and `high`; most statements first.
        """

        def ask() -> list[dict[str, Any]]:
            questions = self._phased("questions", phase_model)
            if is_main:
                questions = questions.filter(questions["is_main"])
            self._check(by, questions.columns)
            groups = self._groups(segmentation, segment)
            rows = self._reading.rows(needs_by(questions, by=by, groups=groups))
            for row in rows:
                row |= _share(row["customers"], row["speakers"])
            return sorted(rows, key=lambda row: (-row["statements"], row["topic"]))

        return self._remembered(("needs", by, segmentation, segment, phase_model, is_main), ask)

    def searches(self) -> list[dict[str, Any]]:
        """How often was searched for each topic, in search engines and on the site.

        Returns:
            Rows with `place` (`site` for our own), `topic` (empty for terms about none), `terms`,
            `times` (shown in a search engine, searched on the site) and `clicks`; most times first.
        """

        def ask() -> list[dict[str, Any]]:
            rows = self._reading.rows(searched_about(self._reading.table("searches")))
            return sorted(rows, key=lambda row: (row["place"], -row["times"], row["topic"] or ""))

        return self._remembered(("searches",), ask)

    def terms(self, topic: str | None, *, most: int = 10) -> list[dict[str, Any]]:
        """The terms that were searched most, with `place`, `term`, `times`, `clicks` and `position`.

        Args:
            topic: that they are about; empty for those about none, None for all.
            most: how many of each place.
        """

        def ask() -> list[dict[str, Any]]:
            rows = self._reading.table("searches")
            if topic is not None:
                rows = rows.filter(rows["topic"] == topic if topic else rows["topic"].isnull())
            order = [ibis.desc("times"), "term"]
            ranked = rows.mutate(rank=ibis.row_number().over(group_by="place", order_by=order))
            shown = ranked.filter(ranked["rank"] < most).order_by("place", "rank")
            return self._reading.rows(
                shown.select("place", "term", "topic", "times", "clicks", "position")
            )

        return self._remembered(("terms", topic, most), ask)

    def emotion(
        self,
        *by: str,
        segmentation: str = "",
        segment: str = "",
        phase_model: str = DEFAULT_MODEL,
        kinds: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """Mean emotion, -2 to 2, with its 95 % interval.

        Args:
            by: what to count by: `touchpoint`, `phase`, `kind`, `topic`, `channel`, `event`,
                `moment`, `segment`.
            segmentation: only customers in a group of this one; needed to count by `segment`.
            segment: only this group of it.
            phase_model: whose phases.
            kinds: only these of `score`, `text` and `behaviour` (whose values are assumed).

        Returns:
            Rows with the columns of `by`, `n`, `mean`, `low` and `high` (empty for one), and how
            many are `negative` and `positive`; the least positive first.
        """

        def ask() -> list[dict[str, Any]]:
            emotions = self._phased("emotions", phase_model)
            if kinds:
                emotions = emotions.filter(emotions["kind"].isin(tuple(kinds)))
            self._check(by, (*emotions.columns, *(("segment",) if segmentation else ())))
            groups = self._groups(segmentation, segment)
            rows = self._reading.rows(emotion_by(emotions, by=by, groups=groups))
            return sorted(map(_with_interval, rows), key=lambda row: (row["mean"], -row["n"]))

        question = ("emotion", by, segmentation, segment, phase_model, tuple(kinds))
        return self._remembered(question, ask)

    def recoveries(
        self, *, within_days: int = 60, segmentation: str = "", segment: str = ""
    ) -> list[dict[str, Any]]:
        """What went wrong and then came right; see `research.recoveries`.

        Returns:
            Rows with `event`, `went_wrong`, `spoke`, `came_right`, `days`, and the share that came
            right with its 95 % interval: `share`, `low`, `high`; most went wrong first.
        """

        def ask() -> list[dict[str, Any]]:
            groups = self._groups(segmentation, segment)
            emotions = self._reading.table("emotions")
            rows = self._reading.rows(recoveries(emotions, within_days=within_days, groups=groups))
            for row in rows:
                row |= _share(row["came_right"], row["went_wrong"])
            return sorted(rows, key=lambda row: (-row["went_wrong"], row["event"]))

        return self._remembered(("recoveries", within_days, segmentation, segment), ask)

    def feelings_of(self, customer_id: int, *, within_days: int = 60) -> list[dict[str, Any]]:
        """How one customer felt, in order of time; see `research.feeling_course`.

        Args:
            customer_id: number.
            within_days: how long something may take to come right.

        Returns:
            Rows of table `emotions` (`emotion` is -2 to +2) with `went_wrong`, `right_at` (naive
            UTC; None when it did not come right) and `is_recovery`; none for who showed nothing.
        """
        emotions = self._reading.table("emotions")
        own = emotions.filter(emotions["customer_id"] == customer_id)
        return feeling_course(self._reading.rows(own), within_days=within_days)

    def asked_by(self, customer_id: int) -> list[dict[str, Any]]:
        """What one customer asked and needed: `topic`, `evidence`, `statements` and `last_at`."""
        questions = self._reading.table("questions")
        own = questions.filter(questions["customer_id"] == customer_id)
        rows = own.group_by("topic", "evidence").aggregate(
            statements=own["statement_id"].nunique(), last_at=own["said_at"].max()
        )
        return sorted(self._reading.rows(rows), key=lambda row: (-row["statements"], row["topic"]))

    def _remembered(
        self, question: Hashable, ask: Callable[[], list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        return [dict(row) for row in self._reading.remembered(("research", question), ask)]

    def _phased(self, name: str, phase_model: str) -> ir.Table:
        models = cast(Mapping[str, PhaseModel], registry.load_all("phase_models"))
        if phase_model not in models:
            raise NotFoundError(
                message("Unknown phase model", got=repr(phase_model), allowed=", ".join(models))
            )
        return with_phase(self._reading.table(name), phase_model=models[phase_model])

    def _groups(self, segmentation: str, segment: str) -> ir.Table | None:
        if not segmentation:
            return None
        if segmentation == PERSONA:
            members = self._reading.table("persona_memberships")
            members = members.filter(members["is_member"])
            groups = members.select("customer_id", segment="persona_id")
        else:
            members = self._reading.table("memberships")
            own = members.filter(members["segmentation"] == segmentation)
            groups = own.select("customer_id", "segment")
        return groups.filter(groups["segment"] == segment) if segment else groups

    def _check(self, by: Sequence[str], allowed: Sequence[str]) -> None:
        for name in by:
            if name not in allowed:
                raise InputError(
                    message("Cannot count by this", got=repr(name), allowed=", ".join(allowed))
                )


def _share(part: int, whole: int) -> dict[str, float | None]:
    if not whole:
        return {"share": None, "low": None, "high": None}
    known = wilson(part, whole)
    return {"share": known.share, "low": known.low, "high": known.high}


def _with_interval(row: dict[str, Any]) -> dict[str, Any]:
    deviation = row.pop("deviation")
    half = Z * deviation / sqrt(row["n"]) if deviation is not None and row["n"] > 1 else None
    low = None if half is None else max(-2.0, row["mean"] - half)
    high = None if half is None else min(2.0, row["mean"] + half)
    return {**row, "low": low, "high": high}


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
