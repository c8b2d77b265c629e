"""What the audiences page shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from fastapi import Query

from klantreis.words import Figure

__all__ = [
    "AudiencesPage",
    "AudiencesQuery",
    "Estimated",
    "Moved",
    "PasserShown",
    "Point",
    "Problem",
    "Refused",
    "SavedShown",
    "StrangerShown",
    "Word",
]

Text = Annotated[str, Query(max_length=4000)]
Name = Annotated[str, Query(max_length=200)]
Refused: TypeAlias = Literal["", "name", "taken", "in_use"]


@dataclass(frozen=True)
class AudiencesQuery:
    """What is asked, or being written.

    Attributes:
        rule: in the condition language; empty to begin with.
        name: saved audience that is looked at; its own rule when none is asked.
        description: as it was written, when saving was refused.
        refused: why saving or deleting was refused.
        exact: whether to count also where that takes long.
        at: moment of the run of which to list who came in and left, as in `history`; empty for
            the last one.
    """

    rule: Text = ""
    name: Name = ""
    description: Name = ""
    refused: Refused = ""
    exact: bool = False
    at: Annotated[str, Query(max_length=40)] = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a rule, and where.

    Attributes:
        kind: code of what is wrong.
        line, column: from 1.
        position: of its first character in the rule, from 0.
        shown: the line with the mistake.
        caret: spaces and a caret, to stand below it.
        got, allowed: what stands there, and what may.
        ends: of a number or day, or of the levels of brackets: the smallest and the largest.
    """

    kind: str
    line: int
    column: int
    position: int
    shown: str
    caret: str
    got: str
    allowed: str
    ends: tuple[int, int] | tuple[date, date] | None


@dataclass(frozen=True)
class Estimated:
    """What an estimated number of customers rests on.

    Attributes:
        low, high: its 95 % interval.
        sampled: how many customers were asked.
        one_in: they are one in so many.
    """

    low: int
    high: int
    sampled: int
    one_in: int


@dataclass(frozen=True)
class Point:
    """A saved audience at one run.

    Attributes:
        at: up to when the tables of the run held (UTC).
        customers, reachable: how many were in it, and how many of them might be mailed.
        revenue_amount: what they had bought until then, in EUR.
        is_of_this_rule: whether it was counted by the rule that it has now.
        since: the run before by the same rule (UTC); empty when there was none.
        came, left: how many came in and left since then; empty when there was none.
        gone: how many became one customer with another or were erased since then, and so did not
            leave; empty when it cannot be told.
        is_listed: whether it is known who came in and left.
    """

    at: datetime
    customers: int
    reachable: int
    revenue_amount: float
    is_of_this_rule: bool
    since: datetime | None
    came: int | None
    left: int | None
    gone: int | None
    is_listed: bool


@dataclass(frozen=True)
class PasserShown:
    """A customer who came in, or left."""

    customer_id: int
    name: str
    came: bool


@dataclass(frozen=True)
class Moved:
    """Who came in and who left at one run.

    Attributes:
        since, at: up to when the tables of either run held (UTC).
        came, left: how many of them are still there.
        passers: the first fifty of each.
    """

    since: datetime
    at: datetime
    came: int
    left: int
    passers: tuple[PasserShown, ...]


@dataclass(frozen=True)
class Word:
    """A column that rules can ask for: its kind, and what it means."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class RuleConsent:
    """A consent that rules can ask for: its name in a rule, and the purpose that it is to."""

    name: str
    purpose: str


@dataclass(frozen=True)
class SavedShown:
    """A saved audience.

    Attributes:
        customers: for how many its rule holds; empty when the rule cannot be read any more.
        estimated: what that number rests on while it is not counted; empty when it is.
        strangers: names in the rule that nobody has.
        share: part of all customers.
        reachable: part of them that may be mailed.
        used_in: names of audiences and campaigns that ask for it.
    """

    name: str
    description: str
    rule: str
    customers: Figure | None
    estimated: Estimated | None
    share: float
    reachable: Figure | None
    used_in: tuple[str, ...]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class StrangerShown:
    """A name in the rule that nobody has.

    Attributes:
        asked: the part of the rule.
        kind: of name, as `segment`.
        name: as it is asked for.
        known: the names that there are, those that are most alike first.
    """

    asked: str
    kind: str
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class AudiencesPage:
    """A rule, and whom it is about.

    Attributes:
        as_of: moment up to which the tables hold, and at which windows end.
        rule: as it was asked.
        name, description: of the saved audience that is looked at, or as they were written.
        refused: why saving or deleting was refused.
        problem: what is wrong with the rule; empty when nothing is.
        customers: for how many it holds; empty without a right rule.
        estimated: what that number rests on while it is not counted; empty when it is.
        share: part of all customers.
        reachable: how many of them may be mailed.
        revenue_amount: what they bought so far, less what was paid back, in EUR.
        saved: audiences that were saved, by name.
        history: of the saved audience that is looked at its size when it was saved and at each
            run since, the first one first.
        moved: of the saved audience that is looked at who came in and left at one run; empty when
            that is not known.
        examples: rules to begin with.
        consents: what anybody here said yes or no to.
        unstated: the others that rules know, by their names in rules.
        words: columns that can be asked for.
        platforms: whose lists can be made.
    """

    as_of: datetime
    rule: str
    name: str
    description: str
    refused: Refused
    problem: Problem | None
    customers: int | None
    estimated: Estimated | None
    strangers: tuple[StrangerShown, ...]
    share: float
    reachable: Figure | None
    revenue_amount: float
    saved: tuple[SavedShown, ...]
    history: tuple[Point, ...]
    moved: Moved | None
    examples: tuple[str, ...]
    consents: tuple[RuleConsent, ...]
    unstated: tuple[str, ...]
    words: tuple[Word, ...]
    platforms: tuple[str, ...]
