"""Saved audiences over time: how large at each run, worth what, who came and who left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.errors import InputError, NotFoundError, message
from klantreis.rules import Rule
from klantreis.state import MeasuredAudience, State
from klantreis.workspace.audience_members import AudienceMembers, Moves, Numbers
from klantreis.workspace.audience_sizes import AudienceSizes
from klantreis.workspace.reading import Reading

__all__ = ["AudienceHistory", "AudienceMoves", "AudiencePoint", "Passer"]

LISTED = 50


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
        since: moment of the run before by the same rule; None when there was none.
        came, left: how many customers came in and left since then; None when there was none.
        gone: how many fewer there are because they became one customer with another one, or were
            erased: nobody left; None when it cannot be told.
        is_listed: whether it was kept who came and left.
    """

    at: datetime
    customers: int
    reachable: int
    revenue_amount: float
    is_of_this_rule: bool
    since: datetime | None = None
    came: int | None = None
    left: int | None = None
    gone: int | None = None
    is_listed: bool = False


@dataclass(frozen=True)
class Passer:
    """A customer who came into an audience, or left it."""

    customer_id: int
    name: str
    came: bool


@dataclass(frozen=True)
class AudienceMoves:
    """Who came into a saved audience and who left it, between two runs.

    Attributes:
        since, at: up to when the tables of either run held, naive UTC.
        came, left: how many are known by name or number still; who was erased since is not.
        passers: the first of them, at most fifty of each, by number.
    """

    since: datetime
    at: datetime
    came: int
    left: int
    passers: tuple[Passer, ...]


class AudienceHistory:
    """Keeps the sizes of saved audiences, which are numbers of people, and who came and left.

    Args:
        reading: the published tables.
        state: keeps the numbers.
        sizes: counts.
        members: keeps the people.
    """

    def __init__(
        self, reading: Reading, state: State, sizes: AudienceSizes, members: AudienceMembers
    ) -> None:
        self._reading, self._state, self._sizes = reading, state, sizes
        self._members = members

    def keep(self, rules: Mapping[str, Rule]) -> None:
        """Ask saved audiences of the published tables; keep the numbers, and who came and left.

        Args:
            rules: by name; an audience whose rule cannot be read any more is passed over.
        """
        published = self._reading.published
        if published is None:
            return
        merged = self._now_known_as()
        for name in rules:
            try:
                rule = rules[name]
            except InputError:
                continue  # it speaks of an event that is no longer in the data
            size, members = self._sizes.counted(rule)
            moves = self._members.keep(
                mark_of(rule), members, at=published.as_of, now_known_as=merged
            )
            self._state.audiences.keep_size(
                MeasuredAudience(
                    name, published.as_of, mark_of(rule), **vars(size), **_counted(moves)
                )
            )

    def forget_others(self, rules: Mapping[str, Rule]) -> None:
        """Forget who was in audiences by other rules than these; one that is unreadable stays."""
        marks = set()
        for name in rules:
            try:
                marks.add(mark_of(rules[name]))
            except InputError:
                marks |= {one.rule_mark for one in self._state.audiences.sizes(name)}
        self._members.forget_others(marks)

    def of(self, name: str, rule: Rule | None) -> tuple[AudiencePoint, ...]:
        """The sizes of an audience, the first one first.

        Args:
            rule: as it is now; None when it cannot be read any more.
        """
        mark = mark_of(rule) if rule else ""
        sizes = self._state.audiences.sizes(name)
        before = {(one.rule_mark, one.measured_at): one.customers for one in sizes}
        listed = frozenset(self._members.moments(mark)) if mark else frozenset()
        return tuple(
            AudiencePoint(
                one.measured_at,
                one.customers,
                one.reachable,
                one.revenue_amount,
                one.rule_mark == mark,
                one.since,
                one.came,
                one.left,
                _gone(one, before),
                one.rule_mark == mark and one.measured_at in listed,
            )
            for one in sizes
        )

    def moves(self, rule: Rule, at: datetime | None) -> AudienceMoves | None:
        """Who came into an audience and who left it at a run, by default the last one."""
        kept = self._members.moves(mark_of(rule), at)
        if kept is None:
            return None
        came, left = (self._known(numbers) for numbers in (kept.came, kept.left))
        passers = (*self._named(came, came=True), *self._named(left, came=False))
        return AudienceMoves(kept.since, kept.at, self._count(came), self._count(left), passers)

    def passed(self, rule: Rule, at: datetime | None, *, came: bool) -> ir.Table:
        """Who came in, or who left: a table with `customer_id`, by their numbers of now.

        Raises:
            NotFoundError: that was not kept.
        """
        kept = self._members.moves(mark_of(rule), at)
        if kept is None:
            moments = self._members.moments(mark_of(rule))
            raise NotFoundError(
                message(
                    "It was not kept who came and left at this run",
                    got=at.isoformat() if at else "the last run",
                    allowed=", ".join(one.isoformat() for one in moments) or "none yet",
                    next_step="klantreis run, after more data came in",
                )
            )
        return self._known(kept.came if came else kept.left)

    def _known(self, numbers: Numbers) -> ir.Table:
        """Those customers as they are known now, with their names."""
        merged = self._now_known_as()
        now = sorted({merged.get(one, one) for one in numbers.tolist()})
        theirs = self._reading.engine.table(pa.table({"customer_id": pa.array(now, pa.int64())}))
        customers = self._reading.table("customers").select("customer_id", "name")
        return customers.semi_join(theirs, "customer_id")

    def _named(self, customers: ir.Table, *, came: bool) -> tuple[Passer, ...]:
        rows = self._reading.rows(customers.order_by("customer_id").limit(LISTED))
        return tuple(Passer(row["customer_id"], row["name"] or "", came) for row in rows)

    def _count(self, customers: ir.Table) -> int:
        found: int = self._reading.fetch(customers.count().as_table())[0][0].as_py()
        return found

    def _now_known_as(self) -> dict[int, int]:
        merges = self._reading.table("customer_merges").select("old_customer_id", "customer_id")
        return self._reading.remembered(("audiences", "merges"), lambda: self._fetched(merges))

    def _fetched(self, merges: ir.Table) -> dict[int, int]:
        rows = self._reading.fetch(merges).to_pydict()
        return dict(zip(rows["old_customer_id"], rows["customer_id"], strict=True))


def mark_of(rule: Rule) -> str:
    """Stands for a rule and those that it rests on; the same rule has the same mark."""
    return sha256(repr(rule).encode()).hexdigest()


def _counted(moves: Moves | None) -> dict[str, Any]:
    if moves is None:
        return {}
    return {"since": moves.since, "came": len(moves.came), "left": len(moves.left)}


def _gone(one: MeasuredAudience, before: Mapping[tuple[str, datetime], int]) -> int | None:
    if one.since is None or one.came is None or one.left is None:
        return None
    earlier = before.get((one.rule_mark, one.since))
    return None if earlier is None else earlier + one.came - one.left - one.customers
