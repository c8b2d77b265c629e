"""What the journey map shows, and what its address may ask. Money in EUR, moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.history import VersionShown
from klantreis.web.measures import KpiShown
from klantreis.words import Figure

__all__ = [
    "CardShown",
    "Cell",
    "Column",
    "EmotionPoint",
    "GroundShown",
    "JourneyMap",
    "Lane",
    "MapQuery",
    "NeedShown",
    "Quote",
    "Remark",
    "SheetReport",
    "SubjectShown",
    "TouchpointShown",
    "WrongCell",
]


@dataclass(frozen=True)
class MapQuery:
    """Whose map, in which phase model and variant; which card is open, and what was refused.

    `variant` is `as_is`, `to_be` or `both` (side by side, to read). `find` looks for quotes.
    """

    subject: Annotated[str, Query(max_length=200)] = "all"
    model: Annotated[str, Query(max_length=100)] = ""
    variant: Annotated[str, Query(max_length=10)] = "as_is"
    card: Annotated[str, Query(max_length=40)] = ""
    refused: Annotated[str, Query(max_length=40)] = ""
    text: Annotated[str, Query(max_length=2000)] = ""
    find: Annotated[str, Query(max_length=100)] = ""


@dataclass(frozen=True)
class SubjectShown:
    """A group of customers to choose: `all`, a persona with its names, or a segment by its code."""

    code: str
    kind: str
    name: str
    customers: int
    name_nl: str
    name_en: str


@dataclass(frozen=True)
class TouchpointShown:
    """A touchpoint in a phase: how often it was met, and in how many journeys."""

    touchpoint: str
    channel: str
    event: str
    steps: int
    journeys: int


@dataclass(frozen=True)
class EmotionPoint:
    """Emotion at a touchpoint, from -2 to +2; it stands at a part (0 to 1) of its phase's width."""

    phase: str
    channel: str
    event: str
    at: float
    score: Figure


@dataclass(frozen=True)
class NeedShown:
    """A topic that customers ask after: names, and how many statements of each kind."""

    topic: str
    name_nl: str
    name_en: str
    statements: tuple[Figure, ...]


@dataclass(frozen=True)
class Column:
    """The measured lanes in one phase.

    Attributes:
        phase: code.
        needs: topics asked after most often.
        touchpoints: those met most often.
        more: how many others there are.
        reached: part of the ended journeys that were in it.
        stopped: part of those that reached it, for which it was the last phase without a purchase.
        value_at_risk_amount: journeys that stopped, times what one brings on average.
        returned: part of those that reached it, that came back to it.
        stay: half stayed less.
        kpis: chosen measures of the phase; for all customers and personas in the usual phase model.
    """

    phase: str
    needs: tuple[NeedShown, ...]
    touchpoints: tuple[TouchpointShown, ...]
    more: int
    reached: Figure
    stopped: Figure
    value_at_risk_amount: float
    returned: Figure
    stay: Figure
    kpis: tuple[KpiShown, ...]


@dataclass(frozen=True)
class Remark:
    """A comment on a card."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class GroundShown:
    """What a card rests on.

    Attributes:
        kind: `number`, `quote` or `page`.
        reference: as it is kept.
        code, phase: of a number.
        figure: its value now; empty for the other kinds, and when it is not measured any more.
        text, at: of a quote; empty when the record is not there any more.
    """

    kind: str
    reference: str
    code: str
    phase: str
    figure: Figure | None
    text: str
    at: datetime | None


@dataclass(frozen=True)
class CardShown:
    """A card; the parts are those of `workspace.Card`, `is_new` when the as-is map has it not so."""

    card_id: str
    lane: str
    phase: str
    text: str
    changed_by: str
    changed_at: datetime
    comments: tuple[Remark, ...]
    grounds: tuple[GroundShown, ...]
    is_new: bool


@dataclass(frozen=True)
class Cell:
    """The cards in one lane and phase."""

    phase: str
    cards: tuple[CardShown, ...]


@dataclass(frozen=True)
class Lane:
    """A designed lane of one variant, a cell for each phase."""

    lane: str
    variant: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Quote:
    """A record of feedback that a card can rest on."""

    feedback_id: str
    channel: str
    at: datetime
    text: str


@dataclass(frozen=True)
class WrongCell:
    """A cell of a sheet that was not taken over, with the code of the reason."""

    sheet: str
    cell: str
    reason: str
    found: str


@dataclass(frozen=True)
class SheetReport:
    """What came of the sheet that was taken in last."""

    file: str
    by: str
    at: datetime
    new: int
    changed: int
    comments: int
    unchanged: int
    problems: tuple[WrongCell, ...]


@dataclass(frozen=True)
class JourneyMap:
    """The whole page.

    Attributes:
        as_of: moment up to which the measured lanes hold.
        first_at, last_at: period of the journeys.
        subjects: groups of customers to choose from.
        subject: the one chosen.
        models, model: phase models to choose from, and the one chosen.
        variant: `as_is`, `to_be` or `both`.
        number: version of the designed lanes; a change is made of this version.
        journeys: those that ended, on which drop-off rests.
        columns: measured lanes, in the order of the phases.
        emotions: points of the curve, from left to right; none when emotion is not measured.
        lanes: designed lanes.
        numbers: references of measured numbers that a card can rest on.
        chosen: the card that is open.
        can_undo, can_redo: whether there is something to take back, or to do again.
        versions: the newest first.
        report: of the last sheet.
        refused: code of why a change was not made: `changed`, `gone`, `wrong` or empty.
        refused_text: what the reader wanted to write then.
        find: words that were looked for in quotes.
        quotes: records in which they occur.
    """

    as_of: datetime
    first_at: datetime | None
    last_at: datetime | None
    subjects: tuple[SubjectShown, ...]
    subject: SubjectShown
    models: tuple[str, ...]
    model: str
    variant: str
    number: int
    journeys: Figure
    columns: tuple[Column, ...]
    emotions: tuple[EmotionPoint, ...]
    lanes: tuple[Lane, ...]
    numbers: tuple[str, ...]
    chosen: CardShown | None
    can_undo: bool
    can_redo: bool
    versions: tuple[VersionShown, ...]
    report: SheetReport | None
    refused: str
    refused_text: str
    find: str
    quotes: tuple[Quote, ...]
