"""What a rule reads of the timeline, for who must know beforehand whether its count takes long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.rules.asking import asked_by, events_of
from klantreis.rules.moments import earliest
from klantreis.rules.syntax import Rule

__all__ = ["Pass", "passes"]

# What a moment takes beside one that is only counted or added up, measured with 50 million
# moments: telling visits apart; putting moments in order; the same where something must not have
# come, so that nobody can be left out beforehand.
VISIT, IN_ORDER, ABSENT = 5, 5, 13


@dataclass(frozen=True)
class Pass:
    """One pass over the timeline.

    Attributes:
        events: the kinds of moments that are read; empty for all.
        after: only moments after this one, naive UTC; None for the whole history.
        effort: of one moment, beside one that is only counted.
    """

    events: frozenset[str]
    after: datetime | None
    effort: int


def passes(rule: Rule, *, now: datetime) -> tuple[Pass, ...]:
    """Each pass over the timeline that finding the customers of a rule takes.

    Args:
        rule: as `parse` gives it.
        now: where windows end, naive UTC.
    """
    asked = asked_by([rule])
    found = []
    if asked.measures:
        kinds = [events_of(measure) for measure in asked.measures]
        events = frozenset(event for kind in kinds for event in kind) if all(kinds) else frozenset()
        effort = VISIT if any(one.name == "visits" for one in asked.measures) else 1
        found.append(Pass(events, earliest((one.window for one in asked.measures), now), effort))
    if asked.chains:
        moments = [
            part
            for one in asked.chains
            for part in (one.first, *(later.moments for later in one.then))
        ]
        start = earliest((one.window for one in asked.chains), now)
        effort = ABSENT if any(one.then[-1].is_absent for one in asked.chains) else IN_ORDER
        found.append(Pass(frozenset(one.event for one in moments), start, effort))
    return tuple(found)
