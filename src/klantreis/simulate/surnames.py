"""The surnames of the simulated people: the commonest from counts, the long tail put together.

The 1,000 commonest surnames are borne by a third of the Dutch only; a shop whose customers all had
one of them would be full of namesakes. The others are composed, and their numbers of bearers fall
with the rank as a power (Zipf), so steep that all together have as many bearers as there are
people.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from klantreis.simulate.draws import Floats
from klantreis.simulate.reference import rows, toml

__all__ = ["Surnames", "surnames"]

# Inhabitants of the Netherlands when the bearers were counted (Statistics Netherlands, 2007).
INHABITANTS = 16_358_000


class Surnames(NamedTuple):
    """Surnames, the commonest first, each with its prefix (empty without) and bearers."""

    prefixes: list[str]
    names: list[str]
    bearers: Floats


@cache
def surnames() -> Surnames:
    """All surnames that people may bear, each once."""
    counted = [(row["prefix"], row["surname"]) for row in rows("surnames")]
    bearers = np.array([float(row["bearers"]) for row in rows("surnames")])
    known = set(counted)
    composed = [name for name in dict.fromkeys(_composed()) if name not in known]
    rest = _falling(
        len(composed), INHABITANTS - bearers.sum(), start=bearers[-1], rank=len(counted)
    )
    prefixes, names = zip(*counted, *composed, strict=True)
    return Surnames(list(prefixes), list(names), np.concatenate([bearers, rest]))


def _composed() -> list[tuple[str, str]]:
    """Prefix and surname of every stem with every ending, in an order that mixes them."""
    grammar = toml("surname_parts")
    stems, endings = grammar["stems"].split(), grammar["endings"]
    prefixes, shares = zip(*grammar["prefixes"].items(), strict=True)
    rng = np.random.default_rng(2007)
    people = [("", _joined(*parts)) for parts in product(stems, endings["of_people"].split())]
    places = [_joined(*parts) for parts in product(stems, endings["of_places"].split())]
    before = rng.choice(len(prefixes), len(places), p=shares)
    named = people + [(prefixes[n], place) for n, place in zip(before, places, strict=True)]
    return [(named[n][0], named[n][1].capitalize()) for n in rng.permutation(len(named))]


def _joined(stem: str, ending: str) -> str:
    """A mute e is lost before a vowel.

    >>> _joined("kuipe", "ink"), _joined("kuipe", "man")
    ('kuipink', 'kuipeman')
    """
    return stem.removesuffix("e") + ending if ending[0] in "aeiou" else stem + ending


def _falling(count: int, total: float, *, start: float, rank: int) -> Floats:
    """Bearers of `count` names after the one of `rank` that has `start`, `total` together.

    >>> falling = _falling(1000, 20_000.0, start=100.0, rank=50)
    >>> round(falling.sum()), bool((np.diff(falling) < 0).all()), bool(falling[0] < 100)
    (20000, True, True)
    """
    ranks = np.arange(rank + 1, rank + count + 1) / rank

    def surplus(power: float) -> float:
        return float((start * ranks**-power).sum() - total)

    falling: Floats = start * ranks ** -brentq(surplus, 0.0, 5.0)
    return falling
