"""What the page of one campaign shows, and what its address may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from klantreis.web.effects import EffectShown

__all__ = ["CampaignPage", "CampaignQuery", "LetterShown", "LogEntry", "Outcome", "StepShown"]

Action = Annotated[str, Query(max_length=20)]


@dataclass(frozen=True)
class CampaignQuery:
    """Which campaign.

    Attributes:
        name: of the campaign.
        action: only decisions of this kind in the log; empty for all.
    """

    name: str = "abandoned_basket"
    action: Action = ""


@dataclass(frozen=True)
class StepShown:
    """One step of the flow.

    Attributes:
        seconds: how long is waited.
        letter, instead: what is sent, and what while a payment failed or is pending.
        when: the rule for who the step is; empty for all.
    """

    kind: Literal["wait", "send", "stop"]
    seconds: float
    letter: str
    instead: str
    is_service: bool
    when: str


@dataclass(frozen=True)
class Outcome:
    """What would happen with how many customers, and a few of them."""

    action: str
    reason: str
    customers: int
    examples: tuple[int, ...]


@dataclass(frozen=True)
class LetterShown:
    """A letter as a made-up customer would get it."""

    name: str
    language: str
    subject: str
    paragraphs: tuple[str, ...]
    button: str
    link: str


@dataclass(frozen=True)
class LogEntry:
    """One decision about one customer, and why."""

    at: datetime
    customer_id: int
    action: str
    reason: str
    letter: str


@dataclass(frozen=True)
class CampaignPage:
    """One campaign.

    Attributes:
        as_of: moment up to which the tables hold; who would get it is worked out for then.
        name: in its address.
        title_nl, title_en: as editors call it.
        changed_at, changed_by: last change; empty for a flow as it came.
        trigger_event, trigger_rule, trigger_seconds: who enters, when.
        exits: events that end it.
        reentry_seconds: after how long one may enter again; empty for never.
        holdout, global_holdout: parts that get nothing.
        letters: in every language.
        names: what a letter may speak of.
        customers, looked_at: for whom the trigger holds, and of how many it was worked out.
        outcomes: what would happen if the first message went out now.
        outbox: messages by where they stand.
        log: last decisions, newest first.
        action: kind of decision that the log is narrowed to.
        text: the flow as an editor last wrote it.
        is_saved: whether that is the flow.
        problem: what is wrong with that; empty when it is the flow.
    """

    as_of: datetime
    name: str
    title_nl: str
    title_en: str
    channel: str
    is_running: bool
    is_service: bool
    changed_at: datetime | None
    changed_by: str
    trigger_event: str
    trigger_rule: str
    trigger_seconds: float
    exits: tuple[str, ...]
    reentry_seconds: float | None
    holdout: float
    global_holdout: float
    steps: tuple[StepShown, ...]
    letters: tuple[LetterShown, ...]
    names: tuple[str, ...]
    customers: int
    looked_at: int
    outcomes: tuple[Outcome, ...]
    outbox: tuple[tuple[str, int], ...]
    log: tuple[LogEntry, ...]
    action: str
    effect: EffectShown | None
    text: str
    is_saved: bool
    problem: str
