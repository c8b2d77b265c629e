"""From rule to one Ibis expression over the tables: the customers for whom it holds.

The timeline is read once, however many windows a rule has: every measure is a conditional
aggregate of the same pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

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
    parts_of,
)
from klantreis.rules.vocabulary import COLUMNS, LISTS, MEASURES, PURPOSES, table_of

__all__ = ["TABLES_READ", "matching"]

TABLES_READ = ("portraits", "customers", "timeline", "memberships")
SUMMED = ("revenue", "sum")


def matching(rule: Rule, tables: Mapping[str, ir.Table], *, now: datetime) -> ir.Table:
    """The customers for whom a rule holds.

    Args:
        rule: as `parse` gives it.
        tables: `portraits`, `customers`, `timeline` and `memberships`.
        now: windows end here (naive UTC); later moments do not count.

    Returns:
        Column `customer_id`, one row a customer.
    """
    people = _people(rule, tables)
    measures = _measures(rule)
    if measures:
        measured = _measured(measures, tables["timeline"], now)
        people = people.left_join(measured, "customer_id").drop("customer_id_right")
    segments = sorted({part.segment for part in parts_of(rule) if isinstance(part, InSegment)})
    if segments:
        placed = _placed(segments, tables["memberships"])
        people = people.left_join(placed, "customer_id").drop("customer_id_right")
    condition = _Condition(people, measures, segments, now)
    return people.filter(condition.of(rule)).select("customer_id")


def _people(rule: Rule, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The customers with the columns that the rule asks for."""
    names = sorted(_columns(rule))
    of_portrait = [name for name in names if table_of(name) == "portraits"]
    people = tables["portraits"].select("customer_id", *of_portrait)
    more = [name for name in names if table_of(name) == "customers"]
    if more:
        others = tables["customers"].select("customer_id", *more)
        people = people.left_join(others, "customer_id").drop("customer_id_right")
    return people


def _columns(rule: Rule) -> set[str]:
    names = set()
    for part in parts_of(rule):
        match part:
            case Compare(Column(name), _, _) | Flag(Column(name)) | Within(Column(name), _):
                names.add(name)
            case Known(Column(name), _):
                names.add(name)
            case Has(kind, _):
                names.add(LISTS[kind])
            case Consent(purpose):
                names.add(PURPOSES[purpose])
    return names


def _measures(rule: Rule) -> list[Measure]:
    found: dict[Measure, None] = {}
    for part in parts_of(rule):
        if isinstance(part, Did):
            found[_times(part)] = None
        elif isinstance(part, Compare) and isinstance(part.left, Measure):
            found[part.left] = None
    return list(found)


def _times(did: Did) -> Measure:
    return Measure("count", did.event, did.via, did.window)


def _events(measure: Measure) -> tuple[str, ...]:
    return (measure.event,) if measure.event else MEASURES[measure.name]


def _measured(measures: list[Measure], timeline: ir.Table, now: datetime) -> ir.Table:
    """Each measure as a column `m0`, `m1` ... per customer."""
    moments = timeline.filter(timeline["occurred_at"] <= ibis.literal(now))
    windows = [measure.window for measure in measures]
    lengths = [window.length for window in windows if window]
    if len(lengths) == len(windows):
        moments = moments.filter(moments["occurred_at"] > ibis.literal(now - max(lengths)))
    if all(_events(measure) for measure in measures):
        events = sorted({event for measure in measures for event in _events(measure)})
        moments = moments.filter(moments["event"].isin(events))
    columns = {f"m{i}": _aggregate(measure, moments, now) for i, measure in enumerate(measures)}
    return moments.group_by("customer_id").aggregate(**columns)


def _aggregate(measure: Measure, moments: ir.Table, now: datetime) -> ir.Value:
    where: ir.BooleanValue = ibis.literal(True)
    if events := _events(measure):
        where = where & moments["event"].isin(events)
    if measure.via:
        where = where & (moments["channel"] == measure.via)
    if measure.window:
        where = where & (moments["occurred_at"] > ibis.literal(now - measure.window.length))
    if measure.name in SUMMED:
        return moments["amount"].sum(where=where).cast("float64")
    if measure.name == "visits":
        return moments["session"].nunique(where=where)
    return moments.count(where=where)


def _placed(segments: list[str], memberships: ir.Table) -> ir.Table:
    """Each segment as a column `s0`, `s1` ...: how often the customer is in it."""
    own = memberships.filter(memberships["segment"].isin(segments))
    columns = {f"s{i}": own.count(where=own["segment"] == name) for i, name in enumerate(segments)}
    return own.group_by("customer_id").aggregate(**columns)


class _Condition:
    """Makes of each part of a rule a yes or no that is never empty."""

    def __init__(
        self, people: ir.Table, measures: list[Measure], segments: list[str], now: datetime
    ) -> None:
        self.people, self.measures, self.segments, self.now = people, measures, segments, now

    def of(self, rule: Rule) -> ir.BooleanValue:
        match rule:
            case And(parts):
                return reduce(and_, map(self.of, parts))
            case Or(parts):
                return reduce(or_, map(self.of, parts))
            case Not(part):
                return ~self.of(part)
            case Compare():
                return self._compared(rule).fill_null(False)
            case Did():
                return self._measure(_times(rule)) > 0
            case Has(kind, value):
                return self.people[LISTS[kind]].contains(value).fill_null(False)
            case Consent(purpose):
                return self.people[PURPOSES[purpose]].fill_null(False)
            case InSegment(segment):
                return self.people[f"s{self.segments.index(segment)}"].fill_null(0) > 0
            case InAudience(_, part):
                return self.of(part)
            case Flag(column):
                return self.people[column.name].fill_null(False)
            case Known(column, is_known):
                value = self.people[column.name]
                return value.notnull() if is_known else value.isnull()
            case Within(column, window):
                moment = self.people[column.name]
                start = ibis.literal(self.now - window.length)
                inside = (moment > start) & (moment <= ibis.literal(self.now))
                return inside.fill_null(False)

    def _measure(self, measure: Measure) -> ir.Value:
        return self.people[f"m{self.measures.index(measure)}"].fill_null(0)

    def _compared(self, rule: Compare) -> ir.BooleanValue:
        left = self._left(rule.left)
        values = [ibis.literal(value) for value in rule.values]
        if rule.operator == "in":
            return reduce(or_, (left == value for value in values))
        right = values[0]
        return {
            "=": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[rule.operator]

    def _left(self, left: Column | Measure) -> ir.Value:
        if isinstance(left, Measure):
            return self._measure(left).cast("float64")
        value = self.people[left.name]
        return value.cast("float64") if COLUMNS[left.name] == "number" else value
