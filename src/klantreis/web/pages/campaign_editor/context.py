"""What the editor of a campaign shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["EditorPage", "EditorQuery", "LetterEdited", "Problem", "StepEdited"]


@dataclass(frozen=True)
class EditorQuery:
    """Which campaign."""

    name: str = "abandoned_basket"


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where.

    Attributes:
        field: where it stands, as `steps.0.wait_hours`; empty when it is no field of this page.
        kind: code of what is wrong with a rule; empty for other fields.
        shown: the line of a rule with the mistake, and below it a caret; empty for other fields.
        got, allowed: what stands there, and what may.
        told: the whole message.
        limits: of a number: the smallest and the largest.
        meant: code of what may stand there, where it is said in words.
        ends: of a number or day in a rule, or its levels: the smallest and the largest.
    """

    field: str
    kind: str
    shown: str
    got: str
    allowed: str
    told: str
    limits: tuple[float, float] | None = None
    meant: str = ""
    ends: tuple[int, int] | tuple[date, date] | None = None


@dataclass(frozen=True)
class StepEdited:
    """One step as it is filled in.

    Attributes:
        place: from 0.
        length, unit: how long is waited, in `hours` or `days`.
        letter, instead: what is sent, and what while a payment failed or is pending.
        when: rule for who it is; empty for all.
    """

    place: int
    kind: str
    length: str
    unit: str
    letter: str
    instead: str
    is_service: bool
    when: str


@dataclass(frozen=True)
class LetterEdited:
    """One letter in one language as it is filled in, and as a made-up customer would get it.

    Attributes:
        place: among all letters and languages, from 0.
        shown_subject, paragraphs, shown_button: the example; empty while the letter is not right.
    """

    place: int
    name: str
    language: str
    subject: str
    preview: str
    text: str
    button: str
    link: str
    shown_subject: str
    paragraphs: tuple[str, ...]
    shown_button: str


@dataclass(frozen=True)
class EditorPage:
    """A campaign as it is being written.

    Attributes:
        name: in its address.
        is_running: whether it runs; saving then changes what goes out from now on.
        is_saved: whether what is shown is the flow.
        is_shipped: whether it came with the product, so that it can be brought back.
        problem: what is wrong; empty when it could be the flow.
        title_nl, title_en: as editors call it.
        kind: what its effect is compared with.
        channel, channels: how it is sent, and how it can be.
        holdout_percent: part that gets nothing.
        reentry_days: after how many days one may enter again; empty for never.
        event, events: moment that makes a customer enter, and those that can.
        within, within_unit: how long ago that may be.
        score_at_most: of a review or survey, on -1 to 1; empty for any.
        rule: who; empty for everybody.
        exits: events that end it.
        audiences: names of saved audiences, which rules can ask for.
        steps: in order.
        letters: by name, each in its languages.
        letter_names: those that steps can send.
        names: what a letter may speak of.
        text: the same as TOML.
    """

    name: str
    is_running: bool
    is_saved: bool
    is_shipped: bool
    problem: Problem | None
    title_nl: str
    title_en: str
    kind: str
    channel: str
    channels: tuple[str, ...]
    holdout_percent: str
    reentry_days: str
    event: str
    events: tuple[str, ...]
    within: str
    within_unit: str
    score_at_most: str
    rule: str
    exits: tuple[str, ...]
    audiences: tuple[str, ...]
    steps: tuple[StepEdited, ...]
    letters: tuple[LetterEdited, ...]
    letter_names: tuple[str, ...]
    names: tuple[str, ...]
    text: str
