"""People who live together: alike in address and family name, and yet two.

Two records that agree on an address are far too many for chance, but not therefore one human
being: partners, parents and children agree on it too. So beside "one human being" and "two who
have nothing to do with each other" stands a third explanation, under which first name and birth
date alone tell people apart. Two who live together are relatives, who have one family name and may
be twins, or they are not, and then they hardly ever have one birth date. How often two who live
together share a telephone number or an e-mail address is learnt with how many of the pairs under
one address are one human being; how many are twins cannot be told from people with two names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

import numpy as np
import pyarrow as pa

from klantreis.identity.chance import LACKING, Numbers, Shares
from klantreis.identity.comparing import Field

__all__ = [
    "AGES",
    "FAMILY",
    "HOUSEMATES",
    "Against",
    "Housemates",
    "against_housemates",
    "housemates",
    "in_model",
    "of_model",
]

HOUSEMATES = "housemates"  # how it is called among the fields of `match_model`,
ODDS = "any"  # and its level
ASSUMED_ODDS = 0.0  # bits: of two records under one address half are one human being, until learnt
ASSUMED_PAIRS = 30
ROUNDS = 50
RELATIVES = 0.6  # part of the people under one address who have the family name of another
# How often birth dates of relatives agree: they are often of one age, twins of one day.
SAME_AGE: Mapping[str, float] = {
    "same": 0.01,
    "slip": 0.005,
    "two_figures": 0.03,
    "two_parts": 0.005,
    "year": 0.08,
}
# Of others: two of one age were born on one day one time in some hundreds.
NO_TWINS: Mapping[str, float] = {**SAME_AGE, "same": 0.0005, "slip": 0.002}
ASSUMED_TOGETHER = 100  # pairs that what is assumed of people who live together weighs as much as
FAMILY, AGES = "last_name", "birth_date"
NAMES = ("first_name", FAMILY)
EXCHANGED, ONE_EXCHANGED = "swapped", ("first_name", "crossed")
SHARED = ("phone", "email")
Places = np.ndarray[Any, np.dtype[np.int64]]
Together = Mapping[tuple[str, str], float]
NOTHING_LEARNT: Together = {}


@dataclass(frozen=True)
class Against:
    """What agreement says of one human being against two who live together.

    Attributes:
        bits: by field and level, but for birth dates.
        ages: bits of the birth date by the level of the family name (empty where one of the two
            says none) and by its own.
    """

    bits: Mapping[str, Mapping[str, float]]
    ages: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Housemates:
    """What pairs under one address teach.

    Attributes:
        odds: log2 of the odds that such a pair is one human being.
        pairs: of one human being, that this rests on.
        together: how often two who live together agree to each degree in telephone number and
            e-mail address, by field and level.
    """

    odds: float
    pairs: float
    together: Together


def against_housemates(
    fields: Sequence[Field], shares: Shares, together: Together = NOTHING_LEARNT
) -> Against:
    """What each degree of agreement says of one human being against two who live together, in bits.

    Args:
        shares: m and u of each field and level, u being that of two people drawn at random.
        together: as learnt; what is not there is assumed.

    Returns:
        Bits of the fields that are compared; what is not there says nothing.
    """
    compared = {field.name: field for field in fields}
    shared = {**_assumed(fields, shares), **together}
    bits: dict[str, dict[str, float]] = {}
    for name in (*NAMES, *SHARED):
        levels = compared[name].shares if name in compared else ()
        two = {level: _of_two(name, level, shares, shared) for level in levels}
        bits[name] = {level: log2(shares[name, level][0] / two[level]) for level in two}
    dates = compared[AGES].shares if AGES in compared else ()
    families = compared[FAMILY].shares if FAMILY in compared else ()
    ages = {
        family: {level: _age_bits(level, part, shares) for level in dates}
        for family, part in _relatives(families, shares).items()
    }
    return Against({name: of for name, of in bits.items() if of}, ages if dates else {})


def _assumed(fields: Sequence[Field], shares: Shares) -> Together:
    """What holds until it is learnt: that telephone and e-mail tell nothing of it."""
    return {
        (field.name, level): shares[field.name, level][0]
        for field in fields
        if field.name in SHARED
        for level in field.shares
    }


def _of_two(field: str, level: str, shares: Shares, shared: Together) -> float:
    """How often two who live together agree to a degree."""
    m, u = shares[field, level]
    if field == FAMILY:
        return RELATIVES * m + (1 - RELATIVES) * u
    if (field, level) == ONE_EXCHANGED:
        # Of relatives, one whose names are exchanged has the family name where the other has it not.
        return max(u, RELATIVES * shares[field, EXCHANGED][0])
    return shared[field, level] if field in SHARED else u


def _relatives(families: Sequence[str] | Mapping[str, object], shares: Shares) -> dict[str, float]:
    """How probably two who live together are relatives, by the level of their family names."""
    parts = {"": RELATIVES}
    for level in families:
        parts[level] = RELATIVES * shares[FAMILY, level][0] / _of_two(FAMILY, level, shares, {})
    return parts


def _age_bits(level: str, relatives: float, shares: Shares) -> float:
    m, u = shares[AGES, level]
    own, others = (max(u, ages.get(level, 0.0)) for ages in (SAME_AGE, NO_TWINS))
    return log2(m / (relatives * own + (1 - relatives) * others))


def housemates(seen: pa.Table, fields: Sequence[Field], shares: Shares) -> Housemates:
    """How many of the pairs under one address are one human being, and what the others share.

    Expectation maximisation with m and u fixed. The share is averaged with one half, which weighs
    as much as thirty pairs: these are few, and each tells much. What those who live together share
    is averaged with what is assumed, which weighs as much as a hundred.

    Args:
        seen: `gamma_<field>` (number of the level from 0 for `other`, -1 where one lacks it) and
            `pairs`, of pairs that share an address.
    """
    counts = seen["pairs"].to_numpy().astype(float)
    if not len(counts):
        return Housemates(ASSUMED_ODDS, 0.0, NOTHING_LEARNT)
    told = [field for field in fields if field.name in (*NAMES, AGES, *SHARED)]
    numbers = {field.name: seen[f"gamma_{field.name}"].to_numpy() for field in told}
    assumed = _assumed(told, shares)
    together, share = assumed, 0.5
    for _ in range(ROUNDS):
        ratios = _ratios(told, numbers, shares, together)
        one = counts * share * ratios / (share * ratios + 1 - share)
        share = (one.sum() + ASSUMED_PAIRS / 2) / (counts.sum() + ASSUMED_PAIRS)
        together = {
            key: part
            for field in told
            if field.name in SHARED
            for key, part in _averaged(field, numbers[field.name], counts - one, assumed).items()
        }
    return Housemates(log2(share / (1 - share)), float(one.sum()), together)


def _ratios(
    fields: Sequence[Field], numbers: Mapping[str, Places], shares: Shares, together: Together
) -> Numbers:
    """How many times as often one human being's records agree so as those of two who live together."""
    against = against_housemates(fields, shares, together)
    # By number; the last where one of the two lacks it.
    names = {field.name: [*reversed(list(field.shares)), ""] for field in fields}
    count = len(next(iter(numbers.values()), ()))
    bits: Numbers = np.zeros(count)
    for name, weights in against.bits.items():
        bits += np.array([weights.get(level, 0.0) for level in names[name]])[numbers[name]]
    if AGES in numbers:
        families = names.get(FAMILY, [""])
        family = numbers.get(FAMILY, np.full(count, LACKING))
        table = [[against.ages[f].get(level, 0.0) for level in names[AGES]] for f in families]
        bits += np.array(table)[family, numbers[AGES]]
    return 2.0 ** np.clip(bits, -60, 60)


def _averaged(
    field: Field, number: Places, weights: Numbers, assumed: Together
) -> Mapping[tuple[str, str], float]:
    """The part of the weight that each level has, with what is assumed as so many pairs more."""
    levels = [*reversed(list(field.shares))]
    before = np.array([assumed[field.name, level] for level in levels])
    known = number != LACKING
    counted = np.bincount(number[known], weights=weights[known], minlength=len(levels))
    parts = (counted + ASSUMED_TOGETHER * before) / (counted.sum() + ASSUMED_TOGETHER)
    return {(field.name, level): float(parts[place]) for place, level in enumerate(levels)}


def in_model(learnt: Housemates, shares: Shares) -> list[dict[str, object]]:
    """The rows of `match_model`: the odds, and what those who live together share."""
    odds = {
        "field": HOUSEMATES,
        "level": ODDS,
        "level_number": 0,
        "match_weight": learnt.odds,
        "pairs": learnt.pairs,
    }
    shared = [
        {
            "field": HOUSEMATES,
            "level": f"{field} {level}",
            "level_number": number,
            "u": part,
            "match_weight": log2(shares[field, level][0] / part),
            "pairs": learnt.pairs,
        }
        for number, ((field, level), part) in enumerate(learnt.together.items(), start=1)
    ]
    return [odds, *shared]


def of_model(model: Iterable[Mapping[str, Any]]) -> Housemates | None:
    """What the rows of `match_model` say of it; None where no addresses are known."""
    rows = {str(row["level"]): row for row in model if row["field"] == HOUSEMATES}
    if ODDS not in rows:
        return None
    together = {
        (field, level): float(row["u"])
        for name, row in rows.items()
        for field, _, level in (name.partition(" "),)
        if level
    }
    return Housemates(float(rows[ODDS]["match_weight"]), float(rows[ODDS]["pairs"]), together)
