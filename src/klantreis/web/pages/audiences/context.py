"""What the audiences page shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.words import Figure

__all__ = ["AudiencesPage", "AudiencesQuery", "Problem", "Word"]

Text = Annotated[str, Query(max_length=4000)]


@dataclass(frozen=True)
class AudiencesQuery:
    """A rule in the condition language; empty to begin with."""

    rule: Text = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a rule, and where.

    Attributes:
        kind: code of what is wrong.
        line, column: from 1.
        shown: the line with the mistake.
        caret: spaces and a caret, to stand below it.
        got, allowed: what stands there, and what may.
    """

    kind: str
    line: int
    column: int
    shown: str
    caret: str
    got: str
    allowed: str


@dataclass(frozen=True)
class Word:
    """A column that rules can ask for: its kind, and what it means."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class AudiencesPage:
    """A rule, and whom it is about.

    Attributes:
        as_of: moment up to which the tables hold, and at which windows end.
        rule: as it was asked.
        problem: what is wrong with it; empty when nothing is.
        customers: for how many it holds; empty without a right rule.
        share: part of all customers.
        reachable: how many of them may be mailed.
        revenue_amount: what they bought so far, less what was paid back, in EUR.
        examples: rules to begin with.
        words: columns that can be asked for.
        platforms: whose lists can be made.
    """

    as_of: datetime
    rule: str
    problem: Problem | None
    customers: int | None
    share: float
    reachable: Figure | None
    revenue_amount: float
    examples: tuple[str, ...]
    words: tuple[Word, ...]
    platforms: tuple[str, ...]
