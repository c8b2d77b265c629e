"""How often a record with nothing but a name has a double among those of whom more is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import log2
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.engine import Engine, is_any
from klantreis.identity.bare_records import (
    BORN,
    MOMENTS,
    Bearers,
    Records,
    bearers,
    known_to,
    namesakes_of,
    with_evidence,
)
from klantreis.identity.chance import LACKING, Numbers, ratio
from klantreis.tables import contract

__all__ = ["FACTS", "WHERE", "name_doubles"]

ENOUGH_BARE = 50  # records with only a name, of one source
ENOUGH_OTHERS = 200
RANDOM_PAIRS = 20_000
SEED = 1
ROUNDS = 80
ASSUMED_BARE = 20  # what is assumed beforehand weighs as much as so many records
ASSUMED_DOUBLES = np.array([0.05, 0.005])  # elsewhere, and within the same source
ASSUMED_TOGETHER = 2.0  # names go together (a first name suits a family name) twice as often
ASSUMED_NAMESAKES = 10
FEWEST_WITHOUT = 0.02  # part of the records that has no double at least
FACTS: Mapping[str, tuple[str, ...]] = {
    "moment": (*(name for name, _ in MOMENTS), "over_a_year_after"),
    "born": (*BORN, "other"),
}
WHERE = ("elsewhere", "within")
Whole = np.ndarray[Any, np.dtype[np.int64]]


def name_doubles(
    person_profiles: ir.Table,
    identifier_groups: ir.Table,
    persons: ir.Table,
    stated_identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
    kept_name_doubles: ir.Table,
    kept_match_model: ir.Table,
    changed_match_model: ir.Table,
) -> ir.Table:
    """Learn without labels what a name says of records that tell nothing else, by source.

    Of the subscribers with a rare name, more are found among the customers than chance brings: by
    that it is known how many subscribers have a double there (expectation maximisation over who of
    their namesakes each is, or nobody). That part is far larger for a mailing list than for any two
    records, and differs between sources. Learnt in the same rounds: how near the moments lie at
    which both records were made, and how often figures in an e-mail address are the year of birth.
    Kept as long as `match_model` is.

    Args:
        persons: the source of each record, and when it was made.

    Returns:
        As in the contract of `name_doubles`; only sources with enough such records.
    """
    if is_any(kept_match_model, engine) and not is_any(changed_match_model, engine):
        return kept_name_doubles
    records = Records(
        person_profiles, identifier_groups, persons, stated_identifiers, blocked_identifiers
    )
    known = bearers(records, engine=engine)
    units = engine.keep(known.others.select("group", unit="group").distinct())
    sizes = _known_by(known, records, engine)
    counts = _enough(known, sizes, engine)
    told = partial(with_evidence, units=units, records=records, engine=engine)
    rows: list[dict[str, object]] = []
    if counts:
        few = replace(
            known, bare=engine.keep(known.bare.filter(known.bare["source"].isin(list(counts))))
        )
        seen = engine.fetch(told(namesakes_of(few, units, records, engine=engine)))
        by_chance = engine.fetch(told(_drawn(few, engine)))
        together = _together(few, person_profiles, engine)
        for source, count in counts.items():
            own, random = (
                rows_of.filter(pc.equal(rows_of["source"], source)) for rows_of in (seen, by_chance)
            )
            expected = _expected(own, sizes[source], together[0])
            rows += _rows(
                source, count, _learnt(own, random, count, expected), together, sizes[source]
            )
    schema = contract("name_doubles").schema.to_pyarrow()
    return engine.table(pa.Table.from_pylist(rows, schema=schema))


def _expected(pairs: pa.Table, sizes: tuple[int, int], together: float) -> Numbers:
    """How many of the others bear the name of each pair by chance."""
    within = pairs["is_known"].to_numpy(zero_copy_only=False).astype(np.int64)
    shares = pairs["first_share"].to_numpy() * pairs["last_share"].to_numpy()
    expected: Numbers = np.maximum(np.array(sizes), 1)[within] * shares * together
    return expected


def _enough(
    known: Bearers, sizes: Mapping[str, tuple[int, int]], engine: Engine
) -> Mapping[str, int]:
    """The sources with enough records that tell only a name, and how many they have.

    There must be enough others that the source does not know, too.
    """
    bare = known.bare.group_by("source").aggregate(records=known.bare.count())
    rows = engine.fetch(bare.order_by("source")).to_pylist()
    counts = {row["source"]: row["records"] for row in rows}
    return {
        source: count
        for source, count in counts.items()
        if count >= ENOUGH_BARE and sizes[source][0] >= ENOUGH_OTHERS
    }


def _known_by(known: Bearers, records: Records, engine: Engine) -> Mapping[str, tuple[int, int]]:
    """By source how many of the others it does not know, and how many it knows."""
    groups = engine.keep(known.others.select("group").distinct())
    every = engine.fetch(groups.aggregate(groups=groups.count()))["groups"][0].as_py()
    placed = known_to(groups, records, engine=engine)
    counted = placed.group_by("source").aggregate(groups=placed.count())
    within = {row["source"]: row["groups"] for row in engine.fetch(counted).to_pylist()}
    sources = engine.fetch(known.bare.select("source").distinct())["source"].to_pylist()
    return {name: (every - within.get(name, 0), within.get(name, 0)) for name in sources}


def _drawn(known: Bearers, engine: Engine) -> ir.Table:
    """Random pairs of a bare record and one of the others: `bare`, `source`, `unit`."""
    bare = engine.fetch(known.bare.order_by(["group", "record"]))
    others = engine.fetch(known.others.select("group").distinct().order_by("group"))["group"]
    rng = np.random.default_rng(SEED)
    rows = []
    for source in sorted(set(bare["source"].to_pylist())):
        own = bare.filter(pc.equal(bare["source"], source))["group"]
        one = own.take(pa.array(rng.integers(0, len(own), RANDOM_PAIRS)))
        other = others.take(pa.array(rng.integers(0, len(others), RANDOM_PAIRS)))
        named = pa.array([source] * RANDOM_PAIRS, pa.string())
        rows.append(pa.table({"bare": one, "source": named, "unit": other}))
    return engine.keep(engine.table(pa.concat_tables(rows)).distinct())


def _together(known: Bearers, person_profiles: ir.Table, engine: Engine) -> tuple[float, float]:
    """How many times as often a first name goes with a family name as chance has it.

    Counted over pairs that are two people for sure, born in different years; averaged with what is
    assumed. Never less than chance.

    Returns:
        The times, and how many pairs of namesakes that rests on.
    """
    dated = person_profiles.filter(person_profiles["birth"].notnull())
    born = dated.group_by("group").aggregate(year=dated["birth"].min().substr(0, 4))
    named = engine.keep(known.others.join(born, "group").select("first", "last", "year"))
    pairs = [
        _pairs(named, by, engine)
        for by in (
            (),
            ("year",),
            ("first",),
            ("last",),
            ("first", "last"),
            ("first", "last", "year"),
        )
    ]
    every, of_year, of_first, of_last, of_name, of_name_and_year = pairs
    if not every:
        return ASSUMED_TOGETHER, 0.0
    seen = of_name - of_name_and_year
    expected = (every - of_year) * (of_first / every) * (of_last / every)
    times = (seen + ASSUMED_NAMESAKES * ASSUMED_TOGETHER) / (expected + ASSUMED_NAMESAKES)
    return max(times, 1.0), seen


def _pairs(named: ir.Table, by: tuple[str, ...], engine: Engine) -> float:
    """How many pairs agree on some columns."""
    counted = (
        named.group_by(*by).aggregate(n=named.count()) if by else named.aggregate(n=named.count())
    )
    n = counted["n"].cast("float64")
    return float(
        engine.fetch(counted.aggregate(pairs=(n * (n - 1) / 2).sum()))["pairs"][0].as_py() or 0
    )


@dataclass(frozen=True)
class _Learnt:
    """What was learnt of one source.

    Attributes:
        doubles: part of its bare records with a double of that name elsewhere, and within.
        found: how many doubles of both that are.
        m, u: by fact, the share of each level among doubles and among random pairs.
    """

    doubles: Numbers
    found: Numbers
    m: Mapping[str, Numbers]
    u: Mapping[str, Numbers]


def _learnt(pairs: pa.Table, random: pa.Table, count: int, expected: Numbers) -> _Learnt:
    """Expectation maximisation over which of its namesakes each bare record is, if any.

    Args:
        pairs: the namesakes of one source's bare records, with evidence.
        random: random pairs of them, with evidence.
        count: how many bare records the source has.
        expected: how many of the others bear the name of each pair by chance.
    """
    bare = np.unique(pairs["bare"].to_numpy(), return_inverse=True)[1]
    within = pairs["is_known"].to_numpy(zero_copy_only=False).astype(np.int64)
    levels = {fact: _places(pairs, fact) for fact in FACTS}
    u = {
        fact: _shares_of(_places(random, fact), np.ones(random.num_rows), _even(fact))
        for fact in FACTS
    }
    m = dict(u)
    doubles = ASSUMED_DOUBLES.copy()
    found: Numbers = np.zeros(2)
    for _ in range(ROUNDS):
        without = max(1 - doubles.sum(), FEWEST_WITHOUT)
        odds = doubles[within] / without / expected
        for fact, place in levels.items():
            odds = odds * ratio(m[fact], u[fact], place)
        same = odds / (1 + np.bincount(bare, weights=odds)[bare])
        found = np.bincount(within, weights=same, minlength=2).astype(float)
        doubles = (found + ASSUMED_BARE * ASSUMED_DOUBLES) / (count + ASSUMED_BARE)
        m = {fact: _shares_of(place, same, u[fact]) for fact, place in levels.items()}
    return _Learnt(doubles, found, m, u)


def _places(pairs: pa.Table, fact: str) -> Any:
    """The place of each pair's level; `LACKING` where there is nothing to compare."""
    places: Whole = pc.fill_null(pairs[fact], LACKING).to_numpy().astype(np.int64)
    return places


def _even(fact: str) -> Numbers:
    return np.full(len(FACTS[fact]), 1 / len(FACTS[fact]))


def _shares_of(places: Whole, weights: Numbers, usual: Numbers) -> Numbers:
    """The part that each level has, averaged with what is usual."""
    known = places != LACKING
    counted = np.bincount(places[known], weights=weights[known], minlength=len(usual))
    shares: Numbers = (counted + ASSUMED_BARE * usual) / (counted.sum() + ASSUMED_BARE)
    return shares


def _rows(
    source: str,
    count: int,
    learnt: _Learnt,
    together: tuple[float, float],
    sizes: tuple[int, int],
) -> list[dict[str, object]]:
    """The rows of the table for one source."""
    without = max(1 - float(learnt.doubles.sum()), FEWEST_WITHOUT)
    rows: list[dict[str, object]] = [
        _row(source, "double", level, share, None, log2(share / without), pairs)
        for level, share, pairs in zip(
            WHERE, learnt.doubles.tolist(), learnt.found.tolist(), strict=True
        )
    ]
    rows += [
        _row(source, "others", level, None, 1 / max(size, 1), -log2(max(size, 1)), float(size))
        for level, size in zip(WHERE, sizes, strict=True)
    ]
    rows.append(_row(source, "together", "any", None, None, -log2(together[0]), together[1]))
    for fact, levels in FACTS.items():
        shares = zip(levels, learnt.m[fact].tolist(), learnt.u[fact].tolist(), strict=True)
        rows += [
            _row(source, fact, level, m, u, log2(m / u), float(learnt.found.sum()))
            for level, m, u in shares
        ]
    return [{**row, "records": count} for row in rows]


def _row(
    source: str,
    fact: str,
    level: str,
    m: float | None,
    u: float | None,
    weight: float,
    pairs: float,
) -> dict[str, object]:
    return {
        "source": source,
        "fact": fact,
        "level": level,
        "m": m,
        "u": u,
        "match_weight": weight,
        "pairs": pairs,
    }
