"""Weighs one pair of profiles, here and at once, by the conditions and the model of `matches`.

The conditions of the levels are SQL, for Splink; here they are read as Python expressions, so
that one definition serves both. Distances are those of the library that DuckDB has them from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

import sqlglot
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from sqlglot import exp

from klantreis.errors import ContractError, message
from klantreis.identity.call_names import are_called_alike
from klantreis.identity.comparing import FIELDS, Field, Level
from klantreis.identity.frequencies import ASSUMED_RECORDS
from klantreis.identity.housemates import (
    AGES,
    FAMILY,
    HOUSEMATES,
    against_housemates,
    of_model,
)
from klantreis.identity.linking import RAREST
from klantreis.identity.profiles import COMPARED

__all__ = ["Agreement", "Beside", "LivingTogether", "Weighing", "frequency"]

Profile = Sequence[str | None]  # the columns of `COMPARED`
Chosen = Callable[[Profile, Profile], int | None]
LEAST_SHARE = 1e-300
NOBODY = -100.0  # bits; without a model nothing is likely


@dataclass(frozen=True)
class Agreement:
    """What one field of two profiles says.

    Attributes:
        level: degree of agreement; empty where one of the two has nothing to compare.
        weight: bits.
    """

    field: str
    level: str
    weight: float | None


@dataclass(frozen=True)
class LivingTogether:
    """What is known of two who live together.

    Attributes:
        odds: log2 of the odds that two records under one address are one human being.
        bits: what each level of a field says of that, by its place.
        ages: the same of the birth date, by the place of the family name's level; the last where
            one says none.
    """

    odds: float
    bits: Mapping[str, Sequence[float]]
    ages: Sequence[Sequence[float]]

    def against(self, field: str, place: int, family: int | None) -> float | None:
        """What a level says; None of a field that says nothing of it."""
        if field == AGES:
            return self.ages[-1 if family is None else family][place]
        return self.bits[field][place] if field in self.bits else None


@dataclass(frozen=True)
class _Judge:
    """How one field is weighed: which level holds, and what each level says."""

    name: str
    level_of: Chosen
    levels: tuple[str, ...]
    weights: tuple[float, ...]
    terms: tuple[tuple[int, float] | None, ...]


class Weighing:
    """The model, ready to weigh pairs one by one.

    Args:
        model: rows of `match_model`.
        frequency: from a column of `COMPARED` and a value to how usual it is.
    """

    def __init__(
        self, model: Sequence[Mapping[str, Any]], frequency: Callable[[str, str], float]
    ) -> None:
        learnt = {(row["field"], row["level"]): row for row in model}
        prior = learnt.get(("prior", "any"))
        self.prior = float(prior["match_weight"]) if prior else NOBODY
        self._frequency = frequency
        judged = [field for field in FIELDS if (field.name, "other") in learnt]
        self._judges = [_judge(field, learnt) for field in judged]
        self._together = _together(judged, learnt)

    def beside(self, record: Profile) -> Beside:
        """Weigh others beside this record."""
        return Beside(self._judges, self._together, self.prior, record, self._frequency)


class Beside:
    """One record, to weigh others beside it."""

    def __init__(
        self,
        judges: Sequence[_Judge],
        together: LivingTogether | None,
        prior: float,
        record: Profile,
        usualness: Callable[[str, str], float],
    ) -> None:
        self._judges, self._together, self._prior = judges, together, prior
        self._record, self._usualness = record, usualness
        self._known: dict[int, float] = {}

    def weight(self, other: Profile) -> float:
        """Log2 of the odds that the two are one human being."""
        total = self._prior
        against = self._together.odds if self._together else 0.0
        family = None
        for judge in self._judges:
            place = judge.level_of(self._record, other)
            if place is None:
                continue
            if judge.name == FAMILY:
                family = place
            bits = judge.weights[place]
            if judge.terms[place]:
                bits += self._rareness(judge.terms[place])
            total += bits
            own = self._together.against(judge.name, place, family) if self._together else None
            if own is not None:
                against += min(bits, own)
        return total + self._less(total, against)

    def told(self, other: Profile) -> tuple[Agreement, ...]:
        """What each field says, and what is taken off for two who may live together."""
        told = tuple(self._told(judge, other) for judge in self._judges)
        if self._together is None:
            return told
        off = self.weight(other) - self._prior - sum(one.weight or 0.0 for one in told)
        return (*told, Agreement(HOUSEMATES, "", off))

    def _less(self, total: float, against: float) -> float:
        """As `linking` has it: the odds against two strangers and two housemates at once."""
        if self._together is None:
            return 0.0
        return -log2(1 + 2.0 ** min(total - against, 60))

    def _told(self, judge: _Judge, other: Profile) -> Agreement:
        place = judge.level_of(self._record, other)
        if place is None:
            return Agreement(judge.name, "", None)
        weight = judge.weights[place] + self._rareness(judge.terms[place])
        return Agreement(judge.name, judge.levels[place], weight)

    def _rareness(self, term: tuple[int, float] | None) -> float:
        """What agreeing on a rare value says more, on a usual one less."""
        if term is None:
            return 0.0
        column, usual = term
        if column not in self._known:
            value = self._record[column]
            share = self._usualness(COMPARED[column], value) if value else RAREST
            self._known[column] = log2(max(share, RAREST))
        return usual - self._known[column]


def frequency(count: int, total: int, level: Level) -> float:
    """How usual a value is: what is counted, averaged with what is assumed.

    Args:
        count: profiles with this value.
        total: profiles with any.
        level: of which the column is the term.
    """
    return (count + ASSUMED_RECORDS * level.u) / (total + ASSUMED_RECORDS)


def _together(
    fields: Sequence[Field], learnt: Mapping[tuple[str, str], Mapping[str, Any]]
) -> LivingTogether | None:
    known = of_model(learnt.values())
    if known is None:
        return None
    shares = {(f.name, level): assumed for f in fields for level, assumed in f.shares.items()}
    shares |= {
        key: (float(row["m"]), float(row["u"]))
        for key, row in learnt.items()
        if row.get("m") is not None
    }
    told = against_housemates(fields, shares, known.together)
    bits = {name: [*own.values()] for name, own in told.bits.items()}
    families = [family for family in told.ages if family]
    ages = [[*told.ages[family].values()] for family in (*families, "")] if told.ages else []
    return LivingTogether(known.odds, bits, ages)


def _judge(field: Field, learnt: Mapping[tuple[str, str], Mapping[str, Any]]) -> _Judge:
    names = (*(level.name for level in field.levels), "other")
    # A model of before a level was thought of holds until the next run.
    known = {name: learnt.get((field.name, name)) for name in names}
    assumed = field.shares
    shares = [(row["m"], row["u"]) if row else assumed[name] for name, row in known.items()]
    terms = [
        (COMPARED.index(level.term), log2(u)) if level.term else None
        for level, (_, u) in zip(field.levels, shares, strict=False)
    ]
    return _Judge(
        field.name,
        _level_of(field),
        names,
        tuple(log2(max(m, LEAST_SHARE) / max(u, LEAST_SHARE)) for m, u in shares),
        (*terms, None),
    )


def _level_of(field: Field) -> Chosen:
    """Which level holds for two profiles, by its place; None where there is nothing to compare."""
    chosen = str(len(field.levels))
    for place, level in reversed(list(enumerate(field.levels))):
        chosen = f"{place} if {_python(level.condition)} else {chosen}"
    written = f"lambda l, r: None if {_python(field.lacking)} else {chosen}"
    level_of: Chosen = eval(written, dict(FUNCTIONS))  # noqa: S307  # our own conditions, no input
    return level_of


def _python(sql: str) -> str:
    """A condition in SQL as a Python expression; what is empty there is false here."""
    return _read(sqlglot.parse_one(sql, read="duckdb"))


def _read(node: exp.Expr) -> str:
    match node:
        case exp.Column():
            name, side = node.name.rsplit("_", 1)
            return f"{side}[{COMPARED.index(name)}]"
        case exp.Literal():
            return repr(node.this) if node.is_string else str(node.this)
        case exp.Paren():
            return f"({_read(node.this)})"
        case exp.And() | exp.Or():
            return f"({_read(node.left)} {node.key} {_read(node.right)})"
        case exp.Is(expression=exp.Null()):
            return f"({_read(node.this)} is None)"
        case exp.EQ(this=exp.Column() as one):
            return f"({_read(one)} is not None and {_read(one)} == {_read(node.right)})"
        case exp.NullSafeEQ():
            return f"({_read(node.left)} == {_read(node.right)})"
        case exp.NullSafeNEQ():
            return f"({_read(node.left)} != {_read(node.right)})"
        case exp.Cast():
            return f"int({_read(node.this)})"
        case exp.Add():
            return f"({_read(node.left)} + {_read(node.right)})"
        case exp.Bracket(expressions=[exp.Slice() as bounds]):
            # Counted from 1 there, and the last is meant too.
            start, end = int(bounds.this.name) - 1, int(bounds.expression.name)
            return f"part({_read(node.this)}, {start}, {end})"
        case exp.Anonymous(this="damerau_levenshtein"):
            return f"distance({', '.join(map(_read, node.expressions))})"
        case exp.Anonymous(this="is_called"):
            return f"called({', '.join(map(_read, node.expressions))})"
        case exp.Length():
            return f"length({_read(node.this)})"
    if type(node) in OF_TWO:
        return f"{OF_TWO[type(node)]}({_read(node.this)}, {_read(node.expression)})"
    raise ContractError(
        message("A condition that cannot be read on one pair", got=node.sql("duckdb"))
    )


def _same(one: object, other: object) -> bool:
    return one is not None and one == other


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _most(value: float | None, limit: float) -> bool:
    return value is not None and value <= limit


def _least(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def _below(value: float | None, limit: float) -> bool:
    return value is not None and value < limit


def _part(text: str | None, start: int, end: int) -> str | None:
    return None if text is None else text[start:end]


def _left(text: str | None, length: int) -> str | None:
    return None if text is None else text[:length]


def _length(text: str | None) -> int | None:
    return None if text is None else len(text)


def _starts(text: str | None, start: str | None) -> bool:
    return text is not None and start is not None and text.startswith(start)


def _distance(one: str | None, other: str | None) -> int | None:
    if one is None or other is None:
        return None
    if one.isascii() and other.isascii():
        return DamerauLevenshtein.distance(one, other)
    return DamerauLevenshtein.distance(one.encode(), other.encode())  # counted in bytes there


def _likeness(one: str | None, other: str | None) -> float | None:
    if one is None or other is None:
        return None
    if one.isascii() and other.isascii():
        return JaroWinkler.similarity(one, other)
    return JaroWinkler.similarity(one.encode(), other.encode())


FUNCTIONS: Mapping[str, object] = {
    "same": _same,
    "differ": _differ,
    "called": are_called_alike,
    "most": _most,
    "least": _least,
    "below": _below,
    "part": _part,
    "left": _left,
    "length": _length,
    "starts": _starts,
    "distance": _distance,
    "likeness": _likeness,
}
OF_TWO: Mapping[type[exp.Expr], str] = {
    exp.EQ: "same",
    exp.NEQ: "differ",
    exp.LT: "below",
    exp.LTE: "most",
    exp.GTE: "least",
    exp.Left: "left",
    exp.StartsWith: "starts",
    exp.JarowinklerSimilarity: "likeness",
}
