"""What the page of needs shows, and what its address may ask. Moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query

from klantreis.web.named import Named
from klantreis.words import Figure

__all__ = [
    "Feeling",
    "Group",
    "Needs",
    "NeedsQuery",
    "NoteShown",
    "Recovery",
    "SearchRow",
    "Searched",
    "TermShown",
    "TopicRow",
    "TopicShown",
]


@dataclass(frozen=True)
class NeedsQuery:
    """Of whom, and in which phase model.

    `group` is empty for everybody, or a segmentation and a segment as `channel.omnichannel` or
    `persona.price`.
    """

    group: Annotated[str, Query(max_length=200)] = ""
    model: Annotated[str, Query(max_length=100)] = ""


@dataclass(frozen=True)
class Group:
    """A group that can be chosen.

    Attributes:
        code: as the address takes it.
        segmentation: division that it belongs to.
        name: a persona's topic in both languages; of a segment the code alone.
    """

    code: str
    segmentation: str
    name: Named


@dataclass(frozen=True)
class TopicRow:
    """One topic.

    Attributes:
        topic: its name.
        is_problem: whether it is something that went wrong.
        statements: how many statements are about it.
        asked, assumed: how many of those answer a survey, and are notes of our own.
        share: customers who told of it, of those in the group who said anything.
        everyone: the same for all customers.
        phases: share by phase, in the order of the phases; a share of 0 where nobody said so.
    """

    topic: Named
    is_problem: bool
    statements: int
    asked: int
    assumed: int
    share: Figure
    everyone: Figure
    phases: tuple[Figure, ...]


@dataclass(frozen=True)
class TermShown:
    """A term that was searched.

    Attributes:
        term: in small letters.
        place: search engine, or `site` for our own.
        times: shown in the search engine, or searched on the site.
    """

    term: str
    place: str
    times: int


@dataclass(frozen=True)
class SearchRow:
    """How often was searched for a topic.

    Attributes:
        topic: its name.
        shown: times that our pages were shown in search engines; empty where nothing is known.
        clicks: times clicked there.
        on_site: times searched on the site; empty where nothing is known.
        terms: that were searched most.
    """

    topic: Named
    shown: int | None
    clicks: int | None
    on_site: int | None
    terms: tuple[TermShown, ...]


@dataclass(frozen=True)
class Searched:
    """What was searched for.

    Attributes:
        reported_on: last day that search engines reported of; empty where no report tells.
        rows: by topic, most searched first.
        shown, on_site: times in search engines and on the site, also about no topic; empty where
            nothing is known.
        unplaced: terms about no topic of the list, most searched first.
    """

    reported_on: date | None
    rows: tuple[SearchRow, ...]
    shown: int | None
    on_site: int | None
    unplaced: tuple[TermShown, ...]


@dataclass(frozen=True)
class Feeling:
    """Mean emotion in a phase.

    Attributes:
        phase: of the phase model.
        kind: `score`, `text` or `behaviour`.
        emotion: mean on -2 to 2.
        negative: how many lie at -0.5 or lower.
        positive: how many lie at 0.5 or higher.
    """

    phase: str
    kind: str
    emotion: Figure
    negative: int
    positive: int


@dataclass(frozen=True)
class Recovery:
    """What went wrong and came right.

    Attributes:
        event: what it was.
        went_wrong: how often.
        spoke: after how many of those the customer said anything.
        came_right: part after which the customer said something positive.
        days: mean time until then; empty when it never did.
    """

    event: str
    went_wrong: int
    spoke: int
    came_right: Figure
    days: float | None


@dataclass(frozen=True)
class TopicShown:
    """A topic of the list, to change.

    Attributes:
        topic_id: code.
        name: in both languages.
        description: in both languages.
        keywords_nl, keywords_en: words, with a comma between.
        moment: where it usually belongs.
        is_problem: whether it is something that went wrong.
        is_shipped: whether it comes with the product.
        changed_by: who changed it last; empty for the shipped one.
        changed_at: when.
    """

    topic_id: str
    name: Named
    description: Named
    keywords_nl: str
    keywords_en: str
    moment: str
    is_problem: bool
    is_shipped: bool
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True)
class NoteShown:
    """What somebody wrote down.

    Attributes:
        note_id: number.
        text: of the note.
        moment: where it belongs; empty for where its topic usually does.
        written_by: who.
        written_at: when.
    """

    note_id: int
    text: str
    moment: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True)
class Needs:
    """The whole page.

    Attributes:
        as_of: moment of measuring (UTC).
        group: that is shown; empty for everybody.
        groups: that can be chosen.
        model: phase model that is shown.
        models: that can be chosen.
        phases: of the model, in order.
        speakers: customers in the group who said anything.
        rows: topics, most told first.
        searched: what was searched for.
        feelings: by phase and kind.
        recoveries: what went wrong, most often first.
        within_days: how long after it something may come right.
        topics: the list in use.
        removed: topics of the product that were taken off.
        notes: what was written down, the newest first.
        waits: changes of topics and notes since the last run, which do not count yet.
    """

    as_of: datetime
    group: str
    groups: tuple[Group, ...]
    model: str
    models: tuple[str, ...]
    phases: tuple[str, ...]
    speakers: Figure
    rows: tuple[TopicRow, ...]
    searched: Searched
    feelings: tuple[Feeling, ...]
    recoveries: tuple[Recovery, ...]
    within_days: int
    topics: tuple[TopicShown, ...]
    removed: tuple[str, ...]
    notes: tuple[NoteShown, ...]
    waits: int
