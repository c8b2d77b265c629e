"""What a rule reads of the timeline, for who must know beforehand whether its count takes long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from klantreis.rules.asking import asked_by, events_of
from klantreis.rules.measuring import Found, found_in
from klantreis.rules.moments import earliest
from klantreis.rules.syntax import Chain, Measure, Rule

__all__ = ["Pass", "passes"]

# What a moment takes beside one that is only counted or added up, measured with 50 million
# moments: finding what follows it; the same where something must not have come, so that nobody can
# be left out beforehand; telling visits apart that were not yet.
FOLLOWED, NOT_FOLLOWED, VISIT = 2, 3, 5


@dataclass(frozen=True)
class Pass:
    """One pass over a table of moments.

    Attributes:
        table: which one: the timeline, or what was added up of it.
        events: the kinds of moments that are read; empty for all.
        after: only moments after this one, naive UTC; None for the whole history.
        effort: of one row, beside a moment that is only counted.
    """

    table: Found
    events: frozenset[str]
    after: datetime | None
    effort: int


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
    measured = [_of_measures(table, measures, now) for table, measures in own.items()]
    return (*measured, *(_of_chain(chain, now) for chain in asked.chains))


def _of_measures(table: Found, measures: Sequence[Measure], now: datetime) -> Pass:
    kinds = [events_of(measure) for measure in measures]
    events = frozenset(event for kind in kinds for event in kind) if all(kinds) else frozenset()
    # Tallies are of the whole history, whatever the window.
    start = None if table == "tallies" else earliest((one.window for one in measures), now)
    is_telling_apart = table == "timeline" and any(one.name == "visits" for one in measures)
    return Pass(table, events, start, VISIT if is_telling_apart else 1)


def _of_chain(chain: Chain, now: datetime) -> Pass:
    moments = (chain.first, *(later.moments for later in chain.then))
    effort = NOT_FOLLOWED if chain.then[-1].is_absent else FOLLOWED
    events = frozenset(one.event for one in moments)
    return Pass("timeline", events, earliest([chain.window], now), effort)
