"""How far a shop is round the loop, and what comes next, from what is there: `workspace.loop`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klantreis.state import State
from klantreis.workspace.campaigns import Campaigns
from klantreis.workspace.personas import Personas
from klantreis.workspace.plan import Plan
from klantreis.workspace.reading import Reading

__all__ = ["STAGES", "Loop", "Stage", "following"]

STAGES = ("gather", "look", "personas", "map", "plan", "campaign", "effect", "cycle")


@dataclass(frozen=True)
class Stage:
    """One stage of the loop.

    Attributes:
        code: one of `STAGES`.
        is_done: whether it was done; the last one, a new cycle, never is: it begins the loop again.
        is_possible: whether it can be done now; not so for personas of which there are none.
        count: of what it makes: sources, known customers, personas, cards on maps, actions in this
            cycle, running campaigns, campaigns with a holdout, cycles that were closed.
    """

    code: str
    is_done: bool
    count: int
    is_possible: bool = True


class Loop:
    """Tells how far the loop is.

    Args:
        reading: the published tables.
        state: what people decided.
        personas, plan, campaigns: of the workspace.
    """

    def __init__(
        self, reading: Reading, state: State, personas: Personas, plan: Plan, campaigns: Campaigns
    ) -> None:
        self._reading = reading
        self._state = state
        self._personas = personas
        self._plan = plan
        self._campaigns = campaigns

    def stages(self) -> tuple[Stage, ...]:
        """All stages, in order; nothing is done before the first run."""
        if self._reading.published is None:
            return tuple(Stage(code, False, 0) for code in STAGES)
        sources, customers = self._counted()
        faces = [row["persona_id"] for row in self._personas.rows()]
        cards, actions = self._cards(), len(self._plan.cycle().actions)
        running = sum(one.is_running for one in self._campaigns.all())
        measured = self._state.campaigns.measured()
        return (
            Stage("gather", sources > 0, sources),
            Stage("look", customers > 0, customers),
            Stage("personas", any(map(self._personas.history, faces)), len(faces), bool(faces)),
            Stage("map", cards > 0, cards),
            Stage("plan", actions > 0, actions),
            Stage("campaign", running > 0 or measured > 0, running),
            Stage("effect", measured > 0, measured),
            Stage("cycle", False, len(self._plan.cycles())),
        )

    def next(self) -> Stage:
        """The first stage that was not done yet and can be done."""
        return following(self.stages())

    def _counted(self) -> tuple[int, int]:
        quality, portraits = self._reading.table("source_quality"), self._reading.table("portraits")
        sources = quality.aggregate(n=quality["source"].nunique())
        known = portraits.aggregate(n=portraits.count(where=portraits["is_known"]))
        return self._reading.rows(sources)[0]["n"], self._reading.rows(known)[0]["n"]

    def _cards(self) -> int:
        drafts = (self._state.drafts.newest(name) for name in self._state.drafts.names("map/"))
        return sum(len(draft.content.get("cards", ())) for draft in drafts)


def following(stages: Sequence[Stage]) -> Stage:
    """The first stage that was not done yet and can be done."""
    return next(stage for stage in stages if stage.is_possible and not stage.is_done)
