"""Measures of customers: counts, sums, visits and first and last moments, as columns.

What was added up already is read as it is: `tallies` for the whole history of an event, `visits`
for visits. Only what these cannot tell is found in the moments themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from math import floor, inf
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from klantreis.rules.asking import Asked, events_of
from klantreis.rules.moments import after, earliest, like
from klantreis.rules.syntax import Measure
from klantreis.rules.vocabulary import EDGES

__all__ = ["Found", "found_in", "latest_needed", "measured"]

SUMMED = ("revenue", "sum")
LATEST = 10  # visits by which each knows how many came later, at most
Found: TypeAlias = Literal["tallies", "visits", "timeline"]
Way: TypeAlias = Callable[[Mapping[str, Measure], ir.Table, datetime], ir.Table]


def found_in(measure: Measure, *, is_done: bool, now: datetime) -> Found:
    """The smallest table that tells a measure, when what was added up holds up to `now`.

    A visit or a first or last time tells of a window with one end: of what lies between two only
    the moments themselves tell.

    Args:
        measure: what is asked.
        is_done: whether it is asked only whether it is more than nothing.
        now: where windows end, naive UTC.
    """
    if measure.where:
        return "timeline"
    start, end = measure.window.span(now) if measure.window else (None, now)
    is_open = start is None or end >= now
    if measure.name == "visits":
        return "visits" if is_open else "timeline"
    is_whole = start is None and end >= now
    return "tallies" if is_whole or (is_done and is_open) else "timeline"


def latest_needed(measures: Iterable[Measure], asked: Asked, now: datetime) -> int | None:
    """How many of each customer's latest visits tell some measures; None for all that there are.

    Whether there were more than two since some day, the three latest tell.
    """
    needed = [
        asked.most.get(measure, inf) if _is_of_the_latest(measure, now) else inf
        for measure in measures
    ]
    return max(floor(max(needed)) + 1, 0) if max(needed) < LATEST else None


def _is_of_the_latest(measure: Measure, now: datetime) -> bool:
    return not measure.via and (measure.window is None or measure.window.span(now)[1] >= now)


def measured(asked: Asked, tables: Mapping[str, ir.Table], now: datetime) -> list[ir.Table]:
    """Each measure as a column `m0`, `m1` ... of one of some tables with one row a customer.

    A number of visits is told up to just more than what it is compared with.

    Args:
        asked: by a rule.
        tables: `timeline`; `tallies` and `visits` when these hold up to `now`.
        now: naive UTC; later moments do not count.
    """
    own: dict[Found, dict[str, Measure]] = {}
    for place, measure in enumerate(asked.measures):
        found = found_in(measure, is_done=measure in asked.done, now=now)
        source: Found = found if found in tables else "timeline"
        own.setdefault(source, {})[f"m{place}"] = measure
    ways: Mapping[Found, Way] = {
        "tallies": _tallied,
        "visits": partial(_visited, asked=asked),
        "timeline": _counted,
    }
    return [ways[source](columns, tables[source], now) for source, columns in own.items()]


def _counted(measures: Mapping[str, Measure], timeline: ir.Table, now: datetime) -> ir.Table:
    moments = timeline.filter(timeline["occurred_at"] <= ibis.literal(now))
    moments = after(moments, earliest((measure.window for measure in measures.values()), now))
    moments = _of_events(measures, moments)
    columns = {name: _aggregate(measure, moments, now) for name, measure in measures.items()}
    return moments.group_by("customer_id").aggregate(**columns)


def _aggregate(measure: Measure, moments: ir.Table, now: datetime) -> ir.Value:
    where = like(moments, events_of(measure), measure.via, measure.where)
    if measure.window:
        start, end = measure.window.span(now)
        if start is not None:
            where = where & (moments["occurred_at"] > ibis.literal(start))
        if end < now:
            where = where & (moments["occurred_at"] <= ibis.literal(end))
    if measure.name in EDGES:
        at = moments["occurred_at"]
        return at.min(where=where) if measure.name == "first" else at.max(where=where)
    if measure.name in SUMMED:
        return moments["amount"].sum(where=where).cast("float64")
    if measure.name == "visits":
        return moments["session"].nunique(where=where)
    return moments.count(where=where)


def _tallied(measures: Mapping[str, Measure], tallies: ir.Table, now: datetime) -> ir.Table:
    rows = _of_events(measures, tallies)
    columns = {name: _of_tallies(measure, rows, now) for name, measure in measures.items()}
    return rows.group_by("customer_id").aggregate(**columns)


def _of_tallies(measure: Measure, rows: ir.Table, now: datetime) -> ir.Value:
    where = like(rows, events_of(measure), measure.via, ())
    if measure.name == "first":
        return rows["first_at"].min(where=where)
    if measure.name == "last":
        return rows["last_at"].max(where=where)
    start, end = measure.window.span(now) if measure.window else (None, now)
    if start is not None:
        return rows.count(where=where & (rows["last_at"] > ibis.literal(start)))
    if end < now:
        return rows.count(where=where & (rows["first_at"] <= ibis.literal(end)))
    if measure.name in SUMMED:
        return rows["amount"].sum(where=where).cast("float64")
    return rows["times"].sum(where=where)


def _visited(
    measures: Mapping[str, Measure], visits: ir.Table, now: datetime, asked: Asked
) -> ir.Table:
    start = earliest((measure.window for measure in measures.values()), now)
    rows = visits if start is None else visits.filter(visits["ended_at"] > ibis.literal(start))
    needed = latest_needed(measures.values(), asked, now)
    if needed is not None:
        rows = rows.filter(rows["later"] < needed)
    columns = {name: _of_visits(measure, rows, now) for name, measure in measures.items()}
    return rows.group_by("customer_id").aggregate(**columns)


def _of_visits(measure: Measure, rows: ir.Table, now: datetime) -> ir.Value:
    start, end = measure.window.span(now) if measure.window else (None, now)
    is_told = rows["opens"] == 1 if end < now else rows["closes"] == 1
    where = rows["channel"] == measure.via if measure.via else is_told
    if start is not None:
        where = where & (rows["ended_at"] > ibis.literal(start))
    elif end < now:
        where = where & (rows["began_at"] <= ibis.literal(end))
    return rows.count(where=where)


def _of_events(measures: Mapping[str, Measure], rows: ir.Table) -> ir.Table:
    """Only rows of events that are asked for; all when one measure is about all."""
    asked = [events_of(measure) for measure in measures.values()]
    if not all(asked):
        return rows
    return rows.filter(rows["event"].isin(sorted({event for events in asked for event in events})))
