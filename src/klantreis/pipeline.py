"""The map of the product: every step, in the order in which data flows. Read this first.

A step is a function from tables to one table. It is named after the table that it makes; its
parameters are named after the tables that it reads, so the arrows of the map are in the
signatures: `rfm(portraits, ...)` reads `portraits` and makes `rfm`. The runner hands them over.

Some prefixes ask for what was before: `previous_links` is `links` as last published. `kept_matches`
is the same for a step that need not make everything anew: it is empty unless the step itself was
made then by the same code under the same settings. What it read has changed since in the rows with
the keys `changed_person_profiles`; or, where the rows themselves are asked for, `came_events` are
those that are new or say something else, and `gone_events` the keys of those that hold no longer.
It held up to `kept_as_of`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import ibis.expr.types as ir

from klantreis import (
    campaigns,
    identity,
    journeys,
    patterns,
    personas,
    portraits,
    research,
    segments,
    value,
)
from klantreis.tables import TABLES, Renewal

__all__ = ["CHANGED", "STEPS", "Step", "steps_between"]

CHANGED = ("changed_", "came_", "gone_")


@dataclass(frozen=True)
class Step:
    """One step: a function, the table that it makes and what it asks for."""

    function: Callable[..., ir.Table | Renewal]

    @cached_property
    def name(self) -> str:
        return self.function.__name__

    @cached_property
    def room(self) -> str:
        return TABLES[self.name].room

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.function).parameters)

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name in TABLES)

    @property
    def reads_previous(self) -> tuple[str, ...]:
        return self._with_prefix("previous_")

    @property
    def reads_kept(self) -> tuple[str, ...]:
        return self._with_prefix("kept_")

    @property
    def reads_changed(self) -> tuple[str, ...]:
        """The tables of which it asks what changed: the keys, or the rows."""
        told = [self._with_prefix(prefix) for prefix in CHANGED]
        return tuple(dict.fromkeys(name for names in told for name in names))

    @property
    def goes_on(self) -> bool:
        """Whether it goes on from what was published before."""
        return bool(self.reads_previous or self.reads_kept)

    @property
    def asks(self) -> tuple[str, ...]:
        tables = {
            *self.reads,
            *(f"previous_{name}" for name in self.reads_previous),
            *(f"kept_{name}" for name in self.reads_kept),
            *(f"{prefix}{name}" for prefix in CHANGED for name in self.reads_changed),
        }
        return tuple(name for name in self.parameters if name not in tables)

    def _with_prefix(self, prefix: str) -> tuple[str, ...]:
        found = (name.removeprefix(prefix) for name in self.parameters if name.startswith(prefix))
        return tuple(name for name in found if name in TABLES)


STEPS: tuple[Step, ...] = tuple(
    Step(function)
    for function in (
        # Who is who: the records of all sources become customers.
        identity.stated_identifiers,
        identity.blocked_identifiers,
        identity.identifier_groups,
        identity.person_profiles,
        identity.match_model,
        identity.name_doubles,
        identity.match_keys,
        identity.matches,
        identity.links,
        identity.customer_merges,
        identity.customers,
        identity.households,
        # The portrait: everything that happened, and one row a customer.
        portraits.timeline,
        portraits.occurrences,
        portraits.tallies,
        portraits.moment_lists,
        portraits.visits,
        portraits.undated_purchases,
        portraits.portraits,
        portraits.customer_channels,
        portraits.source_quality,
        portraits.source_days,
        portraits.source_columns,
        # Target groups.
        segments.rfm,
        segments.memberships,
        segments.segment_changes,
        segments.segment_sizes,
        # What customers are worth: models learned and tested, then used.
        segments.value_checks,
        segments.customer_values,
        # The measured journey.
        journeys.steps,
        journeys.journeys,
        journeys.phase_visits,
        journeys.transitions,
        journeys.drop_offs,
        journeys.offer_prices,
        # What customers ask, need and feel.
        research.questions,
        research.searches,
        research.emotions,
        # What campaigns brought.
        campaigns.effects,
        # What goes with what, and whether showing it would have hit.
        campaigns.product_neighbours,
        campaigns.recommendation_checks,
        # Personas: the faces of target groups whose needs overlap.
        personas.target_groups,
        personas.need_overlaps,
        personas.persona_merges,
        personas.personas,
        personas.persona_memberships,
        # What it all comes to: every measure, for everybody and for each persona.
        value.measures,
        # What is only seen once sources are joined: measures, what differs or moves.
        patterns.joined_occasions,
        patterns.joined_measures,
        patterns.patterns,
        patterns.best_differences,
    )
)


def steps_between(source: str, target: str) -> tuple[str, ...]:
    """Names of the steps on the way from one table to another, in order of running.

    >>> steps_between("timeline", "portraits")
    ('occurrences', 'undated_purchases', 'portraits')
    """
    reached = {source}
    way = []
    for step in STEPS:
        if reached & set(step.reads):
            reached.add(step.name)
            way.append(step.name)
    needed = {target}
    for step in reversed(STEPS):
        if step.name in needed:
            needed |= set(step.reads)
    return tuple(name for name in way if name in needed)
