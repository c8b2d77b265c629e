"""Measures, KPIs and their targets through the Python object: `workspace.kpis`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Any

from klantreis import value
from klantreis.segments import wilson
from klantreis.state import Drafts
from klantreis.value import Kpi, MeasureMeaning, Period
from klantreis.workspace.drafting import change
from klantreis.workspace.reading import Reading

__all__ = ["KpiNow", "Kpis", "Taken", "TakenMeasure"]

KPIS = "kpis"
DAYS = 90
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
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


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

    Args:
        reading: the published tables.
        drafts: where choices are kept.
    """

    def __init__(self, reading: Reading, drafts: Drafts) -> None:
        self._reading = reading
        self._drafts = drafts
        self._kept: dict[tuple[int, str, int], TakenMeasure] = {}

    def library(self) -> tuple[MeasureMeaning, ...]:
        """All measures that there are."""
        return value.library()

    def take(self, measure: str, *, points: int = POINTS) -> TakenMeasure:
        """A measure over the last 90 days of the data and the periods before; kept till the next run.

        Raises:
            NotFoundError: the library does not have it.
        """
        meaning = value.measure_meaning(measure)
        published = self._reading.published
        question = (published.publication_id if published else 0, measure, points)
        if question not in self._kept:
            course = tuple(self._take(measure, back) for back in reversed(range(points)))
            self._kept[question] = TakenMeasure(meaning, course)
        return self._kept[question]

    def _take(self, measure: str, back: int) -> Taken:
        function = value.MEASURES.get(measure)
        published = self._reading.published
        if function is None or published is None:
            return Taken(None, 0)
        end = published.as_of - timedelta(days=DAYS * back)
        if not back:
            end += timedelta(microseconds=1)  # the last moment counts too
        period = Period(self._reading.table, end - timedelta(days=DAYS), end)
        return _taken(self._reading.rows(function(period))[0])

    def chosen(self) -> tuple[KpiNow, ...]:
        """The chosen measures as they stand now."""
        return tuple(self._stands(kpi) for kpi in value.kpis(self._drafts.newest(KPIS).content))

    def goal(self) -> TakenMeasure:
        """The measure of the end goal."""
        return self.take(value.kpi_goal(self._drafts.newest(KPIS).content))

    def choose(
        self, measure: str, *, target: float | None, alarm: float | None = None, by: str
    ) -> None:
        """Choose a measure, or give it another target.

        Raises:
            NotFoundError: the library does not have it.
            InputError: the alarm lies on the good side of the target.
        """
        kpi = Kpi(measure, target, alarm, by)
        self._write(lambda content: value.with_kpi(content, kpi), "kpi_chosen", measure, by)

    def drop(self, measure: str, *, by: str) -> None:
        """Do not follow a measure any more."""
        self._write(lambda content: value.without_kpi(content, measure), "kpi_dropped", measure, by)

    def aim(self, measure: str, *, by: str) -> None:
        """Make a measure the end goal.

        Raises:
            NotFoundError: the library does not have it.
        """
        self._write(lambda content: value.with_goal(content, measure), "goal_chosen", measure, by)

    def _write(self, make: Any, what: str, measure: str, by: str) -> None:
        change(self._drafts, KPIS, make, what=what, about=measure, by=by)

    def _stands(self, kpi: Kpi) -> KpiNow:
        taken = self.take(kpi.measure)
        now = taken.now
        return KpiNow(kpi, taken, value.judged(kpi, now.value, now.low, now.high))


def _taken(row: Mapping[str, Any]) -> Taken:
    if "part" in row:
        return _share(row["part"] or 0, row["whole"] or 0)
    if "top" in row:
        bottom = float(row["bottom"] or 0)
        return Taken(float(row["top"] or 0) / bottom if bottom else None, int(row["n"] or 0))
    if "total" in row:
        return Taken(float(row["total"]) if row["n"] else None, row["n"])
    mean, deviation, n = row["mean"], row["deviation"], row["n"]
    if mean is None or deviation is None or n < ENOUGH_FOR_MEAN:
        return Taken(None if mean is None else float(mean), n)
    half = Z * deviation / sqrt(n)
    return Taken(float(mean), n, mean - half, mean + half)


def _share(part: int, whole: int) -> Taken:
    if not whole:
        return Taken(None, 0)
    if part > whole:  # more late parcels than parcels: counted apart, so no interval
        return Taken(part / whole, whole)
    known = wilson(part, whole)
    return Taken(known.share, whole, known.low, known.high)
