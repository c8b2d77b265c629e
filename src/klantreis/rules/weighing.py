"""What a rule reads of the timeline, for who must know beforehand whether its count takes long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from klantreis.rules.asking import Asked, asked_by, events_of
from klantreis.rules.chains import is_by_edges
from klantreis.rules.measuring import Found, found_in, latest_needed
from klantreis.rules.moments import earliest
from klantreis.rules.syntax import Chain, Measure, Rule

__all__ = ["Pass", "passes"]

# What a row takes beside one that is only counted or added up, measured with 50 million moments:
# finding what follows it; the same where something must not have come, so that nobody can be left
# out beforehand; telling visits apart that were not yet; a moment in a list, most of which are of
# customers who were decided on by their first and last times.
FOLLOWED, NOT_FOLLOWED, VISIT, LISTED = 2, 3, 5, 0.2


@dataclass(frozen=True)
class Pass:
    """One pass over a table of moments.

    Attributes:
        table: which one: the timeline, what was added up of it, or its moments in lists.
        events: the kinds of moments that are read; empty for all.
        after: only moments after this one, naive UTC; None for the whole history.
        effort: of one row, beside a moment that is only counted.
        latest: of visits: only so many of the latest of each customer; None for all.
    """

    table: Found | Literal["moment_lists"]
    events: frozenset[str]
    after: datetime | None
    effort: float
    latest: int | None = None


def passes(rule: Rule, *, now: datetime, is_added_up: bool) -> tuple[Pass, ...]:
    """Each pass over moments that finding the customers of a rule takes.

    Args:
        rule: as `parse` gives it.
        now: where windows end, naive UTC.
        is_added_up: whether there are tallies and visits that hold up to then.
    """
    asked = asked_by([rule])
    own: dict[Found, list[Measure]] = {}
    for measure in asked.measures:
        found = found_in(measure, is_done=measure in asked.done, now=now)
        own.setdefault(found if is_added_up else "timeline", []).append(measure)
    measured = [_of_measures(table, measures, asked, now) for table, measures in own.items()]
    chained = [_of_chain(chain, now, is_added_up=is_added_up) for chain in asked.chains]
    return (*measured, *(one for passed in chained for one in passed))


def _of_measures(table: Found, measures: Sequence[Measure], asked: Asked, now: datetime) -> Pass:
    kinds = [events_of(measure) for measure in measures]
    events = frozenset(event for kind in kinds for event in kind) if all(kinds) else frozenset()
    # Tallies are of the whole history, whatever the window.
    start = None if table == "tallies" else earliest((one.window for one in measures), now)
    is_telling_apart = table == "timeline" and any(one.name == "visits" for one in measures)
    latest = latest_needed(measures, asked, now) if table == "visits" else None
    return Pass(table, events, start, VISIT if is_telling_apart else 1, latest)


def _of_chain(chain: Chain, now: datetime, *, is_added_up: bool) -> tuple[Pass, ...]:
    moments = (chain.first, *(later.moments for later in chain.then))
    effort = NOT_FOLLOWED if chain.then[-1].is_absent else FOLLOWED
    events = frozenset(one.event for one in moments)
    if is_added_up and is_by_edges(chain, now):
        edges = Pass("tallies", events, None, effort)
        return edges, Pass("moment_lists", events, None, LISTED)
    return (Pass("timeline", events, earliest([chain.window], now), effort),)
