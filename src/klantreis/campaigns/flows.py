"""A flow: whom a campaign is about, what is sent when, and what ends it; written in TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from klantreis.rules import Rule

__all__ = [
    "LANGUAGES",
    "LETTER_FIELDS",
    "SHIPPED",
    "Flow",
    "Send",
    "Step",
    "Stop",
    "Trigger",
    "Wait",
    "shipped",
]

SHIPPED = (
    "abandoned_basket",
    "thank_you",
    "review_request",
    "review_rescue",
    "win_back",
    "cross_sell",
)
LETTER_FIELDS = ("subject", "text", "preview", "button", "link")
LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Trigger:
    """What makes a customer enter.

    Attributes:
        event: the moment that starts it; empty when the rule alone does.
        within: how long ago the moment may be.
        score_at_most: for a review or survey: only when the score (-1 to 1) is no higher.
        rule: who; none for everybody.
    """

    event: str = ""
    within: timedelta = timedelta(days=3)
    score_at_most: float | None = None
    rule: Rule | None = None


@dataclass(frozen=True)
class Wait:
    """Wait so long since the step before."""

    length: timedelta
    when: Rule | None = None


@dataclass(frozen=True)
class Send:
    """Send a letter.

    Attributes:
        letter: its name.
        instead: service letter that goes out in its place while a payment failed or is pending.
        is_service: about something the customer bought or asked; needs no consent to marketing.
        when: only to who this holds for; the others go on to the next step.
    """

    letter: str
    instead: str = ""
    is_service: bool = False
    when: Rule | None = None


@dataclass(frozen=True)
class Stop:
    """The end, for who `when` holds for."""

    when: Rule | None = None


Step: TypeAlias = Wait | Send | Stop


@dataclass(frozen=True)
class Flow:
    """A campaign as it is designed.

    Attributes:
        name: unique; also names its files and mails.
        title: as editors see it, by language.
        kind: what it is compared with: earlier campaigns of the same kind.
        channel: how it is sent.
        trigger: who enters, and when.
        exits: events after entering that end it.
        reentry: how long after entering a customer may enter again; never when none.
        holdout: part that gets nothing, at random, to measure the effect by.
        steps: in order.
        letters: by name and language, each with subject, text, preview, button and link.
    """

    name: str
    title: Mapping[str, str]
    kind: str
    channel: str
    trigger: Trigger
    exits: tuple[str, ...]
    reentry: timedelta | None
    holdout: float
    steps: tuple[Step, ...]
    letters: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def is_service(self) -> bool:
        """Whether it sends service messages only; those are held back from nobody."""
        return all(step.is_service for step in self.steps if isinstance(step, Send))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule in it."""
        found = (self.trigger.rule, *(step.when for step in self.steps))
        return tuple(rule for rule in found if rule is not None)

    def letter(self, name: str, language: str) -> Mapping[str, str]:
        """A letter in a language, else in the first language that it has."""
        languages = self.letters[name]
        return languages.get(language) or next(iter(languages.values()))


@cache
def shipped(name: str) -> str:
    """The text of a flow that comes with the product."""
    return files("klantreis.campaigns").joinpath("shipped", f"{name}.toml").read_text("utf-8")
