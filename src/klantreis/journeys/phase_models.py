"""Phase models: the stages of a journey, and which touchpoints belong to each, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from klantreis import registry
from klantreis.errors import SettingsError, message
from klantreis.journeys.touchpoints import ROLES, fits, role
from klantreis.tables import contract

__all__ = [
    "AWARENESS_TO_ADVOCACY",
    "INSPIRATION_TO_FEEDBACK",
    "SEE_THINK_DO_CARE",
    "Phase",
    "PhaseModel",
    "PhaseRule",
    "phase",
    "phase_models",
    "read_phase_model",
]

LANGUAGES = ("nl", "en")
NO_PHASE = "none"
RESERVED = (NO_PHASE, "start", "purchase_end", "lapse_end", "open_end")  # see `transitions`
FOLDER = Path(__file__).with_name("phases")
CONDITIONS = ("events", "channels", "roles", "moments")


@dataclass(frozen=True)
class Phase:
    """One phase, with its name and description by language (`nl`, `en`)."""

    id: str
    name: Mapping[str, str]
    description: Mapping[str, str]


@dataclass(frozen=True)
class PhaseRule:
    """Touchpoints that belong to a phase; an empty condition fits all, all must fit.

    Attributes:
        phase: id of the phase, or `none` for touchpoints without one.
        events, channels: names as in the timeline.
        roles: as in `touchpoints.toml`.
        moments: before, at or after the purchase of the journey.
        entry: only as the first step of a journey.
    """

    phase: str
    events: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    entry: bool = False

    @property
    def fits_all(self) -> bool:
        return not (self.entry or any(getattr(self, name) for name in CONDITIONS))


@dataclass(frozen=True)
class PhaseModel:
    """A set of phases in their order, and the rules that assign touchpoints to them.

    The first rule that fits decides; the last one fits everything, so that every touchpoint has
    a phase or is without one on purpose.
    """

    id: str
    name: Mapping[str, str]
    phases: tuple[Phase, ...]
    rules: tuple[PhaseRule, ...]

    @property
    def phase_ids(self) -> tuple[str, ...]:
        return tuple(phase.id for phase in self.phases)


def phase_models() -> tuple[PhaseModel, ...]:
    """All registered phase models, in alphabetical order of their ids."""
    models = cast(Mapping[str, PhaseModel], registry.load_all("phase_models")).values()
    return tuple(sorted(models, key=lambda model: model.id))


def phase(model: PhaseModel, steps: ir.Table) -> ir.StringValue:
    """The phase of each step; empty (null) where the model gives it none.

    Args:
        steps: `event`, `channel`, `moment` and `position`.
    """
    event, channel = steps["event"], steps["channel"]
    step_role = role(event, channel)
    branches = [
        (
            fits(event, rule.events)
            & fits(channel, rule.channels)
            & fits(step_role, rule.roles)
            & fits(steps["moment"], rule.moments)
            & ((steps["position"] == 1) if rule.entry else ibis.literal(True)),
            rule.phase,
        )
        for rule in model.rules
    ]
    return ibis.cases(*branches).nullif(NO_PHASE)


def read_phase_model(file: Path) -> PhaseModel:
    """Read and check a phase model.

    Raises:
        SettingsError: says which part of the file is wrong, and what is allowed there.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            message("Not a readable TOML file", where=str(file), got=str(error))
        ) from error
    check = _Check(file)
    check.names(raw, ("id", "name", "phases", "rules"), "the model")
    model = PhaseModel(
        id=check.word(raw.get("id"), "id"),
        name=check.texts(raw.get("name"), "name"),
        phases=tuple(check.phase(part) for part in check.parts(raw, "phases")),
        rules=tuple(check.rule(part) for part in check.parts(raw, "rules")),
    )
    check.model(model)
    return model


@dataclass(frozen=True)
class _Check:
    """Turns raw TOML into checked parts; every refusal names the file and the place."""

    file: Path

    def refuse(self, what: str, place: str, got: object, allowed: str) -> SettingsError:
        where = f"{place} of {self.file}"
        return SettingsError(message(what, where=where, got=repr(got), allowed=allowed))

    def names(self, part: Mapping[str, Any], allowed: Sequence[str], place: str) -> None:
        for name in part:
            if name not in allowed:
                raise self.refuse("Unknown name", place, name, ", ".join(allowed))

    def word(self, value: object, place: str) -> str:
        if not isinstance(value, str) or not value.isidentifier() or not value.islower():
            raise self.refuse("Wrong id", place, value, "small letters, digits and _")
        return value

    def texts(self, value: object, place: str) -> Mapping[str, str]:
        texts = value if isinstance(value, dict) else {}
        if not all(isinstance(texts.get(code), str) and texts[code] for code in LANGUAGES):
            raise self.refuse("Text is lacking", place, value, f"a text for {', '.join(LANGUAGES)}")
        return {code: texts[code] for code in LANGUAGES}

    def parts(self, raw: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        value = raw.get(name)
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise self.refuse("Part is lacking", name, value, f"one or more [[{name}]]")
        return value

    def phase(self, part: Mapping[str, Any]) -> Phase:
        self.names(part, ("id", "name", "description"), "[[phases]]")
        own = self.word(part.get("id"), "id in [[phases]]")
        return Phase(
            own,
            self.texts(part.get("name"), f"name of phase {own}"),
            self.texts(part.get("description"), f"description of phase {own}"),
        )

    def rule(self, part: Mapping[str, Any]) -> PhaseRule:
        self.names(part, ("phase", *CONDITIONS, "entry"), "[[rules]]")
        lists = {name: self.listed(part.get(name, []), name) for name in CONDITIONS}
        self.among(lists["roles"], ROLES, "roles in [[rules]]")
        self.among(lists["moments"], contract("steps").column("moment").allowed, "moments")
        entry = part.get("entry", False)
        if not isinstance(entry, bool):
            raise self.refuse("Wrong kind of value", "entry in [[rules]]", entry, "true, false")
        return PhaseRule(str(part.get("phase", "")), **lists, entry=entry)

    def listed(self, value: object, name: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.refuse(
                "Wrong kind of value", f"{name} in [[rules]]", value, "a list of names"
            )
        return tuple(value)

    def among(self, values: Sequence[str], allowed: Sequence[str], place: str) -> None:
        for value in values:
            if value not in allowed:
                raise self.refuse("Unknown name", place, value, ", ".join(allowed))

    def model(self, model: PhaseModel) -> None:
        ids = model.phase_ids
        if len(ids) < 2 or len(set(ids)) < len(ids) or set(ids) & set(RESERVED):
            allowed = f"two or more, each id once, none of {', '.join(RESERVED)}"
            raise self.refuse("Wrong phases", "[[phases]]", ids, allowed)
        self.among([rule.phase for rule in model.rules], (*ids, NO_PHASE), "phase in [[rules]]")
        lacking = [own for own in ids if own not in {rule.phase for rule in model.rules}]
        if lacking:
            raise self.refuse("Phase without a rule", "[[rules]]", lacking, "a rule for each phase")
        if [rule.fits_all for rule in model.rules] != [False] * (len(model.rules) - 1) + [True]:
            raise self.refuse(
                "Rules are not complete",
                "[[rules]]",
                f"{sum(rule.fits_all for rule in model.rules)} without a condition",
                "the last rule, and only that one, without a condition",
            )


def _shipped(name: str) -> PhaseModel:
    return read_phase_model(FOLDER / f"{name}.toml")


SEE_THINK_DO_CARE = _shipped("see_think_do_care")
AWARENESS_TO_ADVOCACY = _shipped("awareness_to_advocacy")
INSPIRATION_TO_FEEDBACK = _shipped("inspiration_to_feedback")
