"""Measures, KPIs and their targets through the Python object: `workspace.kpis`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from klantreis import value
from klantreis.segments import wilson
from klantreis.state import Drafts
from klantreis.value import Kpi, MeasureMeaning
from klantreis.workspace.drafting import Drafting, History
from klantreis.workspace.reading import Reading
from klantreis.workspace.subjects import EVERYONE

__all__ = ["KpiNow", "Kpis", "Taken", "TakenMeasure"]

KPIS = "kpis"
POINTS = 4  # periods of the trend
Z = 1.959964  # two-sided 95 %
ENOUGH_FOR_MEAN = 30


@dataclass(frozen=True)
class Taken:
    """A measure over one period.

    Attributes:
        value: empty when there was nothing to measure.
        n: how many it rests on.
        low, high: 95 % interval; empty for totals and quotients of sums.
        needed: how many it takes to conclude anything from it; 0 for a plain count.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    needed: int = 0


@dataclass(frozen=True)
class TakenMeasure:
    """A measure over the last period and those before it, the newest last."""

    meaning: MeasureMeaning
    course: tuple[Taken, ...]

    @property
    def now(self) -> Taken:
        return self.course[-1]

    @property
    def before(self) -> Taken:
        return self.course[-2]


@dataclass(frozen=True)
class KpiNow:
    """A chosen measure as it stands: `alarm`, `behind`, `unsure`, `on_target` ..."""

    kpi: Kpi
    taken: TakenMeasure
    standing: str


class Kpis:
    """Takes measures, and keeps which were chosen.

    Everything can be asked for everybody or for the members of one persona.

    Args:
        reading: the published tables.
        drafts: where choices are kept.
    """

    def __init__(self, reading: Reading, drafts: Drafts) -> None:
        self._reading = reading
        self._own = Drafting(drafts, KPIS)

    def library(self) -> tuple[MeasureMeaning, ...]:
        """All measures that there are."""
        return value.library()

    def take(self, measure: str, *, persona_id: str = EVERYONE) -> TakenMeasure:
        """A measure over the last 90 days of the data and the three periods before.

        Args:
            measure: id, as in `library`.
            persona_id: only of the members of this persona; by default of everybody.

        Returns:
            Its four values in the unit of its meaning (a share as 0.25), the newest last, each with
            `n` and, for shares and means, its 95 % interval.

        Raises:
            NotFoundError: the library does not have it.
        """
        meaning = value.measure_meaning(measure)
        found = self._measured().get((measure, persona_id), {})
        nothing = Taken(None, 0)
        course = tuple(found.get(back, nothing) for back in reversed(range(POINTS)))
        return TakenMeasure(meaning, course)

    def _measured(self) -> Mapping[tuple[str, str], Mapping[int, Taken]]:
        """Table `measures`, by measure and persona; kept till the next run."""

        def read() -> Mapping[tuple[str, str], Mapping[int, Taken]]:
            found: dict[tuple[str, str], dict[int, Taken]] = {}
            for row in self._reading.rows(self._reading.table("measures")):
                course = found.setdefault((row["measure"], row["persona_id"]), {})
                course[row["periods_back"]] = _taken(row)
            return found

        return self._reading.remembered("measures", read) if self._reading.published else {}

    def chosen(self, *, persona_id: str = EVERYONE) -> tuple[KpiNow, ...]:
        """The chosen measures as they stand now.

        Args:
            persona_id: of the members of this persona, against its own levels; by default of
                everybody.
        """
        own = "" if persona_id == EVERYONE else persona_id
        found = value.kpis(self._own.content, own)
        return tuple(self._stands(kpi, persona_id) for kpi in found)

    def goal(self, *, persona_id: str = EVERYONE) -> TakenMeasure:
        """The measure of the end goal."""
        return self.take(value.kpi_goal(self._own.content), persona_id=persona_id)

    def choose(
        self,
        measure: str,
        *,
        target: float | None,
        alarm: float | None = None,
        persona_id: str = EVERYONE,
        by: str,
    ) -> None:
        """Choose a measure, give it other levels, or levels of its own for a persona.

        Args:
            measure: id, as in `library`.
            target: what we aim at, in the unit of the measure; None for no target.
            alarm: level beyond which an alarm goes; None for none.
            persona_id: levels for the members of this persona; by default for everybody.
            by: who chooses.

        Raises:
            NotFoundError: the library does not have it.
            InputError: the alarm lies on the good side of the target, or the measure of a persona
                is not followed for everybody.
        """
        kpi = Kpi(measure, target, alarm, by)
        if persona_id == EVERYONE:
            self._own.change(
                lambda content: value.with_kpi(content, kpi), "kpi_chosen", measure, by
            )
            return
        self._own.change(
            lambda content: value.with_persona_levels(content, kpi, persona_id),
            "kpi_of_persona",
            measure,
            by,
        )

    def drop(self, measure: str, *, by: str) -> None:
        """Do not follow a measure any more; one that is not followed stays so.

        Args:
            measure: id, as in `library`.
            by: who drops it.
        """
        self._own.change(
            lambda content: value.without_kpi(content, measure), "kpi_dropped", measure, by
        )

    def aim(self, measure: str, *, by: str) -> None:
        """Make a measure the end goal.

        Raises:
            NotFoundError: the library does not have it.
        """
        self._own.change(
            lambda content: value.with_goal(content, measure), "goal_chosen", measure, by
        )

    def history(self) -> History:
        """Who chose and dropped what, and whether it can be taken back."""
        return self._own.history()

    def undo(self, *, seen: int, by: str) -> None:
        """Take the last change back; raises as `Drafting.undo`."""
        self._own.undo(seen=seen, by=by)

    def redo(self, *, seen: int, by: str) -> None:
        """Do again what was taken back last; raises as `Drafting.undo`."""
        self._own.redo(seen=seen, by=by)

    def _stands(self, kpi: Kpi, persona_id: str) -> KpiNow:
        taken = self.take(kpi.measure, persona_id=persona_id)
        now = taken.now
        return KpiNow(kpi, taken, value.judged(kpi, now.value, now.low, now.high))


def _taken(row: Mapping[str, Any]) -> Taken:
    """A row of table `measures` with its interval."""
    top, bottom, n = row["top"], row["bottom"], row["n"]
    if row["form"] == "share":
        return _share(int(top or 0), int(bottom or 0))
    if row["form"] == "quotient":
        return Taken((top or 0.0) / bottom if bottom else None, n)
    if row["form"] == "total":
        return Taken(top if n else None, n)
    deviation = row["deviation"]
    if top is None or deviation is None or n < ENOUGH_FOR_MEAN:
        return Taken(top, n, needed=ENOUGH_FOR_MEAN)
    half = Z * deviation / sqrt(n)
    return Taken(top, n, top - half, top + half, ENOUGH_FOR_MEAN)


def _share(part: int, whole: int) -> Taken:
    if not whole:
        return Taken(None, 0, needed=ENOUGH_FOR_MEAN)
    if part > whole:  # more late parcels than parcels: counted apart, so no interval
        return Taken(part / whole, whole)
    known = wilson(part, whole)
    return Taken(known.share, whole, known.low, known.high, ENOUGH_FOR_MEAN)
