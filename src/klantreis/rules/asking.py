"""What rules ask of the tables: columns, measures, chains and groups, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from klantreis.rules.syntax import (
    Chain,
    Column,
    Compare,
    Consent,
    Did,
    Flag,
    Has,
    InPhase,
    InSegment,
    Known,
    Measure,
    OfPersona,
    Rule,
    Within,
    parts_of,
)
from klantreis.rules.vocabulary import LISTS, MEASURES, PERMISSIONS, PURPOSES

__all__ = ["Asked", "asked_by", "events_of", "times"]

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What some rules ask, in the order in which they ask it.

    Attributes:
        done: the measures of which they only ask whether they are more than nothing.
        most: the largest number that each measure is compared with.
    """

    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    done: frozenset[Measure]
    most: Mapping[Measure, float]
    chains: tuple[Chain, ...]
    segments: tuple[str, ...]
    personas: tuple[str, ...]
    phases: tuple[str, ...]
    permissions: tuple[str, ...]


def asked_by(rules: Iterable[Rule]) -> Asked:
    """Everything that rules ask, saved audiences in them too."""
    parts = [part for rule in rules for part in parts_of(rule)]
    return Asked(
        columns=_once(name for part in parts for name in _columns(part)),
        measures=_once(measure for part in parts for measure in _measures(part)),
        done=_done(parts),
        most=_most(parts),
        chains=_once(part for part in parts if isinstance(part, Chain)),
        segments=_once(part.segment for part in parts if isinstance(part, InSegment)),
        personas=_once(part.persona for part in parts if isinstance(part, OfPersona)),
        phases=_once(part.phase for part in parts if isinstance(part, InPhase)),
        permissions=_once(
            PERMISSIONS[part.purpose]
            for part in parts
            if isinstance(part, Consent) and part.purpose in PERMISSIONS
        ),
    )


def times(did: Did) -> Measure:
    """How often something was done."""
    return Measure("count", did.event, did.via, did.window, did.where)


def events_of(measure: Measure) -> tuple[str, ...]:
    """The events that a measure is about; none for all."""
    return (measure.event,) if measure.event else MEASURES[measure.name]


def _columns(part: Rule) -> tuple[str, ...]:
    match part:
        case Compare(Column(name), _, _) | Flag(Column(name)):
            return (name,)
        case Known(Column(name), _) | Within(Column(name), _):
            return (name,)
        case Has(kind, _):
            return (LISTS[kind],)
        case Consent(purpose) if purpose in PURPOSES:
            return (PURPOSES[purpose],)
        case _:
            return ()


def _measures(part: Rule) -> tuple[Measure, ...]:
    match part:
        case Did():
            return (times(part),)
        case Compare(Measure() as measure, _, _):
            return (measure,)
        case Known(Measure() as measure, _) | Within(Measure() as measure, _):
            return (measure,)
        case _:
            return ()


def _done(parts: Sequence[Rule]) -> frozenset[Measure]:
    valued = {measure for part in parts if not isinstance(part, Did) for measure in _measures(part)}
    return frozenset(times(part) for part in parts if isinstance(part, Did)) - valued


def _most(parts: Sequence[Rule]) -> Mapping[Measure, float]:
    most: dict[Measure, float] = {}
    for part in parts:
        match part:
            case Compare(Measure() as measure, _, values):
                numbers = [value for value in values if isinstance(value, float)]
                most[measure] = max([most.get(measure, -inf), *(numbers or [inf])])
    return most


def _once(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))
