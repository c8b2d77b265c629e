"""What a rule is made of: a small tree of frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias

__all__ = [
    "Ago",
    "And",
    "Chain",
    "Column",
    "Compare",
    "Consent",
    "Dates",
    "Did",
    "Flag",
    "Has",
    "InAudience",
    "InPhase",
    "InSegment",
    "Known",
    "Later",
    "Measure",
    "Moments",
    "Not",
    "OfPersona",
    "Operator",
    "Or",
    "Period",
    "Rule",
    "Unit",
    "Value",
    "Where",
    "Window",
    "Within",
    "parts_of",
]

Unit: TypeAlias = Literal["hours", "days", "weeks"]
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in", "contains"]
Value: TypeAlias = float | str | datetime | date


@dataclass(frozen=True)
class Window:
    """The last so many hours, days or weeks before the moment of asking."""

    amount: int
    unit: Unit

    @property
    def length(self) -> timedelta:
        return timedelta(**{self.unit: self.amount})

    def span(self, now: datetime) -> tuple[datetime | None, datetime]:
        """After which moment, and until which (that one included)."""
        return now - self.length, now


@dataclass(frozen=True)
class Ago:
    """From so long ago until so long ago.

    Attributes:
        start: none for the whole history before the end.
    """

    start: int | None
    end: int
    unit: Unit

    def span(self, now: datetime) -> tuple[datetime | None, datetime]:
        """After which moment, and until which (that one included)."""
        after = None if self.start is None else now - timedelta(**{self.unit: self.start})
        return after, now - timedelta(**{self.unit: self.end})


@dataclass(frozen=True)
class Dates:
    """Whole days (UTC), the first and the last included; none where it is open."""

    first: date | None
    last: date | None

    def span(self, now: datetime) -> tuple[datetime | None, datetime]:
        """After which moment, and until which (that one included); moments count microseconds."""
        tick = timedelta(microseconds=1)
        after = datetime.combine(self.first, time()) - tick if self.first else None
        if self.last is None:
            return after, now
        return after, min(now, datetime.combine(self.last, time()) + timedelta(days=1) - tick)


Period: TypeAlias = Window | Ago | Dates


@dataclass(frozen=True)
class Column:
    """A column of one of `vocabulary.TABLES_OF_COLUMNS`."""

    name: str


@dataclass(frozen=True)
class Where:
    """What a moment itself must be like: a field of `timeline` against one value or several."""

    field: str
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Measure:
    """A count or sum over the timeline, or the first or last moment of one kind of event.

    Attributes:
        name: a measure of `vocabulary.MEASURES`, or one of `vocabulary.COUNTED` or
            `vocabulary.EDGES` of one kind of event.
        event: the event, for those of one kind, else empty.
        via: only moments in this channel; empty for all.
        window: when; none for the whole history.
        where: only moments for which all of these hold.
    """

    name: str
    event: str = ""
    via: str = ""
    window: Period | None = None
    where: tuple[Where, ...] = ()


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
    window: Period | None = None
    where: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Moments:
    """One kind of moments in a chain."""

    event: str
    via: str = ""
    where: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Later:
    """What comes after the moment before it in a chain.

    Attributes:
        within: how long after that moment at most; none for any time.
        is_absent: whether it must not come. With `within`, that time must be over.
    """

    moments: Moments
    within: Window | None = None
    is_absent: bool = False


@dataclass(frozen=True)
class Chain:
    """Whether one thing happened after another, at later moments.

    Attributes:
        window: when the first was; the others may come after the window.
        then: one or more; only the last may be absent.
    """

    first: Moments
    window: Period | None
    then: tuple[Later, ...]


@dataclass(frozen=True)
class Has:
    """Whether a channel, source, category or brand is among those of the customer."""

    kind: Literal["channel", "source", "category", "brand"]
    value: str


@dataclass(frozen=True)
class Consent:
    """Whether the customer may be sent messages this way, or allows this use of what is known."""

    purpose: str


@dataclass(frozen=True)
class InSegment:
    """Whether the customer is in a segment of any division."""

    segment: str


@dataclass(frozen=True)
class OfPersona:
    """Whether the customer belongs to a persona."""

    persona: str


@dataclass(frozen=True)
class InPhase:
    """Whether the customer's open journey is in a phase, of any phase model."""

    phase: str


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
    """Whether a column has a value, or whether there is a first or last moment."""

    column: Column | Measure
    is_known: bool = True


@dataclass(frozen=True)
class Within:
    """Whether a moment lies in the window."""

    column: Column | Measure
    window: Period


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
    And
    | Or
    | Not
    | Compare
    | Did
    | Chain
    | Has
    | Consent
    | InSegment
    | OfPersona
    | InPhase
    | InAudience
    | Flag
    | Known
    | Within
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
