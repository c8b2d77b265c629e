"""Measures of the library as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from klantreis.words import Evidence, Figure
from klantreis.workspace import KpiNow, MeasureMeaning, Taken, TakenMeasure

__all__ = ["KpiShown", "kpi_now_shown", "kpi_shown", "taken_figure"]


@dataclass(frozen=True)
class KpiShown:
    """A measure as it stands.

    Attributes:
        measure: code.
        name_nl, name_en, definition_nl, definition_en, formula: what it means.
        phase: of See-Think-Do-Care.
        better: `up` or `down`.
        now: over the last 90 days.
        before: over the 90 days before those.
        course: values of the periods, the newest last; those that were measured.
        standing: how it stands against its target; empty when it is not chosen.
        target, alarm: levels; empty for none.
        lacks_nl, lacks_en: what must come in before it can be taken; empty when it can be.
    """

    measure: str
    name_nl: str
    name_en: str
    definition_nl: str
    definition_en: str
    formula: str
    phase: str
    better: str
    now: Figure
    before: Figure
    course: tuple[float, ...]
    standing: str
    target: float | None
    alarm: float | None
    lacks_nl: str
    lacks_en: str


def kpi_shown(
    taken: TakenMeasure,
    *,
    standing: str = "",
    target: float | None = None,
    alarm: float | None = None,
) -> KpiShown:
    """A measure with what it means, and how it stands when it was chosen."""
    meaning = taken.meaning
    return KpiShown(
        measure=meaning.id,
        name_nl=meaning.name["nl"],
        name_en=meaning.name["en"],
        definition_nl=meaning.definition["nl"],
        definition_en=meaning.definition["en"],
        formula=meaning.formula,
        phase=meaning.phase,
        better=meaning.better,
        now=taken_figure(taken.now, meaning),
        before=taken_figure(taken.before, meaning),
        course=tuple(one.value for one in taken.course if one.value is not None),
        standing=standing,
        target=target,
        alarm=alarm,
        lacks_nl=meaning.lacks.get("nl", ""),
        lacks_en=meaning.lacks.get("en", ""),
    )


def kpi_now_shown(one: KpiNow) -> KpiShown:
    """A chosen measure, as it stands against its levels."""
    return kpi_shown(one.taken, standing=one.standing, target=one.kpi.target, alarm=one.kpi.alarm)


def taken_figure(taken: Taken, meaning: MeasureMeaning) -> Figure:
    """What was taken, as a figure with its interval."""
    evidence = Evidence(
        meaning.evidence,  # type: ignore[arg-type]  # the library's words are those of evidence
        taken.n,
        "moments",
        low=taken.low,
        high=taken.high,
        needed=taken.needed,
    )
    return Figure(taken.value, meaning.unit, evidence)  # type: ignore[arg-type]  # the library's units are those of figures
