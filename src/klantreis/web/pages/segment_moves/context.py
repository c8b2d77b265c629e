"""What the page of movement shows, and what its address may ask. Money in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query

from klantreis.words import Figure

__all__ = ["MoveShown", "Mover", "MovesPage", "MovesQuery"]

Text = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True)
class MovesQuery:
    """Between which days, and whom to list.

    Attributes:
        since, until: days, both as they end; empty for the last 90 days of the data.
        source: group at the first day of whom to list; `not_yet` for who had not bought.
        target: group at the second day of whom to list; empty lists nobody.
    """

    since: Annotated[str, Query(max_length=10)] = ""
    until: Annotated[str, Query(max_length=10)] = ""
    source: Text = ""
    target: Text = ""


@dataclass(frozen=True)
class MoveShown:
    """Customers who went from one group to another, or stayed.

    Attributes:
        source: code of the group then; `not_yet` for who had not bought yet.
        target: code of the group at the second day.
        customers: how many.
        share: part of the group that they came from.
        revenue_amount: what they bought in the window at the second day.
    """

    source: str
    target: str
    customers: int
    share: Figure
    revenue_amount: float


@dataclass(frozen=True)
class Mover:
    """One customer of the move that is listed."""

    customer_id: int
    name: str
    city: str
    revenue_amount: float


@dataclass(frozen=True)
class MovesPage:
    """The whole page.

    Attributes:
        query: the question as it was understood.
        problem: code of why the days cannot be compared; empty when they can.
        since, until: the days that are compared.
        latest: the last day of the data.
        measured_until: moment up to which the second group holds (UTC).
        customers: who had bought by the second day.
        stayed: part of who had bought by the first day that is in the same group.
        new: who bought for the first time between the days.
        largest: the most usual change of group; empty when there is none.
        moves: every pair of groups that occurs, the largest first.
        movers: customers of the move that was asked for, the most revenue first.
    """

    query: MovesQuery
    problem: str
    since: date
    until: date
    latest: date
    measured_until: datetime
    customers: Figure
    stayed: Figure
    new: Figure
    largest: MoveShown | None
    moves: tuple[MoveShown, ...]
    movers: tuple[Mover, ...]
