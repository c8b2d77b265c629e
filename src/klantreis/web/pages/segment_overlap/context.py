"""What the page of overlap shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from klantreis.words import Figure

__all__ = ["Division", "OverlapPage", "OverlapQuery", "Shared"]

Division = Literal[
    "rfm", "value", "channel", "category", "age", "household", "language", "tenure", "rhythm",
    "discount", "daypart", "audience",
]  # fmt: skip


@dataclass(frozen=True)
class OverlapQuery:
    """Which divisions to set against each other; `audience` for the saved audiences."""

    rows: Division = "rfm"
    columns: Division = "channel"


@dataclass(frozen=True)
class Shared:
    """How much of one group is in another.

    Attributes:
        row, column: names of the groups.
        both: customers in both.
        share: part of the first that is in the second.
        lift: how many times as usual; empty with too few customers, or where nobody is in it.
        rule: these customers, in the condition language; empty where it cannot ask.
    """

    row: str
    column: str
    both: int
    share: Figure
    lift: float | None
    rule: str


@dataclass(frozen=True)
class OverlapPage:
    """The whole page.

    Attributes:
        query: the question as it was understood.
        as_of: moment of measuring (UTC).
        divisions: divisions to choose from.
        rows, columns: names of the groups, the largest first.
        shared: one for each pair.
        customers: everybody looked at.
        strongest: the pair that most stands out; empty when none may be told.
    """

    query: OverlapQuery
    as_of: datetime
    divisions: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shared: tuple[Shared, ...]
    customers: Figure
    strongest: Shared | None
