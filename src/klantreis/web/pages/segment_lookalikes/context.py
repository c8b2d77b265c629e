"""What the page of lookalikes shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.words import Figure

__all__ = ["Alike", "Choice", "LookalikesPage", "LookalikesQuery", "TraitShown"]


@dataclass(frozen=True)
class LookalikesQuery:
    """Whom to look for.

    Attributes:
        group: segmentation and segment as `rfm.loyal`, or `audience.` and the name of a saved one;
            empty for the champions.
        size: how many customers.
    """

    group: Annotated[str, Query(max_length=200)] = ""
    size: Annotated[int, Query(ge=1, le=1_000_000)] = 500


@dataclass(frozen=True)
class Choice:
    """A group to choose: its code, division (`audience` for saved ones) and name."""

    code: str
    division: str
    name: str


@dataclass(frozen=True)
class TraitShown:
    """A trait with its mean among the group, the others, and the lookalikes.

    Attributes:
        trait: code.
        measure: how it is written.
        members, others, alike: means of who it is known of.
        apart: between group and others, in standard deviations.
    """

    trait: str
    measure: str
    members: float | None
    others: float | None
    alike: float | None
    apart: float


@dataclass(frozen=True)
class Alike:
    """One lookalike; `because` are codes of the traits that made it most alike."""

    customer_id: int
    name: str
    city: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class LookalikesPage:
    """The whole page.

    Attributes:
        query: the question as it was understood.
        as_of: moment of measuring (UTC).
        choices: groups to choose from.
        group: the group as chosen.
        division, name: of that group.
        members: known customers in the group, with how many the model asks for.
        others: other known customers, likewise.
        found: part of members kept apart that stood among the tenth most alike; empty without a
            model.
        area, area_low, area_high: how often such a member was more alike than somebody else.
        is_sound: whether the likeness stood its test.
        traits: what they differ in, the most telling first.
        people: the nearest customers, at most 25.
    """

    query: LookalikesQuery
    as_of: datetime
    choices: tuple[Choice, ...]
    group: str
    division: str
    name: str
    members: Figure
    others: Figure
    found: Figure | None
    area: float | None
    area_low: float | None
    area_high: float | None
    is_sound: bool
    traits: tuple[TraitShown, ...]
    people: tuple[Alike, ...]
