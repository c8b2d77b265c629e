"""Opportunities, the roadmap and its cycles through the Python object: `workspace.plan`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from klantreis import value
from klantreis.errors import ConflictError, InputError, NotFoundError, message
from klantreis.state import Drafts
from klantreis.value import Opportunity, PlannedAction
from klantreis.workspace.drafting import Drafting, History, now
from klantreis.workspace.kpis import Kpis
from klantreis.workspace.map_measures import MapMeasures
from klantreis.workspace.research import DEFAULT_MODEL
from klantreis.workspace.strategy import Strategy
from klantreis.workspace.subjects import EVERYONE
from klantreis.workspace.value import NEEDS

__all__ = ["Cycle", "FrozenCycle", "Plan"]

PLAN = "plan"
CYCLES = "cycles"
KEPT_OPPORTUNITIES = 10


@dataclass(frozen=True)
class Cycle:
    """The cycle that runs: its first and last day and its actions, with the version of the plan."""

    starts_on: date
    ends_on: date
    number: int
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True)
class FrozenCycle:
    """A cycle that was closed, as it was then.

    Attributes:
        starts_on: its first day.
        closed_at, closed_by: when (UTC) and by whom.
        actions: as they stood.
        kpis: rows of `measure`, `value`, `low`, `high`, `n`, `target` and `standing`.
        opportunities: rows of `key`, `emotion` and `score`, the first ones.
        needs: what was decided then, by topic: `open`, `chosen`, `parked` or `refused`.
        strategy: the texts of identity and strategy then, by part.
    """

    starts_on: date
    closed_at: datetime
    closed_by: str
    actions: tuple[PlannedAction, ...]
    kpis: tuple[Mapping[str, Any], ...]
    opportunities: tuple[Mapping[str, Any], ...]
    needs: Mapping[str, str]
    strategy: Mapping[str, str]


class Plan:
    """Ranks opportunities and keeps the roadmap.

    Args:
        drafts: where the plan is kept.
        maps: what is measured.
        kpis: the chosen measures.
        first_day: first day of the first cycle.
    """

    def __init__(
        self, drafts: Drafts, maps: MapMeasures, kpis: Kpis, first_day: Callable[[], date]
    ) -> None:
        self._drafts = drafts
        self._own = Drafting(drafts, PLAN, closing=("cycle_started",))
        self._closed = Drafting(drafts, CYCLES)
        self._maps = maps
        self._kpis = kpis
        self._first_day = first_day

    def opportunities(self, subject: str = EVERYONE) -> tuple[Opportunity, ...]:
        """Moments that could go better, what is lost most first; see `value.opportunities`."""
        measured = self._maps.measured(subject, DEFAULT_MODEL)
        efforts = self._own.content.get("efforts", {})
        return value.opportunities(
            measured.emotions, measured.touchpoints, measured.drop_offs, efforts
        )

    def judge(self, key: str, effort: int, *, by: str) -> None:
        """Say how much effort an opportunity takes, 1 to 5.

        Raises:
            InputError: outside the scale.
        """
        if effort not in range(1, 6):
            raise InputError(message("Wrong effort", where=key, got=str(effort), allowed="1-5"))
        self._own.change(
            lambda content: {**content, "efforts": {**content.get("efforts", {}), key: effort}},
            "effort_judged",
            key,
            by,
        )

    def cycle(self) -> Cycle:
        """The cycle that runs."""
        draft = self._own.newest
        starts_on = self._starts_on(draft.content)
        actions = value.planned_actions(draft.content)
        return Cycle(starts_on, value.cycle_end(starts_on), draft.number, actions)

    def add(self, action: PlannedAction, *, by: str) -> str:
        """Put an action on the roadmap; returns its id.

        Raises:
            InputError: it lies outside the cycle, or before what it waits for.
        """
        made = replace(action, action_id=uuid.uuid4().hex[:12])
        self._put(made, "action_added", by)
        return made.action_id

    def edit(self, action: PlannedAction, *, version: int, by: str) -> None:
        """Change an action; raises as `add`, and when someone else changed it meanwhile.

        Args:
            action: as it is to be.
            version: of the plan in which the writer saw it.

        Raises:
            ConflictError: it is not as it was then; nothing is overwritten.
        """
        was = _found(value.planned_actions(self._own.content_of(version)), action.action_id)
        if was is None or _found(self.cycle().actions, action.action_id) != was:
            raise ConflictError(
                message(
                    "Someone else changed this action meanwhile",
                    where=action.title,
                    next_step="look at it and repeat the change",
                )
            )
        self._put(action, "action_changed", by)

    def set_status(self, action_id: str, status: str, *, by: str) -> None:
        """Bring an action to another column of the board.

        Raises:
            NotFoundError: it is not there.
            InputError: there is no such status.
        """
        action = _found(self.cycle().actions, action_id)
        if action is None:
            raise NotFoundError(message("There is no such action", got=repr(action_id)))
        self._put(replace(action, status=status), "action_moved", by)

    def remove(self, action_id: str, *, by: str) -> None:
        """Take an action off.

        Raises:
            NotFoundError: it is not there.
        """
        was = _found(self.cycle().actions, action_id)
        self._own.change(
            lambda content: value.without_action(content, action_id),
            "action_removed",
            was.title if was else action_id,
            by,
        )

    def start_cycle(self, starts_on: date, *, by: str) -> None:
        """Freeze the cycle that runs, and start the next one with what is not finished left behind.

        Raises:
            InputError: the next one would not start later.
        """
        cycle = self.cycle()
        if starts_on <= cycle.starts_on:
            raise InputError(
                message(
                    "A new cycle starts later than the last one",
                    got=starts_on.isoformat(),
                    allowed=f"after {cycle.starts_on.isoformat()}",
                )
            )
        frozen = self._frozen(cycle, by)
        # The frozen one first: after a crash between both, the same call finds it and goes on.
        self._closed.change(
            lambda content: {
                "cycles": [
                    *(
                        one
                        for one in content.get("cycles", ())
                        if one["starts_on"] != frozen["starts_on"]
                    ),
                    frozen,
                ]
            },
            "cycle_frozen",
            cycle.starts_on.isoformat(),
            by,
        )
        self._own.change(
            lambda content: {
                "starts_on": starts_on.isoformat(),
                "efforts": content.get("efforts", {}),
            },
            "cycle_started",
            starts_on.isoformat(),
            by,
        )

    def cycles(self) -> tuple[FrozenCycle, ...]:
        """The cycles that were closed, the newest first."""
        kept = self._closed.content.get("cycles", ())
        return tuple(
            FrozenCycle(
                date.fromisoformat(one["starts_on"]),
                datetime.fromisoformat(one["closed_at"]),
                one["closed_by"],
                value.planned_actions(one),
                tuple(one["kpis"]),
                tuple(one["opportunities"]),
                one.get("needs", {}),
                one.get("strategy", {}),
            )
            for one in reversed(kept)
        )

    def changes_since(self, moment: datetime) -> int:
        """How many changes people made since a moment (UTC) to maps, needs, canvas, KPIs and plan."""
        return self._drafts.count_since(moment, ("map/", "value/", "kpis", PLAN))

    def history(self) -> History:
        """Who changed what in the plan, and whether it can be taken back; a closed cycle stands."""
        return self._own.history()

    def undo(self, *, seen: int, by: str) -> None:
        """Take the last change of this cycle back; raises as `Drafting.undo`."""
        self._own.undo(seen=seen, by=by)

    def redo(self, *, seen: int, by: str) -> None:
        """Do again what was taken back last; raises as `Drafting.undo`."""
        self._own.redo(seen=seen, by=by)

    def _frozen(self, cycle: Cycle, by: str) -> dict[str, Any]:
        return {
            "starts_on": cycle.starts_on.isoformat(),
            "closed_at": now().isoformat(),
            "closed_by": by,
            "actions": self._own.content.get("actions", []),
            "kpis": [
                {"measure": one.kpi.measure, "target": one.kpi.target, "standing": one.standing}
                | asdict(one.taken.now)
                for one in self._kpis.chosen()
            ],
            "opportunities": [
                {"key": one.key, "emotion": one.emotion, "score": one.score}
                for one in self.opportunities()[:KEPT_OPPORTUNITIES]
            ],
            "needs": self._decided(),
            "strategy": {
                one.part: one.text for one in Strategy(self._drafts).read().texts if one.text
            },
        }

    def _decided(self) -> dict[str, str]:
        tests = value.need_tests(Drafting(self._drafts, NEEDS).content)
        return {topic: test.decision for topic, test in tests.items()}

    def _put(self, action: PlannedAction, what: str, by: str) -> None:
        self._own.change(
            lambda content: value.with_action(
                {**content, "starts_on": self._starts_on(content).isoformat()},
                action,
                starts_on=self._starts_on(content),
            ),
            what,
            action.title,
            by,
        )

    def _starts_on(self, content: Mapping[str, Any]) -> date:
        kept = content.get("starts_on")
        return date.fromisoformat(kept) if kept else self._first_day()


def _found(actions: Iterable[PlannedAction], action_id: str) -> PlannedAction | None:
    return next((one for one in actions if one.action_id == action_id), None)
