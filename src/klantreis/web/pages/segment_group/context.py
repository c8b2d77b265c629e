"""What the page of one segment shows, and what its address may ask. Money in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.words import Evidence, Figure

__all__ = ["Carried", "Choice", "Flow", "GroupPage", "GroupQuery", "Passer", "Point"]


@dataclass(frozen=True)
class GroupQuery:
    """Which group: its segmentation and name, as `rfm.loyal`; empty for the largest of RFM."""

    group: Annotated[str, Query(max_length=200)] = ""


@dataclass(frozen=True)
class Choice:
    """A group to choose: its code, segmentation, name and number of customers."""

    code: str
    segmentation: str
    segment: str
    customers: int


@dataclass(frozen=True)
class Point:
    """The group at one moment.

    Attributes:
        at: moment of measuring (UTC).
        customers: how many were in it.
        revenue_amount: what they bought; of RFM in its window.
        is_recomputed: whether it was computed afterwards, from the timeline as it is known now.
    """

    at: datetime
    customers: int
    revenue_amount: float
    is_recomputed: bool


@dataclass(frozen=True)
class Flow:
    """How many came in and left at one run."""

    at: datetime
    came: int
    left: int


@dataclass(frozen=True)
class Passer:
    """A customer who came in, or left; `other` is the group at the other side, if any."""

    customer_id: int
    name: str
    at: datetime
    came: bool
    other: str


@dataclass(frozen=True)
class Carried:
    """A kind of question, and whether the group is large enough for it.

    Attributes:
        question: code.
        evidence: how many there are and how many it takes.
        is_known: whether that can be told.
    """

    question: str
    evidence: Evidence
    is_known: bool


@dataclass(frozen=True)
class GroupPage:
    """The whole page.

    Attributes:
        query: the question as it was understood.
        as_of: moment of measuring (UTC).
        choices: groups to choose from.
        segmentation, segment: codes of the group.
        customers: how many are in it.
        share: part of all customers of its segmentation.
        revenue: what they bought over their whole history.
        average_revenue: per customer, with its interval.
        points: its size and value over time.
        flows: who came in and left, by run, the newest first.
        passers: the last who did, at most fifty.
        carried: what the group is large enough for.
        rule: which customers these are, in the condition language; empty where it cannot ask.
    """

    query: GroupQuery
    as_of: datetime
    choices: tuple[Choice, ...]
    segmentation: str
    segment: str
    customers: Figure
    share: float
    revenue: Figure
    average_revenue: Figure
    points: tuple[Point, ...]
    flows: tuple[Flow, ...]
    passers: tuple[Passer, ...]
    carried: tuple[Carried, ...]
    rule: str
