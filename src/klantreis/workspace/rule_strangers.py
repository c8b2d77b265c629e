"""Names in a rule that nobody in the data has: a rule with one is sound, and holds for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from klantreis.rules import (
    COLUMNS,
    Column,
    Compare,
    Has,
    InPhase,
    InSegment,
    OfPersona,
    Rule,
    parts_of,
    text_of,
)
from klantreis.workspace.rule_names import OF_ONE_PERSON, RuleNames

__all__ = ["Stranger", "strangers"]

Asked = tuple[str, str, str, str]  # what is asked, as a rule; kind and `of` of `RuleNames`; name


@dataclass(frozen=True)
class Stranger:
    """A name that a rule asks for and that nobody has.

    Attributes:
        asked: the part of the rule, as `segment('kampioenen')`.
        kind: `segment`, `persona`, `phase`, `source`, `category`, `brand`, or `value` of a column.
        name: as it is asked for.
        known: the names that there are, those that are most alike first.
    """

    asked: str
    kind: str
    name: str
    known: tuple[str, ...]


def strangers(rule: Rule, names: RuleNames) -> tuple[Stranger, ...]:
    """The names that nobody has, in the order of the rule; each once.

    Names of people are not looked at: they are not told to who does not know them.
    """
    asked = dict.fromkeys(one for part in parts_of(rule) for one in _asked(part))
    return tuple(
        Stranger(text, kind, name, _alike(name, names.of(kind, of)))
        for text, kind, of, name in asked
        if not names.has(kind, of, name)
    )


def _asked(rule: Rule) -> Iterator[Asked]:
    match rule:
        case InSegment(name):
            yield text_of(rule), "segment", "", name
        case OfPersona(name):
            yield text_of(rule), "persona", "", name
        case InPhase(name):
            yield text_of(rule), "phase", "", name
        case Has(kind, name) if kind != "channel":
            yield text_of(rule), kind, "", name
        case Compare(Column(column), "=" | "in", values) if (
            COLUMNS[column] == "text" and column not in OF_ONE_PERSON
        ):
            for value in values:
                yield text_of(Compare(rule.left, "=", (value,))), "value", column, str(value)


def _alike(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Stable: of names that are equally alike the commonest first."""
    wanted = name.casefold()
    return tuple(
        sorted(known, key=lambda one: -JaroWinkler.normalized_similarity(wanted, one.casefold()))
    )
