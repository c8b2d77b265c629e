"""Saved audiences over time: how large they were at each run, and worth what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from klantreis.errors import InputError
from klantreis.rules import Rule
from klantreis.state import MeasuredAudience, State
from klantreis.workspace.audience_sizes import AudienceSizes
from klantreis.workspace.reading import Reading

__all__ = ["AudienceHistory", "AudiencePoint"]


@dataclass(frozen=True)
class AudiencePoint:
    """A saved audience at one run.

    Attributes:
        at: up to when the tables of the run held, naive UTC.
        customers: how many were in it.
        reachable: how many of them might be mailed.
        revenue_amount: what they had bought until then, less what was paid back, in EUR.
        is_of_this_rule: whether it was counted by the rule that the audience has now, and those of
            the audiences that it rests on.
    """

    at: datetime
    customers: int
    reachable: int
    revenue_amount: float
    is_of_this_rule: bool


class AudienceHistory:
    """Keeps the sizes of saved audiences; these are numbers of people, not people.

    Args:
        reading: the published tables.
        state: keeps them.
        sizes: counts.
    """

    def __init__(self, reading: Reading, state: State, sizes: AudienceSizes) -> None:
        self._reading, self._state, self._sizes = reading, state, sizes

    def keep(self, rules: Mapping[str, Rule]) -> None:
        """Count saved audiences in the published tables, and keep the numbers.

        Args:
            rules: by name; an audience whose rule cannot be read any more is passed over.
        """
        published = self._reading.published
        if published is None:
            return
        for name in rules:
            try:
                rule = rules[name]
            except InputError:
                continue  # it speaks of an event that is no longer in the data
            size = self._sizes.size(rule)
            self._state.audiences.keep_size(
                MeasuredAudience(name, published.as_of, _mark(rule), **vars(size))
            )

    def of(self, name: str, rule: Rule | None) -> tuple[AudiencePoint, ...]:
        """The sizes of an audience, the first one first.

        Args:
            rule: as it is now; None when it cannot be read any more.
        """
        mark = _mark(rule) if rule else ""
        return tuple(
            AudiencePoint(
                one.measured_at,
                one.customers,
                one.reachable,
                one.revenue_amount,
                one.rule_mark == mark,
            )
            for one in self._state.audiences.sizes(name)
        )


def _mark(rule: Rule) -> str:
    return sha256(repr(rule).encode()).hexdigest()
