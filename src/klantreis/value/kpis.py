"""KPIs: measures that were chosen, with a target and the level at which an alarm goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from klantreis.errors import InputError, message
from klantreis.value.library import measure_meaning

__all__ = ["Kpi", "judged", "kpi_goal", "kpis", "with_goal", "with_kpi", "without_kpi"]

DEFAULT_GOAL = "revenue"


@dataclass(frozen=True)
class Kpi:
    """A chosen measure.

    Attributes:
        measure: id in the library.
        target: what we aim at; empty for none yet.
        alarm: the level beyond which an alarm goes; empty for none.
        by: who chose it.
    """

    measure: str
    target: float | None
    alarm: float | None
    by: str


def kpis(content: Mapping[str, Any]) -> tuple[Kpi, ...]:
    """The chosen measures of a draft."""
    return tuple(Kpi(**kept) for kept in content.get("kpis", ()))


def kpi_goal(content: Mapping[str, Any]) -> str:
    """The measure of the end goal."""
    return str(content.get("goal", DEFAULT_GOAL))


def with_kpi(content: Mapping[str, Any], kpi: Kpi) -> dict[str, Any]:
    """A draft with a measure chosen, or chosen otherwise.

    Raises:
        NotFoundError: the library does not have it.
        InputError: the alarm lies on the good side of the target.
    """
    meaning = measure_meaning(kpi.measure)
    if kpi.target is not None and kpi.alarm is not None:
        is_wrong = kpi.alarm > kpi.target if meaning.better == "up" else kpi.alarm < kpi.target
        if is_wrong:
            side = "below" if meaning.better == "up" else "above"
            raise InputError(
                message(
                    "The alarm lies on the good side of the target",
                    where=kpi.measure,
                    got=f"{kpi.alarm:g}",
                    allowed=f"a level {side} {kpi.target:g}",
                )
            )
    others = [one for one in content.get("kpis", ()) if one["measure"] != kpi.measure]
    return {**content, "kpis": [*others, asdict(kpi)]}


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
