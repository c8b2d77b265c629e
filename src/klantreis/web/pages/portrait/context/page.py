"""The whole page, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.pages.portrait.context.feelings import Feelings
from klantreis.web.pages.portrait.context.glance import Glance
from klantreis.web.pages.portrait.context.groups import Asked, Chance, Expectation, Phase, Scores
from klantreis.web.pages.portrait.context.sides import (
    ChannelUse,
    Feel,
    Household,
    May,
    What,
    When,
    Where,
    Who,
)
from klantreis.web.pages.portrait.context.timeline import LaneMark, Visit, Window
from klantreis.words import Figure

__all__ = ["Portrait", "PortraitQuery"]


@dataclass(frozen=True)
class PortraitQuery:
    """Which customer, and which part of the timeline.

    Attributes:
        channel: only this one; empty: all.
        kind: only moments of this kind, as in `LaneMark`; empty: all.
        period: only so many days, one of `PERIODS`.
        until: last day of the period; by default the last day in the data.
        before: visits before this number; 0: the last ones.
    """

    customer_id: int
    channel: Annotated[str, Query(max_length=20)] = ""
    kind: Annotated[str, Query(max_length=20)] = ""
    period: Annotated[int, Query(ge=0)] = 0
    until: date | None = None
    before: Annotated[int, Query(ge=0)] = 0


@dataclass(frozen=True)
class Portrait:
    """The whole page.

    Attributes:
        customer_id: number.
        as_of: moment up to which all numbers hold.
        moments: what the portrait rests on.
        who, what, where, when, feel: the sides of the portrait.
        household: who lives together; empty without a whole address.
        feelings: how the customer felt over time.
        chances: personas, the most probable first.
        asked: topics, those asked after most first.
        scores: RFM; empty without a purchase in the window.
        expectation: what is foretold; empty for who never bought.
        glance: answers at a glance.
        phase: where they are on their way; empty without a journey.
        may: what they may be served for, of what was ever stated.
        on: the channels in use, the last one first.
        channel, kind: filters on the timeline and the list of visits.
        window: the period of both.
        marks: the timeline over all channels.
        total_moments, seen_moments: in all, and through the filters.
        visits: this part of the list, the newest first.
        shown, total_visits: how many of how many.
        earlier: what to ask as `before` for earlier visits; 0 when there are none.
    """

    customer_id: int
    as_of: datetime
    moments: Figure
    who: Who
    household: Household | None
    what: What
    where: Where
    when: When
    feel: Feel
    feelings: Feelings
    chances: tuple[Chance, ...]
    asked: tuple[Asked, ...]
    scores: Scores | None
    expectation: Expectation | None
    glance: Glance
    phase: Phase | None
    may: tuple[May, ...]
    on: tuple[ChannelUse, ...]
    channel: str
    kind: str
    window: Window
    marks: tuple[LaneMark, ...]
    total_moments: int
    seen_moments: int
    visits: tuple[Visit, ...]
    shown: int
    total_visits: int
    earlier: int
