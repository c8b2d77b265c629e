"""A rule on one customer's live facts, in plain Python: the same meaning as the compiled one."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from klantreis.rules.syntax import (
    And,
    Column,
    Compare,
    Consent,
    Did,
    Flag,
    Has,
    InAudience,
    InSegment,
    Known,
    Measure,
    Not,
    Or,
    Rule,
    Within,
)
from klantreis.rules.vocabulary import COLUMNS, LISTS, MEASURES, PURPOSES

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


@dataclass(frozen=True)
class Facts:
    """What is known of one customer.

    Attributes:
        values: columns of `portraits` and `customers` by name.
        moments: the timeline, in any order.
        segments: segments that the customer is in.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    moments: tuple[Moment, ...] = ()
    segments: frozenset[str] = frozenset()


def holds(rule: Rule, facts: Facts, *, now: datetime) -> bool:
    """Whether a rule holds for a customer at a moment (naive UTC)."""
    match rule:
        case And(parts):
            return all(holds(part, facts, now=now) for part in parts)
        case Or(parts):
            return any(holds(part, facts, now=now) for part in parts)
        case Not(part):
            return not holds(part, facts, now=now)
        case Compare(left, sign, values):
            return _compared(_left(left, facts, now), sign, values)
        case Did(event, via, window):
            return _measured(Measure("count", event, via, window), facts, now) > 0
        case Has(kind, value):
            return value in (facts.values.get(LISTS[kind]) or ())
        case Consent(purpose):
            return bool(facts.values.get(PURPOSES[purpose]))
        case InSegment(segment):
            return segment in facts.segments
        case InAudience(_, part):
            return holds(part, facts, now=now)
        case Flag(column):
            return bool(facts.values.get(column.name))
        case Known(column, is_known):
            return (facts.values.get(column.name) is not None) == is_known
        case Within(column, window):
            at = facts.values.get(column.name)
            return at is not None and now - window.length < at <= now


def _compared(left: Any, sign: str, values: tuple[Any, ...]) -> bool:
    if left is None:
        return False
    return left in values if sign == "in" else COMPARED[sign](left, values[0])


def _left(left: Column | Measure, facts: Facts, now: datetime) -> Any:
    if isinstance(left, Measure):
        return _measured(left, facts, now)
    value = facts.values.get(left.name)
    return float(value) if value is not None and COLUMNS[left.name] == "number" else value


def _measured(measure: Measure, facts: Facts, now: datetime) -> float:
    events = (measure.event,) if measure.event else MEASURES[measure.name]
    start = now - measure.window.length if measure.window else datetime.min
    moments = [
        moment
        for moment in facts.moments
        if start < moment.occurred_at <= now
        and (not events or moment.event in events)
        and measure.via in ("", moment.channel)
    ]
    if measure.name in ("revenue", "sum"):
        return float(sum((moment.amount or Decimal(0) for moment in moments), Decimal(0)))
    if measure.name == "visits":
        return float(len({moment.session for moment in moments}))
    return float(len(moments))
