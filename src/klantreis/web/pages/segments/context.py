"""What the segments page shows. Money in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from klantreis.words import Figure

__all__ = ["AudienceGroup", "Cell", "ChannelGroup", "Group", "Segments"]


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
    """

    segment: str
    customers: int
    customer_share: float
    revenue_amount: float
    revenue_share: float
    average_revenue: Figure
    average_days: Figure
    average_orders: Figure


@dataclass(frozen=True)
class ChannelGroup:
    """Customers by where they bought, over their whole history.

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
        as_of: moment of measuring (UTC).
        window_days: how far back purchases count.
        buyers: customers with a purchase in the window.
        without_purchase: customers without.
        revenue: of the buyers in the window.
        cells: the grid; pairs of scores that nobody has are left out.
        groups: named groups, the one with most revenue first.
        channel_groups: customers by where they bought, the one with most revenue first.
        audiences: saved audiences whose rules can be read, by name.
    """

    as_of: datetime
    window_days: int
    buyers: Figure
    without_purchase: Figure
    revenue: Figure
    cells: tuple[Cell, ...]
    groups: tuple[Group, ...]
    channel_groups: tuple[ChannelGroup, ...]
    audiences: tuple[AudienceGroup, ...] = ()
