"""How often two people agree by chance, learnt from random pairs of which some are one human being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klantreis.identity.comparing import Field

__all__ = ["LACKING", "Chance", "Numbers", "Shares", "by_number", "chance", "ratio", "shares_of"]

ROUNDS = 25
FIRST_GUESS = 1e-4  # part of the random pairs that are one human being, to begin with
LACKING = -1
Shares = Mapping[tuple[str, str], tuple[float, float]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Chance:
    """What random pairs teach.

    Attributes:
        u: share of the pairs of two people that agree to each degree, by field and level.
        pairs: how many pairs of two people that rests on.
    """

    u: Mapping[tuple[str, str], float]
    pairs: float


def chance(seen: pa.Table, fields: Sequence[Field], shares: Shares) -> Chance:
    """Learn how often two people agree to each degree.

    Where records are few, a good part of the random pairs that agree on something rare are one
    human being; left among the others they would make every agreement look like chance. So each
    pair counts for as much as it is probably of two people (expectation maximisation with m fixed).

    Args:
        seen: `gamma_<field>` (number of the level from 0 for `other`, -1 where one lacks it) and
            `pairs`: how often random pairs have these levels together.
        shares: m and u of each field and level to begin with.
    """
    counts = seen["pairs"].to_numpy().astype(float)
    if not len(counts):
        return Chance({}, 0.0)
    levels = {field.name: [*(level.name for level in field.levels), "other"] for field in fields}
    numbers = {name: seen[f"gamma_{name}"].to_numpy() for name in levels}
    m = {field.name: by_number(field, shares, 0) for field in fields}
    u = {field.name: by_number(field, shares, 1) for field in fields}
    same = FIRST_GUESS
    for _ in range(ROUNDS):
        odds = np.full(len(counts), same / (1 - same))
        for name, number in numbers.items():
            odds *= ratio(m[name], u[name], number)
        two_people = counts / (1 + odds)
        same = min(max(1 - two_people.sum() / counts.sum(), 1e-12), 0.5)
        u = {name: shares_of(number, two_people, u[name]) for name, number in numbers.items()}
    found = {
        (name, level): float(u[name][len(levels[name]) - 1 - place])
        for name in levels
        for place, level in enumerate(levels[name])
        if (numbers[name] != LACKING).any()
    }
    return Chance(found, float(two_people.sum()))


def by_number(field: Field, shares: Shares, which: int) -> Numbers:
    """The shares m (0) or u (1) of a field by the number of the level: `other` is 0."""
    return np.array([shares[field.name, level][which] for level in reversed(list(field.shares))])


def ratio(m: Numbers, u: Numbers, number: Numbers) -> Numbers:
    """How many times as often one human being's records agree so as those of two people."""
    rare = np.maximum(u, 1e-9)
    return np.where(number == LACKING, 1.0, (m / rare)[number])


def shares_of(number: Numbers, weights: Numbers, before: Numbers) -> Numbers:
    """The part of the weight that each level has; as before where all lack it."""
    known = number != LACKING
    if not known.any():
        return before
    counted = np.bincount(number[known], weights=weights[known], minlength=len(before))
    return counted / max(float(counted.sum()), 1e-9)
