"""A segment over time: how large, worth what, who came in, who left, and what it can carry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import ibis
import ibis.expr.types as ir

from klantreis.errors import NotFoundError, message
from klantreis.segments import (
    needed,
    needed_for_likeness,
    needed_for_mean,
    needed_for_means,
    needed_for_shares,
)
from klantreis.workspace.reading import Reading

__all__ = ["Change", "GroupNow", "GroupQuestion", "SegmentHistory", "SizePoint"]

QUARTER = timedelta(days=91)
QUARTERS_BACK = 4
MARGIN = 0.1  # of a share in points, of a mean as part of it
APART = 0.2  # difference between means that must show, as part of the mean
LISTED = 50


@dataclass(frozen=True)
class SizePoint:
    """A segment at one moment.

    Attributes:
        at: moment of measuring, naive UTC.
        customers: how many were in it.
        revenue_amount: what they bought, in EUR; of `rfm` in its window.
        is_recomputed: whether it was computed afterwards from the timeline as it is known now.
    """

    at: datetime
    customers: int
    revenue_amount: float
    is_recomputed: bool


@dataclass(frozen=True)
class Change:
    """One customer who came in or left; `other` is the group at the other side, empty for none."""

    customer_id: int
    name: str
    at: datetime
    came: bool
    other: str


@dataclass(frozen=True)
class GroupQuestion:
    """Whether a group is large enough for a kind of question.

    Attributes:
        question: `share`, `mean`, `shares`, `means` or `model`.
        customers: how many there are; of a comparison or model those of the smaller side.
        needed: how many it takes; 0 where it cannot be told.
    """

    question: Literal["share", "mean", "shares", "means", "model"]
    customers: int
    needed: int


@dataclass(frozen=True)
class GroupNow:
    """A segment as it is.

    Attributes:
        segmentation, segment: codes.
        customers: how many are in it.
        others: how many are in the other segments of the segmentation.
        known, known_others: of these and of all other customers those who are known.
        revenue_amount: what its customers bought over their whole history, in EUR.
        revenue_mean, revenue_deviation: per customer; empty for nobody, or one.
    """

    segmentation: str
    segment: str
    customers: int
    others: int
    known: int
    known_others: int
    revenue_amount: float
    revenue_mean: float | None
    revenue_deviation: float | None

    def questions(self) -> tuple[GroupQuestion, ...]:
        """What the group can carry; see `segments.sample_sizes` for the methods.

        A share within 10 points; the mean revenue within 10 %; a difference of 10 points with
        the others; a difference of 20 % of the mean revenue; who resembles it, learned from all traits among known
        customers as `lookalikes` does (which asks for less where a trait is not known).
        """
        mean, deviation = self.revenue_mean or 0.0, self.revenue_deviation or 0.0
        is_spread = mean > 0 and deviation > 0
        both = min(self.customers, self.others)
        one_mean = needed_for_mean(deviation, MARGIN * mean) if is_spread else 0
        two_means = needed_for_means(APART * mean, deviation) if is_spread else 0
        return (
            GroupQuestion("share", self.customers, needed(MARGIN)),
            GroupQuestion("mean", self.customers, one_mean),
            GroupQuestion("shares", both, needed_for_shares(0.5, 0.5 + MARGIN)),
            GroupQuestion("means", both, two_means),
            GroupQuestion("model", min(self.known, self.known_others), needed_for_likeness()),
        )


class SegmentHistory:
    """Segments over time: `workspace.segments.history`.

    Args:
        reading: the published tables.
        rfm_at: RFM as of a moment.
    """

    def __init__(self, reading: Reading, rfm_at: Callable[[datetime], ir.Table]) -> None:
        self._reading, self._rfm_at = reading, rfm_at

    def all(self) -> tuple[tuple[str, str, int], ...]:
        """Every segment: its segmentation, its name and how many customers are in it.

        By segmentation in the order of the alphabet, the largest segment of each first.
        """
        members = self._reading.table("memberships")
        counts = members.group_by("segmentation", "segment").aggregate(n=members.count())
        rows = self._reading.rows(counts.order_by("segmentation", ibis.desc("n"), "segment"))
        return tuple((row["segmentation"], row["segment"], row["n"]) for row in rows)

    def now(self, segmentation: str, segment: str) -> GroupNow:
        """A segment as it is.

        Args:
            segmentation, segment: codes, as in table `memberships`.

        Raises:
            NotFoundError: nobody is in such a segment.
        """
        members = self._reading.table("memberships")
        own = members.filter(members["segmentation"] == segmentation)
        portraits = self._reading.table("portraits")
        spent = portraits.select("customer_id", "revenue_amount", "is_known")
        joined = own.select("customer_id", "segment").join(spent, "customer_id")
        money, is_in = joined["revenue_amount"].cast("float64"), joined["segment"] == segment
        totals = joined.aggregate(
            customers=joined.count(where=is_in),
            others=joined.count(where=~is_in),
            known=joined.count(where=is_in & joined["is_known"]),
            amount=money.sum(where=is_in),
            mean=money.mean(where=is_in),
            deviation=money.std(where=is_in),
        )
        (row,) = self._reading.rows(totals)
        if not row["customers"]:
            raise NotFoundError(
                message(
                    "Nobody is in this segment",
                    got=f"{segmentation}.{segment}",
                    allowed="a segmentation and a segment of the table memberships",
                )
            )
        (everybody,) = self._reading.rows(
            portraits.aggregate(known=portraits.count(where=portraits["is_known"]))
        )
        return GroupNow(
            segmentation,
            segment,
            row["customers"],
            row["others"],
            row["known"],
            everybody["known"] - row["known"],
            round(row["amount"], 2),
            row["mean"],
            row["deviation"],
        )

    def sizes(self, segmentation: str, segment: str) -> tuple[SizePoint, ...]:
        """The size and value at every run, the first one first; 0 when nobody was in it.

        Of RFM the ends of the four quarters before the first run are computed from the timeline.
        """
        table = self._reading.table("segment_sizes")
        own = table.filter(table["segmentation"] == segmentation)
        is_it = own["segment"] == segment
        totals = own.group_by("measured_at").aggregate(
            customers=own["customers"].sum(where=is_it).fill_null(0),
            revenue_amount=own["revenue_amount"].sum(where=is_it).fill_null(0),
        )
        rows = self._reading.rows(totals.order_by("measured_at"))
        points = tuple(_point(row, is_recomputed=False) for row in rows)
        if segmentation != "rfm" or not points:
            return points
        return (*self._recomputed(points[0].at, segment), *points)

    def changes(self, segmentation: str, segment: str) -> tuple[Change, ...]:
        """Who came in and who left at the last runs, the newest first; at most fifty.

        Args:
            segmentation, segment: codes, as in table `memberships`.

        Returns:
            A change a customer and run, with the segment at the other side; none where nobody did.
        """
        table = self._reading.table("segment_changes")
        own = table.filter(
            (table["segmentation"] == segmentation)
            & ((table["to_segment"] == segment) | (table["from_segment"] == segment))
        )
        names = self._reading.table("customers").select("customer_id", "name")
        named = own.left_join(names, "customer_id").drop("customer_id_right")
        newest = named.order_by(named["changed_at"].desc(), "customer_id").limit(LISTED)
        return tuple(_change(row, segment) for row in self._reading.rows(newest))

    def flows(self, segmentation: str, segment: str) -> tuple[tuple[datetime, int, int], ...]:
        """How many came in and how many left, at every run with a change.

        Args:
            segmentation, segment: codes, as in table `memberships`.

        Returns:
            Moment of the run (naive UTC), how many came in, how many left; the newest first.
        """
        table = self._reading.table("segment_changes")
        own = table.filter(table["segmentation"] == segmentation)
        came, left = own["to_segment"] == segment, own["from_segment"] == segment
        own = own.filter(came | left.fill_null(False))
        counts = own.group_by("changed_at").aggregate(
            came=own.count(where=own["to_segment"] == segment),
            all=own.count(),
        )
        rows = self._reading.rows(counts.order_by(ibis.desc("changed_at")))
        return tuple((row["changed_at"], row["came"], row["all"] - row["came"]) for row in rows)

    def _recomputed(self, first: datetime, segment: str) -> tuple[SizePoint, ...]:
        """A group of RFM at the ends of the quarters before the first run, once anybody bought."""
        moments = [first - QUARTER * n for n in range(QUARTERS_BACK, 0, -1)]
        known = self._reading.remembered(
            ("segments", "recomputed", first), lambda: self._computed(moments)
        )
        return tuple(
            known.get((segment, moment), SizePoint(moment, 0, 0.0, is_recomputed=True))
            for moment in moments
            if any(at == moment for _, at in known)
        )

    def _computed(self, moments: Sequence[datetime]) -> dict[tuple[str, datetime], SizePoint]:
        counted = []
        for moment in moments:
            scored = self._rfm_at(moment)
            counted.append(
                scored.group_by("segment", measured_at=scored["as_of"]).aggregate(
                    customers=scored.count(), revenue_amount=scored["monetary_amount"].sum()
                )
            )
        rows = self._reading.rows(ibis.union(*counted))
        return {
            (row["segment"], row["measured_at"]): _point(row, is_recomputed=True) for row in rows
        }


def _point(row: dict[str, Any], *, is_recomputed: bool) -> SizePoint:
    amount = round(float(row["revenue_amount"]), 2)
    return SizePoint(row["measured_at"], row["customers"], amount, is_recomputed)


def _change(row: dict[str, Any], segment: str) -> Change:
    came = row["to_segment"] == segment
    other = row["from_segment"] if came else row["to_segment"]
    return Change(row["customer_id"], row["name"] or "", row["changed_at"], came, other or "")
