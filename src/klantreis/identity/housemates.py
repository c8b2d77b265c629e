"""People who live together: alike in address and family name, and yet two.

Two records that agree on an address are far too many for chance, but not therefore one human
being: partners, parents and children agree on it too. So beside "one human being" and "two who
have nothing to do with each other" stands a third explanation, under which first name and birth
date alone tell people apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2
from typing import Any

import numpy as np
import pyarrow as pa

from klantreis.identity.comparing import Field

__all__ = ["ASSUMED_ODDS", "against_housemates", "housemate_odds"]

ASSUMED_ODDS = 0.0  # bits: of two records under one address half are one human being, until learnt
ASSUMED_PAIRS = 30
ROUNDS = 50
SHARED_NAME = 0.6  # part of the people under one address who have the family name of another
# People who live together are often of one age; twins have one birth date.
SAME_AGE: Mapping[str, float] = {
    "same": 0.01,
    "slip": 0.005,
    "two_figures": 0.03,
    "two_parts": 0.005,
    "year": 0.08,
}
TELLING = ("first_name", "last_name", "birth_date")
Shares = Mapping[tuple[str, str], tuple[float, float]]
Weights = Mapping[str, Mapping[str, float]]


def against_housemates(fields: Sequence[Field], shares: Shares) -> Weights:
    """What each degree of agreement says of one human being against two who live together, in bits.

    Args:
        shares: m and u of each field and level, u being that of two people drawn at random.

    Returns:
        Bits by level, for first name, family name and birth date as far as they are compared; what
        is not there says nothing.
    """
    return {
        field.name: {
            level: log2(shares[field.name, level][0] / _alike(field.name, level, shares))
            for level in field.shares
        }
        for field in fields
        if field.name in TELLING
    }


def _alike(field: str, level: str, shares: Shares) -> float:
    """How often two who live together agree to a degree."""
    m, u = shares[field, level]
    if field == "last_name":
        return SHARED_NAME * m + (1 - SHARED_NAME) * u
    return max(u, SAME_AGE.get(level, 0.0)) if field == "birth_date" else u


def housemate_odds(seen: pa.Table, fields: Sequence[Field], shares: Shares) -> tuple[float, float]:
    """How many of the pairs under one address are one human being.

    Expectation maximisation of that share alone, with m and u fixed; averaged with one half, which
    weighs as much as thirty pairs: these are few, and each tells much.

    Args:
        seen: `gamma_<field>` (number of the level from 0 for `other`, -1 where one lacks it) and
            `pairs`, of pairs that share an address.

    Returns:
        Log2 of the odds, and the pairs of one human being that it rests on.
    """
    counts = seen["pairs"].to_numpy().astype(float)
    if not len(counts):
        return ASSUMED_ODDS, 0.0
    bits: np.ndarray[Any, np.dtype[np.float64]] = np.zeros(len(counts))
    for name, weights in against_housemates(fields, shares).items():
        by_number = np.array(
            [*reversed(list(weights.values())), 0.0]
        )  # the last where one lacks it
        bits += by_number[seen[f"gamma_{name}"].to_numpy()]
    ratios = 2.0 ** np.clip(bits, -60, 60)
    share = 0.5
    for _ in range(ROUNDS):
        one = counts * share * ratios / (share * ratios + 1 - share)
        share = (one.sum() + ASSUMED_PAIRS / 2) / (counts.sum() + ASSUMED_PAIRS)
    return log2(share / (1 - share)), float(one.sum())
