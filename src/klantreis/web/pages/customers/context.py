"""What the customers page shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from klantreis.web.paging import PageNumber, Paging

__all__ = ["Customers", "CustomersQuery", "Found", "Group"]

Text = Annotated[str, Query(max_length=200)]
Score = Annotated[int, Query(ge=0, le=5)]
Rule = Annotated[str, Query(max_length=4000)]


@dataclass(frozen=True)
class CustomersQuery:
    """What to look for; empty or 0 for all.

    Attributes:
        q: words that all occur in name, e-mail address, postcode, card or number.
        known: `known` by name, or `anonymous`.
        segment: code of an RFM group.
        channel: channel in use.
        city: town, exactly.
        only: customers with an open complaint, or an open basket.
        recency, frequency: RFM scores, 1 to 5.
        audience: name of a saved audience.
        rule: in the condition language.
        sort: what comes first.
        page: from 1.
    """

    q: Text = ""
    known: Literal["", "known", "anonymous"] = ""
    segment: Text = ""
    channel: Text = ""
    city: Text = ""
    only: Literal["", "complaint", "basket"] = ""
    recency: Score = 0
    frequency: Score = 0
    audience: Text = ""
    rule: Rule = ""
    sort: Literal["revenue", "orders", "last_seen", "name"] = "revenue"
    page: PageNumber = 1


@dataclass(frozen=True)
class Group:
    """An RFM group to choose, with its number of customers."""

    segment: str
    customers: int


@dataclass(frozen=True)
class Found:
    """One customer in the list; money in EUR, moments in UTC."""

    customer_id: int
    is_known: bool
    name: str
    email: str
    city: str
    segment: str
    channels: tuple[str, ...]
    orders: int
    revenue_amount: float
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Customers:
    """The whole page.

    Attributes:
        query: the question as it was understood.
        as_of: moment up to which all numbers hold (UTC).
        total: all customers, whatever the question.
        groups: RFM groups to choose from.
        channels: channels to choose from.
        cities: towns to choose from, those with most customers.
        paging: where we are in the list.
        rows: this page of the list.
    """

    query: CustomersQuery
    as_of: datetime
    total: int
    groups: tuple[Group, ...]
    channels: tuple[str, ...]
    cities: tuple[str, ...]
    paging: Paging
    rows: tuple[Found, ...]
