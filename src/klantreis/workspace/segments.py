"""Segments: what each group leaves over, and who goes from group to group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from klantreis.errors import InputError, message
from klantreis.segments import ASSUMED_VAT, margins, movements, rfm
from klantreis.settings import Settings
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.reading import Reading
from klantreis.workspace.segment_history import SegmentHistory
from klantreis.workspace.segment_overlaps import SegmentOverlaps

__all__ = ["GroupMargin", "Move", "Moves", "Segments"]


@dataclass(frozen=True)
class GroupMargin:
    """What the purchases of a group in the window left over. Amounts in EUR without VAT.

    Attributes:
        margin_amount: on the purchases of which the purchase price is known.
        known_amount: what those purchases brought.
        sold_amount: what all purchases brought.
        assumed_share: part of what was sold of which the VAT had to be assumed.
        assumed_vat: the rate that was assumed.
    """

    margin_amount: float
    known_amount: float
    sold_amount: float
    assumed_share: float
    assumed_vat: float = ASSUMED_VAT

    @property
    def known_share(self) -> float:
        """Part of what was sold of which the purchase price is known."""
        return self.known_amount / self.sold_amount if self.sold_amount > 0 else 0.0

    @property
    def margin_share(self) -> float | None:
        """Margin as part of what the known purchases brought."""
        return self.margin_amount / self.known_amount if self.known_amount > 0 else None


@dataclass(frozen=True)
class Move:
    """Customers who went from one group to another.

    Attributes:
        source: the group at the first date; empty for who had not bought yet.
        target: the group at the second date.
        customers: how many.
        amount: what they bought in the window at the second date, in EUR.
    """

    source: str
    target: str
    customers: int
    amount: float


@dataclass(frozen=True)
class Moves:
    """Who went from group to group between two dates.

    Attributes:
        since, until: the moments of measuring, in naive UTC.
        moves: every pair of groups that occurs, the largest first.
    """

    since: datetime
    until: datetime
    moves: tuple[Move, ...]

    @property
    def largest(self) -> Move | None:
        """The most usual change of group; None when everybody stayed or is new."""
        changed = (one for one in self.moves if one.source and one.source != one.target)
        return next(changed, None)


class Segments:
    """Groups of customers over time: `workspace.segments`.

    Args:
        reading: the published tables.
        audiences: of the workspace.
        settings: of the workspace: time zone, window and limits of RFM.

    Attributes:
        overlaps: who is in this group and in that one too.
        history: each segment over time, and what it can carry.
    """

    def __init__(self, reading: Reading, audiences: Audiences, settings: Settings) -> None:
        self._reading, self._settings = reading, settings
        self.overlaps = SegmentOverlaps(reading, audiences)
        self.history = SegmentHistory(reading, self._rfm_at)

    def margins(self) -> dict[str, GroupMargin]:
        """What the purchases of each RFM group in the window left over, in EUR without VAT.

        Returns:
            By code of the group; groups without order lines are not in it. Each says on which part
            of what was sold it rests, for not every purchase price and VAT rate is known.
        """
        return dict(self._reading.remembered(("segments", "margins"), self._margins))

    def moves(self, since: date, until: date) -> Moves:
        """Who went from which RFM group to which between the ends of two days.

        Args:
            since, until: days in the workspace's time zone.

        RFM of then is computed from the timeline as it is known now, by the same rules: who
        turned out to be the same customer since counts once.

        Raises:
            InputError: the first day is not before the second, or it lies after the data.
        """
        start, end = self._moments(since, until)

        def ask() -> Moves:
            moved = self._moved(start, end)
            counts = moved.group_by("source", "target").aggregate(
                customers=moved.count(), amount=moved["amount"].cast("float64").sum()
            )
            rows = self._reading.rows(counts)
            found = (
                Move(row["source"] or "", row["target"], row["customers"], round(row["amount"], 2))
                for row in rows
            )
            ordered = sorted(found, key=lambda one: (-one.customers, one.source, one.target))
            return Moves(start, end, tuple(ordered))

        return self._reading.remembered(("segments", "moves", start, end), ask)

    def movers(self, since: date, until: date, source: str, target: str) -> ir.Table:
        """The customers of one move: a table with `customer_id` and `amount`.

        Args:
            since, until: as of `moves`.
            source: group at the first date; empty for who had not bought yet.
            target: group at the second date.

        Raises:
            InputError: as of `moves`.
        """
        moved = self._moved(*self._moments(since, until))
        came = moved["source"] == source if source else moved["source"].isnull()
        return moved.filter(came & (moved["target"] == target)).select("customer_id", "amount")

    def usual_dates(self) -> tuple[date, date]:
        """The dates for `moves` when nobody chose any: 90 days before the last day in the data,
        and that day."""
        last = self._last_day()
        return last - timedelta(days=90), last

    def _moved(self, start: datetime, end: datetime) -> ir.Table:
        return movements(self._rfm_at(start), self._rfm_at(end))

    def _rfm_at(self, moment: datetime) -> ir.Table:
        published = self._reading.published
        if published is not None and moment == published.as_of:
            return self._reading.table("rfm")
        return rfm(
            self._reading.table("timeline"),
            self._reading.table("orders"),
            self._reading.table("undated_purchases"),
            as_of=moment,
            rfm_window_days=self._settings.rfm_window_days,
            rfm_limits=self._settings.rfm_limits,
        )

    def _moments(self, since: date, until: date) -> tuple[datetime, datetime]:
        last = self._last_day()
        if not since < until <= last:
            raise InputError(
                message(
                    "These dates cannot be compared",
                    got=f"{since} and {until}",
                    allowed=f"a first date before the second, which is at most {last}",
                )
            )
        return self._end_of(since), self._end_of(until)

    def _end_of(self, day: date) -> datetime:
        """The last moment of a day on the workspace's clock, or of the data when that is sooner."""
        zone = ZoneInfo(self._settings.time_zone)
        after = datetime.combine(day + timedelta(days=1), time(), zone)
        moment = after.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)
        published = self._reading.published
        return min(moment, published.as_of) if published else moment

    def _last_day(self) -> date:
        self._reading.table("rfm")
        published = self._reading.published
        assert published is not None
        zone = ZoneInfo(self._settings.time_zone)
        return published.as_of.replace(tzinfo=UTC).astimezone(zone).date()

    def _margins(self) -> dict[str, GroupMargin]:
        published = self._reading.published
        names = ("orders", "order_lines", "products", "links")
        per_customer = margins(
            *(self._reading.table(name) for name in names),
            now=published.as_of if published else datetime.max,
            window_days=self._settings.rfm_window_days,
        )
        scored = self._reading.table("rfm").select("customer_id", "segment")
        joined = scored.join(per_customer, "customer_id")
        amounts = ("margin_amount", "known_amount", "sold_amount", "assumed_amount")
        totals = joined.group_by("segment").aggregate(
            **{name: joined[name].sum() for name in amounts}
        )
        return {row["segment"]: _margin(row) for row in self._reading.rows(totals)}


def _margin(row: dict[str, Any]) -> GroupMargin:
    sold = row["sold_amount"]
    return GroupMargin(
        margin_amount=round(row["margin_amount"], 2),
        known_amount=round(row["known_amount"], 2),
        sold_amount=round(sold, 2),
        assumed_share=row["assumed_amount"] / sold if sold > 0 else 0.0,
    )
