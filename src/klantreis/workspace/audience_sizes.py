"""How large an audience is: counted, or first estimated where counting takes long."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from typing import Literal, TypeVar

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.rules import Pass, Rule, asked_by, matching, passes
from klantreis.segments import wilson
from klantreis.tables import SAMPLED_OF, is_sampled
from klantreis.workspace.audience_members import Numbers
from klantreis.workspace.consents import Consents
from klantreis.workspace.reading import Reading
from klantreis.workspace.rule_names import ADDED_UP, rule_tables

__all__ = ["AudienceEstimate", "AudienceSize", "AudienceSizes"]

SIZES_KEPT = 500
OF_CUSTOMERS = ("portraits", "timeline", "tallies", "moment_lists", "visits")
T = TypeVar("T")
WEEK = timedelta(weeks=1)
# Two cores count about so many moments in a third of a second; of a rule that reads more the
# editor tells first what a part of the customers says.
MOMENTS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class AudienceSize:
    """How large an audience is.

    Attributes:
        customers: for how many the rule holds.
        reachable: how many of them may be mailed.
        revenue_amount: what they bought so far, less what was paid back, in EUR.
    """

    customers: int
    reachable: int
    revenue_amount: float


@dataclass(frozen=True)
class AudienceEstimate:
    """About how large an audience is, by a sample of the customers.

    Attributes:
        customers: for about how many the rule holds.
        low, high: the 95 % interval of that number (Wilson).
        revenue_amount: about what they bought so far, less what was paid back, in EUR.
        found: for how many customers of the sample it holds.
        reachable: how many of those may be mailed.
        sampled: customers in the sample.
    """

    customers: int
    low: int
    high: int
    revenue_amount: float
    found: int
    reachable: int
    sampled: int


class AudienceSizes:
    """Counts the customers of rules.

    Args:
        reading: the published tables.
        consents: what customers allow now.
    """

    def __init__(self, reading: Reading, consents: Consents) -> None:
        self._reading, self._consents = reading, consents
        self._sizes: dict[Hashable, AudienceSize] = {}
        self._estimates: dict[Hashable, AudienceEstimate] = {}

    def members(
        self, rule: Rule, now: datetime | None, more: tuple[str, ...] = (), *, sampled: bool = False
    ) -> ir.Table:
        """The customers for whom a rule holds; see `rules.matching`.

        Args:
            rule: as it was read.
            now: where windows end; by default up to when the tables hold.
            more: columns of `portraits` to show too.
            sampled: only those of the sample.
        """
        published = self._reading.published
        assert published is not None
        until = now or published.as_of
        asks = bool(asked_by([rule]).permissions)
        tables = self._consents.strictest(rule_tables(self._reading, until), with_permissions=asks)
        if sampled:
            tables |= _sample(tables)
        return matching(rule, tables, now=until, more=more)

    def size(self, rule: Rule) -> AudienceSize:
        """How large an audience is now; kept until tables or consents change."""
        return _kept(self._sizes, self._question(rule), lambda: self._totals(rule, sampled=False))

    def counted(self, rule: Rule) -> tuple[AudienceSize, Numbers]:
        """How large an audience is now, and who is in it: their numbers, in order."""
        members = self.members(rule, None, ("may_email", "revenue_amount"))
        found = self._reading.fetch(members.select("customer_id", "may_email", "revenue_amount"))
        revenue = pc.sum(found["revenue_amount"].cast(pa.decimal128(38, 4))).as_py()
        size = AudienceSize(
            found.num_rows,
            pc.sum(found["may_email"]).as_py() or 0,
            round(float(revenue or 0), 2),
        )
        self._sizes[self._question(rule)] = size
        return size, np.sort(found["customer_id"].to_numpy())

    def soon(self, rule: Rule) -> AudienceSize | AudienceEstimate:
        """How large an audience is, within a moment: estimated when counting takes longer."""
        is_known = self._question(rule) in self._sizes
        return self.size(rule) if is_known or not self._is_long(rule) else self.estimate(rule)

    def estimate(self, rule: Rule) -> AudienceEstimate:
        """About how large an audience is, by one customer in twenty; kept as `size` is."""
        return _kept(self._estimates, self._question(rule), lambda: self._estimated(rule))

    def _estimated(self, rule: Rule) -> AudienceEstimate:
        found = self._totals(rule, sampled=True)
        everyone, sampled = self._reading.remembered(("audiences", "sample"), self._people)
        if not sampled:
            return AudienceEstimate(0, 0, everyone, 0.0, 0, 0, 0)
        known, times = wilson(found.customers, sampled), everyone / sampled
        return AudienceEstimate(
            customers=round(known.share * everyone),
            low=max(floor(known.low * everyone), found.customers),
            high=ceil(known.high * everyone),
            revenue_amount=round(found.revenue_amount * times, 2),
            found=found.customers,
            reachable=found.reachable,
            sampled=sampled,
        )

    def _question(self, rule: Rule) -> Hashable:
        published = self._reading.published
        assert published is not None
        return (published.publication_id, rule, self._consents.refused())

    def _totals(self, rule: Rule, *, sampled: bool) -> AudienceSize:
        members = self.members(rule, None, ("may_email", "revenue_amount"), sampled=sampled)
        totals = members.aggregate(
            customers=members.count(),
            reachable=members.count(where=members["may_email"]),
            revenue=members["revenue_amount"].sum(),
        )
        (row,) = self._reading.rows(totals)
        revenue = round(float(row["revenue"] or 0), 2)
        return AudienceSize(row["customers"], row["reachable"], revenue)

    def _people(self) -> tuple[int, int]:
        """How many customers there are, and how many of them are in the sample."""
        portraits = self._reading.table("portraits")
        counts = portraits.aggregate(
            everyone=portraits.count(),
            sampled=portraits.count(where=is_sampled(portraits["customer_id"])),
        )
        (row,) = self._reading.rows(counts)
        return row["everyone"], row["sampled"]

    def _is_long(self, rule: Rule) -> bool:
        published = self._reading.published
        assert published is not None
        read = self._reading.remembered(("audiences", "read"), self._read)
        found = passes(rule, now=published.as_of, is_added_up=True)
        return sum(one.effort * read.rows(one) for one in found) > MOMENTS_AT_ONCE

    def _read(self) -> _Read:
        """How much there is to read, by the sample; nothing as long as nothing is added up."""
        own = _sample({name: self._reading.table(name) for name in ADDED_UP})
        tallies, visits = own["tallies"], own["visits"]
        counts = tallies.group_by("event").aggregate(
            tallies=tallies.count(), moments=tallies["times"].sum()
        )
        weeks = visits.group_by("later", week=visits["ended_at"].truncate("W")).aggregate(
            visits=visits.count()
        )
        return _Read(
            {row["event"]: row for row in self._reading.rows(counts)},
            {(row["week"], row["later"]): row["visits"] for row in self._reading.rows(weeks)},
        )


@dataclass(frozen=True)
class _Read:
    """How many rows there are in the sample.

    Attributes:
        events: `tallies` and `moments` of each event.
        weeks: visits that ended in each week, by its Monday and how many came later.
    """

    events: Mapping[str, Mapping[str, int]]
    weeks: Mapping[tuple[datetime, int | None], int]

    def rows(self, one: Pass) -> float:
        """About how many rows a pass reads."""
        later = sum(
            visits
            for (week, others), visits in self.weeks.items()
            if (one.after is None or week + WEEK > one.after)
            and (one.latest is None or (others is not None and others < one.latest))
        )
        if one.table == "visits":
            return SAMPLED_OF * later
        column: Literal["tallies", "moments"] = "tallies" if one.table == "tallies" else "moments"
        every = sum(
            counts[column]
            for event, counts in self.events.items()
            if not one.events or event in one.events
        )
        # Moments of every kind come as visits do; near enough to tell a long count from a short.
        visits = sum(self.weeks.values())
        return SAMPLED_OF * every * (later / visits if visits else 0)


def _kept(answers: dict[Hashable, T], question: Hashable, find: Callable[[], T]) -> T:
    if question not in answers:
        if len(answers) >= SIZES_KEPT:
            answers.clear()
        answers[question] = find()
    return answers[question]


def _sample(tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    # What an earlier version published may have another sample apart: then it is worked out.
    are_apart = "moment_lists" in tables
    return {
        name: rows.filter(
            rows["sample"] == 1
            if are_apart and "sample" in rows.columns
            else is_sampled(rows["customer_id"])
        )
        for name in OF_CUSTOMERS
        if (rows := tables.get(name)) is not None
    }
