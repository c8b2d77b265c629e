"""From TOML to flow: every field checked, and every mistake named with the field that it is in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

from klantreis.campaigns.flows import (
    LANGUAGES,
    LETTER_FIELDS,
    Flow,
    Send,
    Step,
    Stop,
    Trigger,
    Wait,
)
from klantreis.errors import FieldError, InputError, RuleError, message
from klantreis.rules import Rule, parse
from klantreis.tables.vocabulary import EVENTS

__all__ = ["read_flow"]


def read_flow(
    text: str,
    *,
    channels: Collection[str],
    own_events: Collection[str] = (),
    audiences: Mapping[str, Rule] | None = None,
) -> Flow:
    """Read and check a flow.

    Args:
        text: TOML, as those in `campaigns/shipped`.
        channels: how it may be sent.
        own_events: events of this shop beside the shared vocabulary.
        audiences: saved audiences that rules may ask for, by name.

    Raises:
        InputError: not TOML, or a field is wrong; says which, what it is and what is allowed.
        RuleError: a rule in it is wrong; says at which character.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(message("Not valid TOML", where="the flow", got=str(error))) from error
    return _Fields(raw, "the flow", _Words(own_events, audiences or {})).flow(channels)


@dataclass(frozen=True)
class _Words:
    """What rules and fields may speak of beside the shared vocabulary."""

    own_events: Collection[str]
    audiences: Mapping[str, Rule]


class _Fields:
    """The fields of one TOML table, taken out one by one; what is left over is unknown."""

    def __init__(
        self, raw: Mapping[str, Any], where: str, words: _Words, path: tuple[str, ...] = ()
    ) -> None:
        self.raw = dict(raw)
        self.known: list[str] = []
        self.where, self.words, self.path = where, words, path

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
        if event and event not in (*EVENTS, *self.words.own_events):
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
            _Fields(
                one, f"step {place + 1} of {self.where}", self.words, ("steps", str(place))
            ).step()
            for place, one in enumerate(raw)
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
        found: dict[str, dict[str, dict[str, str]]] = {}
        for name, languages in self.tables("letters", "[letters.<name>.nl]").items():
            given = _Fields({name: languages}, "letters", self.words, ("letters",))
            for language, letter in given.tables(name, f"[letters.{name}.nl]").items():
                where = f"letter {name}.{language} of {self.where}"
                fields = _Fields(letter, where, self.words, ("letters", name, language))
                texts = {f: fields.text(f, default="") for f in LETTER_FIELDS}
                fields.finish()
                found.setdefault(name, {})[language] = texts
        return found

    def check_letters(self, flow: Flow) -> None:
        if not any(isinstance(step, Send) for step in flow.steps):
            self.refuse("steps", "no step that sends", "one [[steps]] with send, or more")
        allowed = ", ".join(flow.letters) or "[letters.<name>.nl]"
        for place, step in enumerate(flow.steps):
            if isinstance(step, Send):
                fields = _Fields({}, f"step {place + 1}", self.words, ("steps", str(place)))
                for name, letter in (("send", step.letter), ("instead", step.instead)):
                    if letter and letter not in flow.letters:
                        fields.refuse(name, letter, allowed)

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
            allowed = f"a number from {lowest:g} to {highest:g}"
            self.refuse(name, repr(value), allowed, limits=(lowest, highest))
        return float(value)

    def flag(self, name: str) -> bool:
        value = self.take(name, False)
        if not isinstance(value, bool):
            self.refuse(name, repr(value), "true or false")
        return bool(value)

    def events(self, name: str) -> tuple[str, ...]:
        values = self.take(name, [])
        known = (*EVENTS, *self.words.own_events)
        if not isinstance(values, list) or not all(value in known for value in values):
            self.refuse(name, repr(values), ", ".join(EVENTS))
        return tuple(values)

    def rule(self, name: str) -> Rule | None:
        text = self.text(name)
        if not text:
            return None
        words = self.words
        try:
            return parse(text, own_events=words.own_events, audiences=words.audiences)
        except RuleError as error:
            error.field = self.place(name)
            raise

    def inner(self, name: str) -> _Fields:
        value = self.take(name, {})
        if not isinstance(value, dict):
            self.refuse(name, repr(value), f"[{name}]")
        return _Fields(value, f"[{name}] of {self.where}", self.words, (*self.path, name))

    def tables(self, name: str, allowed: str) -> dict[str, dict[str, Any]]:
        value = self.take(name, {})
        if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
            self.refuse(name, repr(value), allowed)
        return dict(value)

    def take(self, name: str, default: Any) -> Any:
        self.known.append(name)
        return self.raw.pop(name, default)

    def finish(self) -> None:
        if self.raw:
            unknown = ", ".join(self.raw)
            raise FieldError(
                self.place(next(iter(self.raw))),
                message(
                    "Unknown field", where=self.where, got=unknown, allowed=", ".join(self.known)
                ),
                unknown,
                ", ".join(self.known),
            )

    def refuse(
        self, name: str, got: str, allowed: str, *, limits: tuple[float, float] | None = None
    ) -> NoReturn:
        raise FieldError(
            self.place(name),
            message("A field is wrong", where=f"{name} in {self.where}", got=got, allowed=allowed),
            got,
            allowed,
            limits,
        )

    def place(self, name: str) -> str:
        """Where a field stands, as `steps.0.wait_hours`."""
        return ".".join((*self.path, name))
