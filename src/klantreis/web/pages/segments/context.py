"""What the segments page shows. Money in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from klantreis.words import Figure

__all__ = [
    "AudienceGroup",
    "Cell",
    "DividedGroup",
    "Division",
    "Group",
    "Margin",
    "Segments",
    "SegmentsQuery",
]

Size = Literal["customers", "revenue"]
Divided = Literal[
    "channel", "value", "category", "age", "household", "language", "tenure", "rhythm", "discount",
    "daypart",
]  # fmt: skip


@dataclass(frozen=True)
class SegmentsQuery:
    """How to look.

    Attributes:
        size: what the areas of the treemap stand for.
        division: how customers are divided further down.
    """

    size: Size = "customers"
    division: Divided = "channel"


@dataclass(frozen=True)
class Cell:
    """Customers with one pair of scores.

    Attributes:
        recency, frequency: scores, 1 to 5.
        customers: how many.
        segment: the group that most of them are in.
    """

    recency: int
    frequency: int
    customers: int
    segment: str


@dataclass(frozen=True)
class Margin:
    """What the purchases of a group left over, without VAT.

    Attributes:
        amount: on the purchases of which the purchase price is known.
        share: part of what those brought.
        known_share: part of all that was sold of which the purchase price is known.
        assumed_share: part of all that was sold of which the VAT is assumed.
    """

    amount: float
    share: float
    known_share: float
    assumed_share: float


@dataclass(frozen=True)
class Group:
    """One named group.

    Attributes:
        segment: code.
        customers: how many.
        customer_share: part of all buyers in the window.
        revenue_amount: what they bought in the window, less returns.
        revenue_share: part of the revenue of all buyers.
        average_revenue: revenue per customer, with its interval.
        average_days: mean time since their last purchase.
        average_orders: mean number of purchases.
        margin: what their purchases left over; empty where too few purchase prices are known.
    """

    segment: str
    customers: int
    customer_share: float
    revenue_amount: float
    revenue_share: float
    average_revenue: Figure
    average_days: Figure
    average_orders: Figure
    margin: Margin | None


@dataclass(frozen=True)
class DividedGroup:
    """Customers of one segment of a division, over their whole history.

    Attributes:
        segment: code, as `omnichannel`.
        customers: how many.
        customer_share: part of all customers.
        revenue_amount: completed purchases less returns and refunds.
        average_revenue: revenue per customer, with its interval.
    """

    segment: str
    customers: int
    customer_share: float
    revenue_amount: float
    average_revenue: Figure


@dataclass(frozen=True)
class Division:
    """One way to divide customers; each is in one segment of it.

    Attributes:
        segmentation: code, as `channel`.
        groups: its segments, the one with most revenue first; who is unknown last.
    """

    segmentation: str
    groups: tuple[DividedGroup, ...]


@dataclass(frozen=True)
class AudienceGroup:
    """An audience that somebody saved: a segment of our own.

    Attributes:
        name, description: as an editor wrote them.
        customers: for how many its rule holds.
        customer_share: part of all customers.
        revenue_amount: completed purchases less returns and refunds.
        reachable: part of them that may be mailed.
    """

    name: str
    description: str
    customers: Figure
    customer_share: float
    revenue_amount: float
    reachable: Figure


@dataclass(frozen=True)
class Segments:
    """The whole page.

    Attributes:
        query: how to look.
        as_of: moment of measuring (UTC).
        window_days: how far back purchases count.
        buyers: customers with a purchase in the window.
        fifths: the same buyers, with how many it takes for groups that one buyer does not turn over.
        without_purchase: customers without.
        revenue: of the buyers in the window.
        cells: the grid; pairs of scores that nobody has are left out.
        groups: named groups, the one with most revenue first.
        on_totals: of them, those of whom frequency and money rest partly on totals without days.
        own_limits: which of recency, frequency and money follow limits of the owner's own.
        assumed_vat: rate of VAT that margins assume where orders tell none.
        division: customers divided as asked.
        divisions: ways to divide them.
        audiences: saved audiences whose rules can be read, by name.
    """

    query: SegmentsQuery
    as_of: datetime
    window_days: int
    buyers: Figure
    fifths: Figure
    without_purchase: Figure
    revenue: Figure
    cells: tuple[Cell, ...]
    groups: tuple[Group, ...]
    on_totals: int
    own_limits: tuple[str, ...]
    assumed_vat: float
    division: Division
    divisions: tuple[str, ...]
    audiences: tuple[AudienceGroup, ...] = ()
