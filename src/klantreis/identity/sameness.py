"""How often two records of one human being agree, learnt from pairs of which nobody said who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from klantreis.identity.chance import Shares, by_number, ratio, shares_of
from klantreis.identity.comparing import Field

__all__ = ["Sameness", "sameness"]

ROUNDS = 25
SETTLED = 1e-4  # no share changes by more than this
NOBODY = 1e-9  # pairs


@dataclass(frozen=True)
class Sameness:
    """What pairs teach that agree on something else.

    Attributes:
        m: share of the pairs of one human being that agree to each degree, by field and level;
            only of levels that were seen.
        share: share of the pairs that are one human being.
    """

    m: Mapping[tuple[str, str], float]
    share: float


def sameness(
    seen: pa.Table, fields: Sequence[Field], shares: Shares, *, odds: float
) -> Sameness | None:
    """Learn by expectation maximisation, u fixed, how often one human being's records agree.

    Args:
        seen: `gamma_<field>` (number of the level from 0 for `other`, -1 where one lacks it) and
            `pairs`: how often pairs have these levels together.
        fields: those that the pairs could differ in.
        shares: m and u of each field and level to begin with.
        odds: that a pair is one human being, to begin with.

    Returns:
        None where nobody among the pairs is the same.

    Source: Winkler, Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model of
    Record Linkage, ASA 1988.
    """
    counts = seen["pairs"].to_numpy().astype(float)
    numbers = {field.name: seen[f"gamma_{field.name}"].to_numpy() for field in fields}
    u = {field.name: by_number(field, shares, 1) for field in fields}
    m = {field.name: by_number(field, shares, 0) for field in fields}
    share = odds / (1 + odds)
    for _ in range(ROUNDS):
        against = np.full(len(counts), (1 - share) / max(share, NOBODY))
        for name, number in numbers.items():
            against /= np.maximum(ratio(m[name], u[name], number), NOBODY)
        one_human_being = counts / (1 + against)
        if one_human_being.sum() < NOBODY:
            return None
        before, m = m, {n: shares_of(k, one_human_being, m[n]) for n, k in numbers.items()}
        changes = [abs(m[name] - before[name]).max() for name in m]
        was, share = share, float(one_human_being.sum() / counts.sum())
        if max(*changes, abs(share - was)) < SETTLED:
            break
    found = {
        (field.name, level): float(m[field.name][number])
        for field in fields
        for number, level in enumerate(reversed(list(field.shares)))
        if (numbers[field.name] == number).any()
    }
    return Sameness(found, share)
