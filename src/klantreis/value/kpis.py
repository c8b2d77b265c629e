"""KPIs: measures that were chosen, with a target and the level at which an alarm goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from klantreis.errors import InputError, message
from klantreis.value.library import measure_meaning

__all__ = [
    "Kpi",
    "judged",
    "kpi_goal",
    "kpis",
    "with_goal",
    "with_kpi",
    "with_persona_levels",
    "without_kpi",
]

DEFAULT_GOAL = "revenue"


@dataclass(frozen=True)
class Kpi:
    """A chosen measure.

    Attributes:
        measure: id in the library.
        target: what we aim at; empty for none yet.
        alarm: the level beyond which an alarm goes; empty for none.
        by: who chose it, or gave it these levels.
    """

    measure: str
    target: float | None
    alarm: float | None
    by: str


def kpis(content: Mapping[str, Any], persona_id: str = "") -> tuple[Kpi, ...]:
    """The chosen measures of a draft.

    Args:
        content: of the draft.
        persona_id: with the levels of this persona; without levels where it has none of its own,
            because what is much for everybody need not be much for a few.
    """
    chosen = tuple(Kpi(**kept) for kept in content.get("kpis", ()))
    if not persona_id:
        return chosen
    own = content.get("personas", {}).get(persona_id, {})
    return tuple(
        Kpi(**own[one.measure]) if one.measure in own else Kpi(one.measure, None, None, "")
        for one in chosen
    )


def kpi_goal(content: Mapping[str, Any]) -> str:
    """The measure of the end goal."""
    return str(content.get("goal", DEFAULT_GOAL))


def with_kpi(content: Mapping[str, Any], kpi: Kpi) -> dict[str, Any]:
    """A draft with a measure chosen, or chosen otherwise.

    Raises:
        NotFoundError: the library does not have it.
        InputError: the alarm lies on the good side of the target.
    """
    _check_levels(kpi)
    others = [one for one in content.get("kpis", ()) if one["measure"] != kpi.measure]
    return {**content, "kpis": [*others, asdict(kpi)]}


def with_persona_levels(content: Mapping[str, Any], kpi: Kpi, persona_id: str) -> dict[str, Any]:
    """A draft in which a chosen measure has levels of its own for a persona; without both none.

    Raises:
        NotFoundError: the library does not have it.
        InputError: it is not chosen, or the alarm lies on the good side of the target.
    """
    _check_levels(kpi)
    if kpi.measure not in {one.measure for one in kpis(content)}:
        raise InputError(
            message(
                "This measure is not followed",
                got=repr(kpi.measure),
                next_step="choose it for everybody first",
            )
        )
    everyones = content.get("personas", {})
    own = {
        name: kept for name, kept in everyones.get(persona_id, {}).items() if name != kpi.measure
    }
    if kpi.target is not None or kpi.alarm is not None:
        own[kpi.measure] = asdict(kpi)
    return {**content, "personas": {**everyones, persona_id: own}}


def without_kpi(content: Mapping[str, Any], measure: str) -> dict[str, Any]:
    """A draft in which a measure is not chosen."""
    kept = [one for one in content.get("kpis", ()) if one["measure"] != measure]
    return {**content, "kpis": kept}


def with_goal(content: Mapping[str, Any], measure: str) -> dict[str, Any]:
    """A draft with another end goal.

    Raises:
        NotFoundError: the library does not have it.
    """
    return {**content, "goal": measure_meaning(measure).id}


def judged(
    kpi: Kpi, value: float | None, low: float | None = None, high: float | None = None
) -> str:
    """How a value stands against target and alarm.

    Args:
        kpi: the chosen measure.
        value: now; empty when it is not measured.
        low, high: its interval; empty for a plain count.

    Returns:
        `unmeasured`, `no_target`, `alarm`, `behind`, `unsure` (the target lies within the
        interval) or `on_target`.
    """
    if value is None:
        return "unmeasured"
    sign = 1 if measure_meaning(kpi.measure).better == "up" else -1
    if kpi.alarm is not None and sign * value < sign * kpi.alarm:
        return "alarm"
    if kpi.target is None:
        return "no_target"
    if low is not None and high is not None and low < kpi.target < high:
        return "unsure"
    return "on_target" if sign * value >= sign * kpi.target else "behind"


def _check_levels(kpi: Kpi) -> None:
    meaning = measure_meaning(kpi.measure)
    if kpi.target is None or kpi.alarm is None:
        return
    if kpi.alarm > kpi.target if meaning.better == "up" else kpi.alarm < kpi.target:
        side = "below" if meaning.better == "up" else "above"
        raise InputError(
            message(
                "The alarm lies on the good side of the target",
                where=kpi.measure,
                got=f"{kpi.alarm:g}",
                allowed=f"a level {side} {kpi.target:g}",
            )
        )
