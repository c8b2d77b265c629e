"""A flow as fields that are filled in: all texts, right or not, so that nothing typed gets lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from klantreis.campaigns.flows import LANGUAGES, LETTER_FIELDS

__all__ = [
    "FlowFields",
    "LetterFields",
    "StepFields",
    "changed",
    "fields_of",
    "raw_of",
]

HOURS = {"hours": 1, "days": 24}
HUNDRED = Decimal(100)
LARGEST = 10**9


@dataclass(frozen=True)
class StepFields:
    """One step.

    Attributes:
        kind: `wait`, `send` or `stop`.
        length, unit: how long is waited, in `hours` or `days`.
        letter, instead: what is sent, and what while a payment failed or is pending.
        is_service: whether it is a service message.
        when: rule for who it is; empty for all.
    """

    kind: str
    length: str = ""
    unit: str = "hours"
    letter: str = ""
    instead: str = ""
    is_service: bool = False
    when: str = ""


@dataclass(frozen=True)
class LetterFields:
    """One letter in one language; paragraphs of the text with an empty line between them."""

    name: str
    language: str
    subject: str = ""
    preview: str = ""
    text: str = ""
    button: str = ""
    link: str = ""

    @property
    def is_empty(self) -> bool:
        return not any((self.subject, self.preview, self.text, self.button, self.link))


@dataclass(frozen=True)
class FlowFields:
    """A flow; see `Flow` for what the fields mean.

    Attributes:
        holdout_percent: of `Flow.holdout`.
        reentry_days: empty for never.
        within, within_unit: how long ago the trigger's event may be.
    """

    name: str
    title_nl: str
    title_en: str
    kind: str
    channel: str
    holdout_percent: str
    reentry_days: str
    event: str
    within: str
    within_unit: str
    score_at_most: str
    rule: str
    exits: tuple[str, ...]
    steps: tuple[StepFields, ...]
    letters: tuple[LetterFields, ...]


def fields_of(raw: Mapping[str, Any]) -> FlowFields:
    """The fields of a flow, from its TOML as it was read; what it leaves out has its default."""
    title, trigger = _table(raw, "title"), _table(raw, "trigger")
    name = _text(raw.get("name", ""))
    usual = name.replace("_", " ").capitalize()
    within, unit = _length(trigger.get("within_hours", 72))
    reentry = raw.get("reentry_days", 0)
    steps, exits = raw.get("steps", ()), raw.get("exits", ())
    return FlowFields(
        name=name,
        title_nl=_text(title.get("nl", usual)),
        title_en=_text(title.get("en", usual)),
        kind=_text(raw.get("kind", name)),
        channel=_text(raw.get("channel", "email")),
        holdout_percent=_scaled(raw.get("holdout", 0.1), HUNDRED),
        reentry_days="" if reentry == 0 else _text(reentry),
        event=_text(trigger.get("event", "")),
        within=within,
        within_unit=unit,
        score_at_most=_text(trigger.get("score_at_most", "")),
        rule=_text(trigger.get("rule", "")),
        exits=tuple(map(_text, exits)) if isinstance(exits, list) else (),
        steps=tuple(map(_step, steps)) if isinstance(steps, list) else (),
        letters=tuple(_letters(_table(raw, "letters"))),
    )


def raw_of(fields: FlowFields) -> dict[str, Any]:
    """The TOML of fields; a number that is none stays a text, and is refused at its place."""
    trigger: dict[str, Any] = {"within_hours": _hours(fields.within, fields.within_unit)}
    if fields.event:
        trigger = {"event": fields.event, **trigger}
    if fields.score_at_most:
        trigger["score_at_most"] = _number(fields.score_at_most)
    if fields.rule:
        trigger["rule"] = fields.rule
    return {
        "name": fields.name,
        "kind": fields.kind or fields.name,
        "channel": fields.channel,
        "holdout": _number(fields.holdout_percent, 1 / HUNDRED),
        "reentry_days": _number(fields.reentry_days or "0"),
        "exits": list(fields.exits),
        "title": {"nl": fields.title_nl, "en": fields.title_en},
        "trigger": trigger,
        "steps": [_raw_step(step) for step in fields.steps],
        "letters": _raw_letters(fields.letters),
    }


def changed(fields: FlowFields, wish: str, new_letter: str = "") -> FlowFields:
    """Fields after a wish of their editor.

    Args:
        fields: as they are.
        wish: `add:wait`, `add:send`, `add:stop`, `up:<step>`, `down:<step>`, `remove:<step>`,
            `letter`, or `unletter:<name>`; steps from 0. Another wish changes nothing.
        new_letter: name of a letter to add.
    """
    kind, _, about = wish.partition(":")
    steps = list(fields.steps)
    place = int(about) if about.isdecimal() else -1
    if kind == "add" and about in ("wait", "send", "stop"):
        first = fields.letters[0].name if fields.letters else ""
        steps.append(StepFields(about, length="24", letter=first if about == "send" else ""))
    elif kind == "letter" and new_letter:
        taken = {letter.name for letter in fields.letters}
        more = [LetterFields(new_letter, one) for one in LANGUAGES if new_letter not in taken]
        return replace(fields, letters=(*fields.letters, *more))
    elif kind == "unletter":
        kept = tuple(letter for letter in fields.letters if letter.name != about)
        return replace(fields, letters=kept)
    elif not 0 <= place < len(steps):
        return fields
    elif kind == "remove":
        del steps[place]
    elif kind in ("up", "down"):
        other = place + (1 if kind == "down" else -1)
        if 0 <= other < len(steps):
            steps[place], steps[other] = steps[other], steps[place]
    return replace(fields, steps=tuple(steps))


# From TOML


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name, {})
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value if isinstance(value, str) else repr(value)
    return _plain(Decimal(repr(value)))


def _plain(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(value: object, by: Decimal) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return _plain(Decimal(repr(value)) * by) if is_number else _text(value)


def _length(hours: object) -> tuple[str, str]:
    """Hours as they are best read: whole days from two days on."""
    if isinstance(hours, int | float) and hours >= 48 and hours % 24 == 0:
        return _text(int(hours // 24)), "days"
    return _text(hours), "hours"


def _step(raw: object) -> StepFields:
    given = raw if isinstance(raw, Mapping) else {}
    when = _text(given.get("when", ""))
    if "send" in given:
        return StepFields(
            "send",
            letter=_text(given["send"]),
            instead=_text(given.get("instead", "")),
            is_service=given.get("service", False) is True,
            when=when,
        )
    if "stop" in given:
        return StepFields("stop", when=when)
    length, unit = _length(given.get("wait_hours", ""))
    return StepFields("wait", length=length, unit=unit, when=when)


def _letters(raw: Mapping[str, Any]) -> list[LetterFields]:
    """Every letter in its own languages and then in ours, which may be empty."""
    found = []
    for name, languages in raw.items():
        given = languages if isinstance(languages, Mapping) else {}
        for language in dict.fromkeys((*given, *LANGUAGES)):
            own = _table(given, language)
            texts = {field: _text(own.get(field, "")) for field in LETTER_FIELDS}
            found.append(LetterFields(name, language, **texts))
    return found


# To TOML


def _number(text: str, by: Decimal = Decimal(1)) -> float | int | str:
    """A number as it is typed, with comma or point; else the text itself."""
    try:
        number = Decimal(text.strip().replace(",", ".")) * by
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number) > LARGEST:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _hours(length: str, unit: str) -> float | int | str:
    return _number(length, Decimal(HOURS.get(unit, 1)))


def _raw_step(step: StepFields) -> dict[str, Any]:
    raw: dict[str, Any]
    if step.kind == "wait":
        raw = {"wait_hours": _hours(step.length, step.unit)}
    elif step.kind == "stop":
        raw = {"stop": True}
    else:
        raw = {"send": step.letter}
        raw |= {"instead": step.instead} if step.instead else {}
        raw |= {"service": True} if step.is_service else {}
    return raw | ({"when": step.when} if step.when else {})


def _raw_letters(letters: tuple[LetterFields, ...]) -> dict[str, Any]:
    """Letters by name and language; a language that nobody wrote in is left out."""
    found: dict[str, Any] = {}
    for letter in letters:
        others = [one for one in letters if one.name == letter.name and not one.is_empty]
        if letter.is_empty and others:
            continue
        texts = {name: getattr(letter, name) for name in LETTER_FIELDS}
        kept = {name: text for name, text in texts.items() if text or name in ("subject", "text")}
        found.setdefault(letter.name, {})[letter.language] = kept
    return found
