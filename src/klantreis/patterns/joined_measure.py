"""What a joined measure is: its meaning, the occasions that it is taken of, and its two numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from klantreis import registry

__all__ = [
    "CHANNELS_ARE_MADE_OF",
    "JoinedMeaning",
    "JoinedMeasure",
    "Parts",
    "joined_measures_known",
    "mean",
    "quotient",
    "share",
]

# Of a recent visitor less is known yet; what was seen for long has had time to happen.
MONTHS_ARE_MADE_OF = frozenset({"recognition", "history"})
CHANNELS_ARE_MADE_OF = frozenset({"purchase_channel"})
FILE = Path(__file__).with_name("joined.toml")


@dataclass(frozen=True)
class JoinedMeaning:
    """What a joined measure means.

    Attributes:
        code: its name in tables.
        theme: `paths` over channels, `reach` of what we send and show, `trouble`, or `after` the purchase.
        unit: `share`, `days`, `number` or `score`.
        counts: code of what it is taken of, as `orders`; see `words/units.py`.
        evidence: `measured`, or `asked` of customers.
        rests_on: what of customers is in it by its definition: `frequency`, `revenue`, `recency`,
            `purchase_channel`, `orientation`, `voice`; `recognition` where a visitor or reader must
            be known as the buyer, `history` where it grows with how long we have seen customers.
            Groups made of the same are not compared on it.
        needs: tables of which data must be there.
        name, definition: by language.
        told: a sentence with `%(value)s`, by language.
    """

    code: str
    theme: str
    unit: str
    counts: str
    evidence: str
    rests_on: tuple[str, ...]
    needs: tuple[str, ...]
    name: Mapping[str, str]
    definition: Mapping[str, str]
    told: Mapping[str, str]

    @property
    def is_steady(self) -> bool:
        """Whether months can be held against each other: it does not move by itself with time."""
        return MONTHS_ARE_MADE_OF.isdisjoint(self.rests_on)

    @property
    def is_of_channel(self) -> bool:
        """Whether channels differ in it by its definition."""
        return not CHANNELS_ARE_MADE_OF.isdisjoint(self.rests_on)


@dataclass(frozen=True)
class Parts:
    """Two numbers of each occasion; the measure is the sum of `top` by that of `bottom`.

    Both are float64, and empty where the occasion does not count.
    """

    top: ir.FloatingValue
    bottom: ir.FloatingValue


@dataclass(frozen=True)
class JoinedMeasure:
    """A measure that exists only after sources are joined.

    Attributes:
        meaning: what it means.
        occasions: name of the occasions that it is taken of, as in `OCCASIONS`.
        parts: takes their rows, and gives the two numbers of each.
        known_days: an occasion counts once so many days after it are known: what follows it has
            had time to happen.
    """

    meaning: JoinedMeaning
    occasions: str
    parts: Callable[[ir.Table], Parts]
    known_days: int = 0


def share(has: ir.BooleanValue, among: ir.BooleanValue) -> Parts:
    """The part of the occasions `among` that have something."""
    counts = among.fill_null(False)
    return Parts(
        _only(counts, has.fill_null(False).cast("float64")), _only(counts, ibis.literal(1.0))
    )


def mean(value: ir.NumericValue, among: ir.BooleanValue) -> Parts:
    """The mean of a value over the occasions `among` that have one."""
    counts = among.fill_null(False) & value.notnull()
    return Parts(_only(counts, value.cast("float64")), _only(counts, ibis.literal(1.0)))


def quotient(top: ir.NumericValue, bottom: ir.NumericValue, among: ir.BooleanValue) -> Parts:
    """The sum of one value by that of another, over the occasions `among` that have both."""
    counts = among.fill_null(False) & top.notnull() & (bottom > 0).fill_null(False)
    return Parts(_only(counts, top.cast("float64")), _only(counts, bottom.cast("float64")))


def _only(counts: ir.BooleanValue, value: ir.FloatingValue) -> ir.FloatingValue:
    return ibis.ifelse(counts, value, ibis.null("float64"))


@cache
def meanings() -> Mapping[str, JoinedMeaning]:
    """Of the built-in measures, by code."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {code: _meaning(code, part) for code, part in raw.items()}


def _meaning(code: str, part: Mapping[str, Any]) -> JoinedMeaning:
    return JoinedMeaning(
        code=code,
        theme=part["theme"],
        unit=part["unit"],
        counts=part["counts"],
        evidence=part.get("evidence", "measured"),
        rests_on=tuple(part["rests_on"]),
        needs=tuple(part["needs"]),
        name=part["name"],
        definition=part["definition"],
        told=part["told"],
    )


def joined_measures_known(built_in: Mapping[str, JoinedMeasure]) -> Mapping[str, JoinedMeasure]:
    """The built-in measures, and those of installed packages."""
    added: Mapping[str, JoinedMeasure] = registry.load_all("joined_measures")
    return {**built_in, **{one.meaning.code: one for one in added.values()}}
