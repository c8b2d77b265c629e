"""A flow: whom a campaign is about, what is sent when, and what ends it; written in TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn, TypeAlias

from klantreis.errors import InputError, message
from klantreis.rules import Rule, parse
from klantreis.tables.vocabulary import EVENTS

__all__ = ["SHIPPED", "Flow", "Send", "Step", "Stop", "Trigger", "Wait", "read_flow", "shipped"]

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


def read_flow(text: str, *, channels: Collection[str], own_events: Collection[str] = ()) -> Flow:
    """Read and check a flow.

    Args:
        text: TOML, as those in `campaigns/shipped`.
        channels: how it may be sent.
        own_events: events of this shop beside the shared vocabulary.

    Raises:
        InputError: not TOML, or a field is wrong; says which, what it is and what is allowed.
        RuleError: a rule in it is wrong; says at which character.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(message("Not valid TOML", where="the flow", got=str(error))) from error
    return _Fields(raw, "the flow", own_events).flow(channels)


class _Fields:
    """The fields of one TOML table, taken out one by one; what is left over is unknown."""

    def __init__(self, raw: Mapping[str, Any], where: str, own_events: Collection[str]) -> None:
        self.raw = dict(raw)
        self.known: list[str] = []
        self.where, self.own_events = where, own_events

    def flow(self, channels: Collection[str]) -> Flow:
        name = self.text("name", required=True)
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
            self.refuse("name", name, "small letters, digits and _, as abandoned_basket")
        channel = self.text("channel", default="email", allowed=tuple(channels))
        reentry = self.number("reentry_days", default=0.0, lowest=0)
        flow = Flow(
            name=name,
            title=self.title(name),
            kind=self.text("kind", default=name),
            channel=channel,
            trigger=self.inner("trigger").trigger(),
            exits=self.events("exits"),
            reentry=timedelta(days=reentry) if reentry else None,
            holdout=self.number("holdout", default=0.1, lowest=0, highest=0.9),
            steps=self.steps(),
            letters=self.letters(),
        )
        self.finish()
        self.check_letters(flow)
        return flow

    def trigger(self) -> Trigger:
        event = self.text("event", default="")
        if event and event not in (*EVENTS, *self.own_events):
            self.refuse("event", event, ", ".join(EVENTS))
        score = self.number("score_at_most", default=9.0, lowest=-1, highest=9)
        found = Trigger(
            event=event,
            within=timedelta(hours=self.number("within_hours", default=72.0, lowest=1)),
            score_at_most=None if score > 1 else score,
            rule=self.rule("rule"),
        )
        self.finish()
        if not event and found.rule is None:
            self.refuse("rule", "neither event nor rule", "an event, a rule or both")
        return found

    def title(self, name: str) -> dict[str, str]:
        fields = self.inner("title")
        default = name.replace("_", " ").capitalize()
        title = {language: fields.text(language, default=default) for language in LANGUAGES}
        fields.finish()
        return title

    def steps(self) -> tuple[Step, ...]:
        self.known.append("steps")
        raw = self.raw.pop("steps", [])
        if not isinstance(raw, list) or not raw or not all(isinstance(one, dict) for one in raw):
            self.refuse("steps", type(raw).__name__, "one [[steps]] or more")
        return tuple(
            _Fields(one, f"step {place} of {self.where}", self.own_events).step()
            for place, one in enumerate(raw, start=1)
        )

    def step(self) -> Step:
        kinds = [kind for kind in ("wait_hours", "send", "stop") if kind in self.raw]
        if len(kinds) != 1:
            self.refuse("step", ", ".join(self.raw), "one of wait_hours, send, stop")
        when = self.rule("when")
        step: Step
        if kinds == ["wait_hours"]:
            hours = self.number("wait_hours", default=0.0, lowest=0, highest=24 * 366)
            step = Wait(timedelta(hours=hours), when)
        elif kinds == ["send"]:
            letter, instead = self.text("send", required=True), self.text("instead", default="")
            step = Send(letter, instead, self.flag("service"), when)
        else:
            self.flag("stop")
            step = Stop(when)
        self.finish()
        return step

    def letters(self) -> dict[str, dict[str, dict[str, str]]]:
        self.known.append("letters")
        found: dict[str, dict[str, dict[str, str]]] = {}
        for name, languages in self.raw.pop("letters", {}).items():
            for language, letter in languages.items():
                where = f"letter {name}.{language} of {self.where}"
                fields = _Fields(letter, where, self.own_events)
                texts = {f: fields.text(f, default="") for f in LETTER_FIELDS}
                fields.finish()
                found.setdefault(name, {})[language] = texts
        return found

    def check_letters(self, flow: Flow) -> None:
        sends = [step for step in flow.steps if isinstance(step, Send)]
        wanted = {name for step in sends for name in (step.letter, step.instead) if name}
        lacking = sorted(wanted - set(flow.letters))
        if lacking:
            self.refuse(
                "send", ", ".join(lacking), ", ".join(flow.letters) or "[letters.<name>.nl]"
            )

    # Values of one kind

    def text(
        self, name: str, *, default: str = "", required: bool = False, allowed: tuple[str, ...] = ()
    ) -> str:
        value = self.take(name, default)
        if not isinstance(value, str) or (required and not value):
            self.refuse(name, repr(value), "a text")
        if allowed and value not in allowed:
            self.refuse(name, repr(value), ", ".join(allowed))
        return str(value)

    def number(self, name: str, *, default: float, lowest: float, highest: float = 10_000) -> float:
        value = self.take(name, default)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not lowest <= value <= highest:
            self.refuse(name, repr(value), f"a number from {lowest:g} to {highest:g}")
        return float(value)

    def flag(self, name: str) -> bool:
        value = self.take(name, False)
        if not isinstance(value, bool):
            self.refuse(name, repr(value), "true or false")
        return bool(value)

    def events(self, name: str) -> tuple[str, ...]:
        values = self.take(name, [])
        known = (*EVENTS, *self.own_events)
        if not isinstance(values, list) or not all(value in known for value in values):
            self.refuse(name, repr(values), ", ".join(EVENTS))
        return tuple(values)

    def rule(self, name: str) -> Rule | None:
        text = self.text(name)
        return parse(text, own_events=self.own_events) if text else None

    def inner(self, name: str) -> _Fields:
        value = self.take(name, {})
        if not isinstance(value, dict):
            self.refuse(name, repr(value), f"[{name}]")
        return _Fields(value, f"[{name}] of {self.where}", self.own_events)

    def take(self, name: str, default: Any) -> Any:
        self.known.append(name)
        return self.raw.pop(name, default)

    def finish(self) -> None:
        if self.raw:
            unknown = ", ".join(self.raw)
            raise InputError(
                message(
                    "Unknown field", where=self.where, got=unknown, allowed=", ".join(self.known)
                )
            )

    def refuse(self, name: str, got: str, allowed: str) -> NoReturn:
        raise InputError(
            message("A field is wrong", where=f"{name} in {self.where}", got=got, allowed=allowed)
        )
