"""A rule on one customer's live facts, in plain Python: the same meaning as the compiled one."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from klantreis.rules.asking import times
from klantreis.rules.syntax import (
    And,
    Chain,
    Column,
    Compare,
    Consent,
    Did,
    Flag,
    Has,
    InAudience,
    InPhase,
    InSegment,
    Known,
    Later,
    Measure,
    Moments,
    Not,
    OfPersona,
    Or,
    Period,
    Rule,
    Where,
    Within,
)
from klantreis.rules.vocabulary import (
    COLUMNS,
    EDGES,
    FIELDS,
    LISTS,
    MEASURES,
    PERMISSIONS,
    PURPOSES,
)

__all__ = ["Facts", "Moment", "holds"]

COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Moment:
    """Something that happened to the customer; as a row of `timeline`."""

    occurred_at: datetime
    event: str
    channel: str = "web"
    session: int = 0
    amount: Decimal | None = None
    product_id: str | None = None
    order_id: str | None = None
    score: float | None = None
    page: str | None = None
    campaign: str | None = None
    store_id: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one customer.

    Attributes:
        values: columns of `vocabulary.TABLES_OF_COLUMNS` by name.
        moments: the timeline, in any order.
        segments: segments that the customer is in.
        personas: personas that the customer belongs to.
        phases: in which the customer's open journey is, of every phase model.
        permissions: purposes other than mail that the customer allows, as in `consents`.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    moments: tuple[Moment, ...] = ()
    segments: frozenset[str] = frozenset()
    personas: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()


def holds(rule: Rule, facts: Facts, *, now: datetime) -> bool:
    """Whether a rule holds for one customer; the same answer as `matching` gives for tables.

    Args:
        rule: as `parse` gives it.
        facts: what is known of the customer; what the rule speaks of and is not there is empty.
        now: windows end here (naive UTC); later moments do not count.
    """
    match rule:
        case And(parts):
            return all(holds(part, facts, now=now) for part in parts)
        case Or(parts):
            return any(holds(part, facts, now=now) for part in parts)
        case Not(part):
            return not holds(part, facts, now=now)
        case InAudience(_, part):
            return holds(part, facts, now=now)
        case Compare(left, sign, values):
            return _compared(_left(left, facts, now), sign, values)
        case Did():
            return _measured(times(rule), facts, now) > 0
        case Chain(first, window, then):
            starts = {at for at in _instants(first, facts, now) if _is_in(window, at, now)}
            return _is_followed(starts, then, facts, now)
        case Has(kind, value):
            return value in (facts.values.get(LISTS[kind]) or ())
        case Consent(purpose) if purpose in PURPOSES:
            return bool(facts.values.get(PURPOSES[purpose]))
        case Consent(purpose):
            return PERMISSIONS[purpose] in facts.permissions
        case InSegment(segment):
            return segment in facts.segments
        case OfPersona(persona):
            return persona in facts.personas
        case InPhase(phase):
            return phase in facts.phases
        case Flag(column):
            return bool(facts.values.get(column.name))
        case Known(column, is_known):
            return (_left(column, facts, now) is not None) == is_known
        case Within(column, window):
            at = _left(column, facts, now)
            return at is not None and _is_in(window, at, now)


def _compared(left: Any, sign: str, values: tuple[Any, ...]) -> bool:
    if left is None:
        return False
    if sign == "in":
        return left in values
    return values[0] in left if sign == "contains" else COMPARED[sign](left, values[0])


def _left(left: Column | Measure, facts: Facts, now: datetime) -> Any:
    if isinstance(left, Measure):
        return _edge(left, facts, now) if left.name in EDGES else _measured(left, facts, now)
    value = facts.values.get(left.name)
    return float(value) if value is not None and COLUMNS[left.name] == "number" else value


def _is_in(window: Period | None, at: datetime, now: datetime) -> bool:
    start, end = window.span(now) if window else (None, now)
    return (start is None or start < at) and at <= end


def _is_like(moment: Moment, moments: Moments) -> bool:
    return (
        moment.event == moments.event
        and moments.via in ("", moment.channel)
        and all(_is_so(moment, one) for one in moments.where)
    )


def _is_so(moment: Moment, asked: Where) -> bool:
    value = getattr(moment, asked.field)
    if value is not None and FIELDS[asked.field] == "number":
        value = float(value)
    return _compared(value, asked.operator, asked.values)


def _edge(measure: Measure, facts: Facts, now: datetime) -> datetime | None:
    found = _instants(Moments(measure.event, measure.via, measure.where), facts, now)
    if not found:
        return None
    return min(found) if measure.name == "first" else max(found)


def _instants(moments: Moments, facts: Facts, now: datetime) -> set[datetime]:
    return {
        moment.occurred_at
        for moment in facts.moments
        if moment.occurred_at <= now and _is_like(moment, moments)
    }


def _is_followed(
    reached: set[datetime], then: tuple[Later, ...], facts: Facts, now: datetime
) -> bool:
    """Whether any of the moments that a chain has reached goes on to its end."""
    for later in then:
        found = _instants(later.moments, facts, now)
        length = later.within.length if later.within else None
        if later.is_absent:
            over = {at for at in reached if length is None or at + length <= now}
            return any(not _following(at, found, length) for at in over)
        reached = {at for start in reached for at in _following(start, found, length)}
    return bool(reached)


def _following(start: datetime, found: set[datetime], length: timedelta | None) -> set[datetime]:
    return {at for at in found if start < at and (length is None or at - start <= length)}


def _measured(measure: Measure, facts: Facts, now: datetime) -> float:
    events = (measure.event,) if measure.event else MEASURES[measure.name]
    moments = [
        moment
        for moment in facts.moments
        if _is_in(measure.window, moment.occurred_at, now)
        and (not events or moment.event in events)
        and measure.via in ("", moment.channel)
        and all(_is_so(moment, one) for one in measure.where)
    ]
    if measure.name in ("revenue", "sum"):
        return float(sum((moment.amount or Decimal(0) for moment in moments), Decimal(0)))
    if measure.name == "visits":
        return float(len({moment.session for moment in moments}))
    return float(len(moments))
