"""From rule to text: `text_of(parse(text))` says the same as `text`, and `parse(text_of(rule)) == rule`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from klantreis.rules.syntax import (
    Ago,
    And,
    Chain,
    Column,
    Compare,
    Consent,
    Dates,
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
    Value,
    Where,
    Window,
    Within,
)

__all__ = ["quoted", "text_of"]


def text_of(rule: Rule) -> str:
    """A rule as text; `parse` reads it back as the same rule.

    >>> text_of(And((Has("channel", "store"), Not(Consent("email")))))
    "channel('store') and not consent('email')"
    """
    match rule:
        case And(parts):
            return " and ".join(_enclosed(part) for part in parts)
        case Or(parts):
            return " or ".join(
                text_of(part) if isinstance(part, And) else _enclosed(part) for part in parts
            )
        case Not(part):
            return f"not {_enclosed(part)}"
        case Compare(left, operator, values):
            return f"{_left(left)} {_compared(operator, values)}"
        case Did(event, via, window, where):
            return f"did {_moments(Moments(event, via, where))}{_period(window)}"
        case Chain(first, window, then):
            followed = "".join(map(_later, then))
            return f"did {_moments(first)}{_period(window)}{followed}"
        case Has(kind, value):
            return f"{kind}({quoted(value)})"
        case Consent(purpose):
            return f"consent({quoted(purpose)})"
        case InSegment(segment):
            return f"segment({quoted(segment)})"
        case OfPersona(persona):
            return f"persona({quoted(persona)})"
        case InPhase(phase):
            return f"phase({quoted(phase)})"
        case InAudience(name, _):
            return f"in_audience({quoted(name)})"
        case Flag(column):
            return column.name
        case Known(column, is_known):
            return f"{_left(column)} is {'known' if is_known else 'unknown'}"
        case Within(column, window):
            return f"{_left(column)}{_period(window)}"


def _enclosed(rule: Rule) -> str:
    return f"({text_of(rule)})" if isinstance(rule, And | Or) else text_of(rule)


def _left(left: Column | Measure) -> str:
    if isinstance(left, Column):
        return left.name
    event = f"({quoted(left.event)})" if left.event else ""
    return f"{left.name}{event}{_limits(left.via, left.where)}{_period(left.window)}"


def _moments(moments: Moments) -> str:
    return f"{quoted(moments.event)}{_limits(moments.via, moments.where)}"


def _later(later: Later) -> str:
    absent = "not " if later.is_absent else ""
    within = f" within {later.within.amount} {later.within.unit}" if later.within else ""
    return f" then {absent}{_moments(later.moments)}{within}"


def _limits(via: str, where: Sequence[Where]) -> str:
    channel = f" via {quoted(via)}" if via else ""
    asked = " and ".join(f"{one.field} {_compared(one.operator, one.values)}" for one in where)
    if not asked:
        return channel
    return f"{channel} where ({asked})" if len(where) > 1 else f"{channel} where {asked}"


def _period(period: Period | None) -> str:
    match period:
        case Window(amount, unit):
            return f" in last {amount} {unit}"
        case Ago(None, end, unit):
            return f" until {end} {unit} ago"
        case Ago(start, end, unit):
            return f" from {start} to {end} {unit} ago"
        case Dates(None, date() as last):
            return f" until {_value(last)}"
        case Dates(date() as first, None):
            return f" from {_value(first)}"
        case Dates(date() as first, date() as last):
            return f" from {_value(first)} to {_value(last)}"
        case _:
            return ""


def _compared(operator: str, values: Sequence[Value]) -> str:
    if operator == "in":
        return f"in ({', '.join(map(_value, values))})"
    return f"{operator} {_value(values[0])}"


def _value(value: Value) -> str:
    if isinstance(value, datetime):
        return quoted(value.date().isoformat())
    if isinstance(value, date):
        return quoted(value.isoformat())
    if isinstance(value, str):
        return quoted(value)
    return format(Decimal(repr(value)).normalize(), "f")


def quoted(text: str) -> str:
    """A text as it is written in a rule."""
    return "'" + text.replace("'", "''") + "'"
