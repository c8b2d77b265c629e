"""Learns without labels what agreement says: from random pairs, housemates, and pairs that agree on something.

Only numbers of levels are counted, in Splink's own database; what they say is worked out beside it.
Splink learns the same (`tests/identity/test_learning.py`), but writes its questions anew for every
round, which takes seconds however few the records are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from klantreis.identity.call_names import with_given_names
from klantreis.identity.chance import Shares, chance
from klantreis.identity.comparing import Field
from klantreis.identity.linking import OTHER_GROUP, RAREST, database
from klantreis.identity.sameness import sameness
from klantreis.identity.slips import quick

__all__ = ["NO_PAIRS", "Learnt", "Pass", "learn"]

RANDOM_RECORDS = 700  # all pairs of these: a quarter of a million
TRAINING_PAIRS = 200_000
SEED = 1
FIRST_GUESS = 1e-4  # part of any pairs that are one human being, to begin with
# Where there are streets: a postcode with a number is one address in the Netherlands only.
ADDRESSES = (
    ("street", "number", "postcode"),
    ("street", "number", "town"),
    ("postcode", "number"),
    ("street", "postcode"),
    ("street", "town"),
)
HOUSED_RECORDS = 200_000
EXCHANGED = '"names_l"'
NO_PAIRS = pa.Table.from_batches([], pa.schema({"pairs": pa.int64()}))


@dataclass(frozen=True)
class Pass:
    """What one round of learning, over pairs that agree on some columns, found.

    Attributes:
        columns: what the pairs agree on.
        matches: how many of them are one human being, as estimated.
        shares: m of each field and level that could be learnt.
    """

    columns: tuple[str, ...]
    matches: float
    shares: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Learnt:
    """What was learnt.

    Attributes:
        seen: how often random pairs agree to which degrees, as `chance` asks for it.
        housemates: the same of pairs that share an address; none where addresses lack.
        passes: one for each set of columns of which pairs were found.
    """

    seen: pa.Table
    housemates: pa.Table
    passes: tuple[Pass, ...]


def learn(
    profiles: pa.Table,
    fields: Sequence[Field],
    agreements: Sequence[tuple[str, ...]],
    *,
    temporary: Path | None = None,
) -> Learnt:
    """Learn without labels: u from random pairs, m by expectation maximisation.

    Args:
        profiles: as `profiles` returns them.
        fields: what to compare.
        agreements: columns on which the pairs of each pass agree.
        temporary: folder for what does not fit in memory.

    Source: Fellegi and Sunter, A Theory for Record Linkage, JASA 64 (1969).
    """
    start = {(f.name, name): shares for f in fields for name, shares in f.shares.items()}
    with database(temporary) as splinks:
        pairs = _Pairs(splinks._con)
        seen = pairs.degrees(_drawn(profiles, RANDOM_RECORDS), fields, OTHER_GROUP)
        housemates = _housemates(pairs, profiles, fields)
        first = chance(seen, fields, start)
        by_chance = {key: (m, max(first.u.get(key, u), RAREST)) for key, (m, u) in start.items()}
        passes = (_pass(pairs, profiles, fields, columns, by_chance) for columns in agreements)
        return Learnt(seen, housemates, tuple(one for one in passes if one))


class _Pairs:
    """Pairs of profiles, in Splink's own database."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def degrees(self, profiles: pa.Table, fields: Sequence[Field], rule: str) -> pa.Table:
        """How often the pairs of a rule agree to which degrees: `gamma_<field>` and `pairs`."""
        columns = {column for field in fields for column in _columns(field)}
        sides = ", ".join(
            f'{side}."{name}" AS "{name}_{side}"' for name in sorted(columns) for side in "lr"
        )
        degrees = ", ".join(f"{_degree_sql(field)} AS gamma_{field.name}" for field in fields)
        self._connection.register("profiles", with_given_names(profiles))
        seen: pa.Table = self._connection.execute(
            f"WITH pairs AS MATERIALIZED (SELECT {sides} FROM profiles l JOIN profiles r "
            f"ON {rule} AND l.record < r.record) "
            f"SELECT {degrees}, count(*) AS pairs FROM pairs GROUP BY ALL ORDER BY ALL"
        ).to_arrow_table()
        return seen

    def most_agreeing(self, profiles: pa.Table, columns: Sequence[str]) -> int:
        """How many pairs agree on some columns, at most."""
        self._connection.register("profiles", profiles)
        told = " and ".join(f'"{name}" IS NOT NULL' for name in columns)
        together = ", ".join(f'"{name}"' for name in columns)
        found = self._connection.execute(
            f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM "
            f"(SELECT count(*) AS n FROM profiles WHERE {told} GROUP BY {together})"
        ).fetchone()
        return int(found[0])


def _drawn(profiles: pa.Table, most: int) -> pa.Table:
    drawn = np.random.default_rng(SEED).permutation(profiles.num_rows)[:most]
    return profiles.take(pa.array(np.sort(drawn)))


def _housemates(pairs: _Pairs, profiles: pa.Table, fields: Sequence[Field]) -> pa.Table:
    """How often pairs that share an address agree to which degrees."""
    told = [name for name in profiles.column_names if profiles[name].null_count < len(profiles)]
    under = next((columns for columns in ADDRESSES if set(columns) <= set(told)), None)
    if under is None:
        return NO_PAIRS
    rule = f"{_agreeing(under)} and {OTHER_GROUP}"
    return pairs.degrees(_drawn(profiles, HOUSED_RECORDS), fields, rule)


def _pass(
    pairs: _Pairs,
    profiles: pa.Table,
    fields: Sequence[Field],
    columns: tuple[str, ...],
    shares: Shares,
) -> Pass | None:
    """What the pairs that agree on some columns teach of the fields that do not look at these."""
    others = [field for field in fields if _own_columns(field).isdisjoint(columns)]
    most = pairs.most_agreeing(profiles, columns)
    if not most or not others:
        return None
    every = -(-most // TRAINING_PAIRS)
    drawn = f" and hash(l.record, r.record) % {every} = 0" if every > 1 else ""
    seen = pairs.degrees(profiles, others, f"{_agreeing(columns)} and {OTHER_GROUP}{drawn}")
    if not seen.num_rows:
        return None
    learnt = sameness(seen, others, shares, odds=_odds(columns, fields, shares))
    if learnt is None:
        return None
    count = every * sum(seen["pairs"].to_pylist())
    return Pass(columns, count * learnt.share, learnt.m)


def _odds(columns: Sequence[str], fields: Sequence[Field], shares: Shares) -> float:
    """That two records that agree on some columns are one human being, as a first guess."""
    exact = {f'"{column}_l" = "{column}_r"' for column in columns}
    known = (
        shares[field.name, level.name]
        for field in fields
        for level in field.levels
        if level.condition in exact
    )
    return FIRST_GUESS / (1 - FIRST_GUESS) * prod(m / u for m, u in known)


def _columns(field: Field) -> set[str]:
    """The columns that a field looks at."""
    return _columns_in(quick(_asked(field)))


def _asked(field: Field) -> str:
    return " ".join((field.lacking, *(level.condition for level in field.levels)))


def _columns_in(asked: str) -> set[str]:
    return set(re.findall(r'"(\w+)_l"', asked))


def _own_columns(field: Field) -> set[str]:
    """The columns of which two must not agree to learn from them how often they agree in a field.

    That names may be exchanged looks at both: of two who agree on one name they are not.
    """
    own = [level.condition for level in field.levels if EXCHANGED not in level.condition]
    names = ["names"] if EXCHANGED in _asked(field) else []
    return {*_columns_in(" ".join(own)), *names}


def _agreeing(columns: Sequence[str]) -> str:
    return " and ".join(f'l."{name}" = r."{name}"' for name in columns)


def _degree_sql(field: Field) -> str:
    """The number of the level, as Splink counts: the surest highest, `other` 0, lacking -1."""
    numbered = enumerate(reversed(field.levels), start=1)
    cases = [f"WHEN {quick(level.condition)} THEN {number}" for number, level in numbered]
    return f"CASE WHEN {field.lacking} THEN -1 {' '.join(reversed(cases))} ELSE 0 END"
