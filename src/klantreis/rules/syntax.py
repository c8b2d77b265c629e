"""What a rule is made of: a small tree of frozen dataclasses, and its text.

`text_of(parse(text))` says the same as `text`, and `parse(text_of(rule)) == rule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

__all__ = [
    "And",
    "Column",
    "Compare",
    "Consent",
    "Did",
    "Flag",
    "Has",
    "InAudience",
    "InSegment",
    "Known",
    "Measure",
    "Not",
    "Or",
    "Rule",
    "Value",
    "Window",
    "Within",
    "parts_of",
    "text_of",
]

Unit: TypeAlias = Literal["hours", "days", "weeks"]
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in"]
Value: TypeAlias = float | str | datetime | date


@dataclass(frozen=True)
class Window:
    """The last so many hours, days or weeks before the moment of asking."""

    amount: int
    unit: Unit

    @property
    def length(self) -> timedelta:
        return timedelta(**{self.unit: self.amount})


@dataclass(frozen=True)
class Column:
    """A column of `portraits` or `customers`."""

    name: str


@dataclass(frozen=True)
class Measure:
    """A count or sum over the timeline.

    Attributes:
        name: a measure of `vocabulary.MEASURES`, or `count` or `sum` of one kind of event.
        event: the event for `count` and `sum`, else empty.
        via: only moments in this channel; empty for all.
        window: how long ago at most; none for the whole history.
    """

    name: str
    event: str = ""
    via: str = ""
    window: Window | None = None


@dataclass(frozen=True)
class Compare:
    """A column or measure against one value, or for `in` against several.

    Who has no value in the column fails every comparison, `!=` too.
    """

    left: Column | Measure
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Did:
    """Whether something happened at least once."""

    event: str
    via: str = ""
    window: Window | None = None


@dataclass(frozen=True)
class Has:
    """Whether a channel, source or category is among those of the customer."""

    kind: Literal["channel", "source", "category"]
    value: str


@dataclass(frozen=True)
class Consent:
    """Whether the customer may be sent messages this way."""

    purpose: str


@dataclass(frozen=True)
class InSegment:
    """Whether the customer is in a segment of any division."""

    segment: str


@dataclass(frozen=True)
class InAudience:
    """Whether the customer is in a saved audience: whether its rule, as it is now, holds."""

    name: str
    rule: Rule


@dataclass(frozen=True)
class Flag:
    """A column that is itself yes or no."""

    column: Column


@dataclass(frozen=True)
class Known:
    """Whether a column has a value."""

    column: Column
    is_known: bool = True


@dataclass(frozen=True)
class Within:
    """Whether a moment lies in the window."""

    column: Column
    window: Window


@dataclass(frozen=True)
class Not:
    """The opposite."""

    part: Rule


@dataclass(frozen=True)
class And:
    """All of two or more."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Or:
    """At least one of two or more."""

    parts: tuple[Rule, ...]


Rule: TypeAlias = (
    And | Or | Not | Compare | Did | Has | Consent | InSegment | InAudience | Flag | Known | Within
)


def parts_of(rule: Rule) -> Iterator[Rule]:
    """The rule itself and everything in it, saved audiences too."""
    yield rule
    match rule:
        case And(parts) | Or(parts):
            inside: tuple[Rule, ...] = parts
        case Not(part) | InAudience(_, part):
            inside = (part,)
        case _:
            inside = ()
    for one in inside:
        yield from parts_of(one)


def text_of(rule: Rule) -> str:
    """A rule as text.

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
        case Compare(left, "in", values):
            return f"{_left(left)} in ({', '.join(map(_value, values))})"
        case Compare(left, operator, values):
            return f"{_left(left)} {operator} {_value(values[0])}"
        case Did(event, via, window):
            return f"did {_quoted(event)}{_limits(via, window)}"
        case Has(kind, value):
            return f"{kind}({_quoted(value)})"
        case Consent(purpose):
            return f"consent({_quoted(purpose)})"
        case InSegment(segment):
            return f"segment({_quoted(segment)})"
        case InAudience(name, _):
            return f"in_audience({_quoted(name)})"
        case Flag(column):
            return column.name
        case Known(column, is_known):
            return f"{column.name} is {'known' if is_known else 'unknown'}"
        case Within(column, window):
            return f"{column.name}{_limits('', window)}"


def _enclosed(rule: Rule) -> str:
    return f"({text_of(rule)})" if isinstance(rule, And | Or) else text_of(rule)


def _left(left: Column | Measure) -> str:
    if isinstance(left, Column):
        return left.name
    event = f"({_quoted(left.event)})" if left.event else ""
    return f"{left.name}{event}{_limits(left.via, left.window)}"


def _limits(via: str, window: Window | None) -> str:
    text = f" via {_quoted(via)}" if via else ""
    return f"{text} in last {window.amount} {window.unit}" if window else text


def _value(value: Value) -> str:
    if isinstance(value, datetime):
        return _quoted(value.date().isoformat())
    if isinstance(value, date):
        return _quoted(value.isoformat())
    if isinstance(value, str):
        return _quoted(value)
    return format(Decimal(repr(value)).normalize(), "f")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
