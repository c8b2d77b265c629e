"""Where to improve first: moments ranked by what is lost there, the least positive weighing most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Opportunity", "opportunities"]

ENOUGH = 30  # moments from which a mean is sure
ASSUMED = 0.5  # confidence in what nobody measured or asked
EFFORT = 3  # of 1 to 5, until someone judges it


@dataclass(frozen=True)
class Opportunity:
    """A moment that could go better, with every part of its rank.

    Attributes:
        key: `<phase>:<channel>.<event>`.
        phase, channel, event: which moment.
        emotion: mean, -2 to +2.
        n: moments that it rests on.
        evidence: `measured`, `asked` or `assumed`.
        value_at_risk: of the phase, EUR.
        reach: part of the journeys in the phase that met the moment, 0 to 1.
        severity: 0 for very positive to 1 for very negative.
        confidence: 0 to 1: less for few moments, half for what is assumed.
        effort: 1 to 5.
        is_judged: whether someone judged the effort; otherwise it is assumed in the middle.
        score: value at risk x reach x severity x confidence against effort, EUR.
    """

    key: str
    phase: str
    channel: str
    event: str
    emotion: float
    n: int
    evidence: str
    value_at_risk: float
    reach: float
    severity: float
    confidence: float
    effort: int
    is_judged: bool
    score: float


def opportunities(
    emotions: Iterable[Mapping[str, Any]],
    touchpoints: Iterable[Mapping[str, Any]],
    drop_offs: Iterable[Mapping[str, Any]],
    efforts: Mapping[str, int],
) -> tuple[Opportunity, ...]:
    """Rank the moments at which something was felt; those that score alike by emotion.

    Args:
        emotions: rows of `phase`, `channel`, `event`, `evidence`, `n` and `mean`.
        touchpoints: rows of `phase`, `channel`, `event` and `journeys`.
        drop_offs: rows of `phase`, `reached` and `value_at_risk_amount`.
        efforts: judged effort by key, 1 to 5.
    """
    stops = {row["phase"]: row for row in drop_offs}
    met = {(row["phase"], row["channel"], row["event"]): row["journeys"] for row in touchpoints}
    found = [
        _opportunity(row, stops[row["phase"]], met, efforts)
        for row in emotions
        if row["phase"] in stops
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.emotion, one.key, one.evidence)))


def _opportunity(
    row: Mapping[str, Any],
    stop: Mapping[str, Any],
    met: Mapping[tuple[str, str, str], int],
    efforts: Mapping[str, int],
) -> Opportunity:
    phase, channel, event = row["phase"], row["channel"], row["event"]
    key = f"{phase}:{channel}.{event}"
    # What is no step of a journey itself (a survey) was met as often as it was answered.
    passed = met.get((phase, channel, event), row["n"])
    reach = min(1.0, passed / stop["reached"]) if stop["reached"] else 0.0
    severity = (2 - row["mean"]) / 4
    sure = min(1.0, row["n"] / ENOUGH)
    confidence = sure * (ASSUMED if row["evidence"] == "assumed" else 1.0)
    effort = efforts.get(key, EFFORT)
    value = float(stop["value_at_risk_amount"])
    return Opportunity(
        key=key,
        phase=phase,
        channel=channel,
        event=event,
        emotion=row["mean"],
        n=row["n"],
        evidence=row["evidence"],
        value_at_risk=value,
        reach=reach,
        severity=severity,
        confidence=confidence,
        effort=effort,
        is_judged=key in efforts,
        score=value * reach * severity * confidence / effort,
    )
