"""Pairs of a record that tells no more than a name with those of that name, all weighed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.bare_records import Bearers, Records, bearers, namesakes_of, with_evidence
from klantreis.identity.chance import Numbers
from klantreis.identity.judging import DOUBT_FROM, MATCH_FROM, weight_of
from klantreis.identity.name_doubles import FACTS, WHERE

__all__ = ["NAME_WEIGHTS", "Weighed", "with_name_pairs"]

NAME_WEIGHTS = ("weight_moment", "weight_born", "weight_rivals")
FULL_NAME = ["first", "last"]
GROUPS = ["low_group", "high_group"]
ROUNDS = 100
Learnt = Mapping[tuple[str, str, str], float]


@dataclass(frozen=True)
class Weighed:
    """Pairs from the doubtful band up, those of records with only a name as they are weighed here.

    Attributes:
        scored: pairs that are new, as `weigh` returns them, with `weight_prior` and the weights of
            `NAME_WEIGHTS` where weighed here.
        held: pairs weighed before that stay as they are.
    """

    scored: pa.Table
    held: ir.Table


def with_name_pairs(
    scored: pa.Table,
    name_doubles: ir.Table,
    records: Records,
    *,
    engine: Engine,
    held: ir.Table | None = None,
    fresh: ir.Table | None = None,
) -> Weighed:
    """Weigh the pairs of which one tells no more than a name, all namesakes of a record at once.

    The odds of a pair: how many records of that source have a double, over how many of that name
    chance would bring; times what moments and figures in the e-mail address say. A record is one of
    its namesakes at most, and a customer has one such record of a source at most: what speaks for
    the others speaks against each (`weight_rivals`). Namesakes that match each other are one.

    How many records of one human being a source has within itself is another matter: a pair with a
    customer whom the source knows already keeps its weight by the usual fields where that is more.
    So does a pair of which the e-mail addresses resemble each other. Both count as rivals.

    Args:
        scored: pairs of profiles, by the usual fields.
        name_doubles: what was learnt; records of other sources are left to the usual fields.
        held: the pairs that were weighed before, with `left_group` and `right_group`.
        fresh: the records whose names are weighed anew; None for all names.
    """
    learnt = {
        (row["source"], row["fact"], row["level"]): float(row["match_weight"])
        for row in engine.fetch(name_doubles).to_pylist()
    }
    before = _grouped(engine.table(scored), records.person_profiles) if held is None else held
    if not learnt:
        return Weighed(scored, before)
    grouped = engine.keep(_grouped(engine.table(scored), records.person_profiles))
    seen = _seen(grouped) if held is None else _seen(grouped).union(_seen(held))
    seen = engine.keep(seen)
    known = _bearers(learnt, records, fresh, engine)
    units = _units(known, seen, engine)
    told = with_evidence(
        namesakes_of(known, units, records, engine=engine),
        units=units,
        records=records,
        engine=engine,
    )
    rows = engine.fetch(told.order_by(["bare", "unit", *FULL_NAME]))
    weighed = engine.table(_weighed(rows, learnt))
    pairs = engine.keep(_of_records(engine.keep(weighed), known, units))
    better = pairs.select(*GROUPS, "is_known", own="match_weight").join(seen, GROUPS)
    is_alike = (better["weight_email"] > 0).fill_null(False)
    better = better.filter(is_alike | better["is_known"] & (better["match_weight"] > better["own"]))
    pairs = engine.keep(
        pairs.drop("is_known").anti_join(engine.keep(better.select(GROUPS)), GROUPS)
    )
    likely = pairs.filter(pairs["match_weight"] >= weight_of(DOUBT_FROM)).drop(*GROUPS)
    rest = engine.fetch(_others(grouped, pairs).drop("left_group", "right_group"))
    both = pa.concat_tables([rest, engine.fetch(likely)], promote_options="default")
    return Weighed(
        both.sort_by([("left", "ascending"), ("right", "ascending")]),
        engine.keep(_others(before, pairs)),
    )


def _grouped(scored: ir.Table, person_profiles: ir.Table) -> ir.Table:
    """The pairs with the groups of both."""
    for side in ("left", "right"):
        placed = person_profiles.select(**{side: "record", f"{side}_group": "group"})
        scored = scored.join(placed, side)
    return scored


def _low_and_high(pairs: ir.Table) -> Mapping[str, ir.Value]:
    ends = (pairs["left_group"], pairs["right_group"])
    return {"low_group": ibis.least(*ends), "high_group": ibis.greatest(*ends)}


def _seen(pairs: ir.Table) -> ir.Table:
    """What the usual fields say of two groups, and the e-mail addresses among them."""
    email = pairs["weight_email"] if "weight_email" in pairs.columns else ibis.null("float64")
    return pairs.select("match_weight", weight_email=email, **_low_and_high(pairs))


def _others(pairs: ir.Table, weighed: ir.Table) -> ir.Table:
    """The pairs of other groups than those that were weighed here."""
    return pairs.mutate(**_low_and_high(pairs)).anti_join(weighed, GROUPS).drop(*GROUPS)


def _bearers(learnt: Learnt, records: Records, fresh: ir.Table | None, engine: Engine) -> Bearers:
    """With only those bare records of which something was learnt, and that bear a fresh name."""
    names = None
    if fresh is not None:
        told = records.person_profiles.semi_join(fresh, "record")
        names = engine.keep(told.select(FULL_NAME).distinct())
    known = bearers(records, engine=engine, names=names)
    sources = sorted({source for source, _, _ in learnt})
    bare = known.bare.filter(known.bare["source"].isin(sources))
    return replace(known, bare=engine.keep(bare))


def _units(known: Bearers, seen: ir.Table, engine: Engine) -> ir.Table:
    """The customers of those of whom more is known, as far as pairs show: `group` and `unit`."""
    groups = engine.keep(known.others.select("group").distinct())
    sure = seen.filter(seen["match_weight"] >= weight_of(MATCH_FROM))
    for side in GROUPS:
        sure = sure.semi_join(groups.select(**{side: "group"}), side)
    edges = sure.select(left=GROUPS[0], right=GROUPS[1])
    edges = edges.filter(edges["left"] != edges["right"]).distinct()
    placed = groups.left_join(engine.components(edges).rename(group="node"), "group")
    return engine.keep(
        placed.select("group", unit=ibis.coalesce(placed["component"], placed["group"]))
    )


def _weighed(pairs: pa.Table, learnt: Learnt) -> pa.Table:
    """The pairs of bare records and customers with all that their weight is made of, in bits."""
    sources = pairs["source"].to_pylist()
    within = pairs["is_known"].to_numpy(zero_copy_only=False).astype(np.int64)
    prior = [
        learnt[source, "double", WHERE[place]]
        + learnt[source, "others", WHERE[place]]
        + learnt[source, "together", "any"]
        for source, place in zip(sources, within.tolist(), strict=True)
    ]
    names = [-np.log2(pairs[f"{part}_share"].to_numpy()) for part in FULL_NAME]
    facts = [_fact_weights(pairs[fact].to_pylist(), sources, fact, learnt) for fact in FACTS]
    alone = np.array(prior, dtype=float) + sum(names)
    for weights in facts:
        alone = alone + np.nan_to_num(weights)
    rivals = _rivals(pairs, sources, alone)
    told = {
        "weight_prior": np.array(prior, dtype=float),
        "weight_first_name": names[0],
        "weight_last_name": names[1],
        "weight_moment": facts[0],
        "weight_born": facts[1],
        "weight_rivals": rivals,
        "match_weight": alone + rivals,
    }
    made = {name: pa.array(values, pa.float64(), from_pandas=True) for name, values in told.items()}
    return pa.table({name: pairs[name] for name in ("bare", "unit", "is_known", *FULL_NAME)} | made)


def _fact_weights(
    places: Sequence[int | None], sources: Sequence[str], fact: str, learnt: Learnt
) -> Numbers:
    """What a fact says of each pair; empty (not a number) where one of the two lacks it."""
    return np.array(
        [
            np.nan if place is None else learnt[source, fact, FACTS[fact][place]]
            for place, source in zip(places, sources, strict=True)
        ],
        dtype=float,
    )


def _rivals(pairs: pa.Table, sources: Sequence[str], weights: Numbers) -> Numbers:
    """What the other namesakes of a record, and its source's other records of a customer, take off.

    A record is at most one customer, and of a source a customer has at most one such record; so who
    surely is somebody else's is hardly a rival. In bits, by belief propagation over the matchings
    that are possible, which settles on such graphs.

    Source: Bayati and Nair, A rigorous proof of the cavity method for counting matchings,
    Allerton (2006).
    """
    odds = 2.0 ** np.clip(weights, -60, 60)
    numbers = {name: n for n, name in enumerate(sorted(set(sources)))}
    source = np.array([numbers[name] for name in sources], dtype=np.int64)
    owners = (pairs["bare"].to_numpy(), pairs["unit"].to_numpy() * max(len(numbers), 1) + source)
    bare, unit = (np.unique(owner, return_inverse=True)[1] for owner in owners)
    free_unit: Numbers = np.ones(len(odds))  # that the customer is nobody else's
    for _ in range(ROUNDS):
        free_bare = 1 / (1 + _of_others(bare, odds * free_unit))
        free_unit = (free_unit + 1 / (1 + _of_others(unit, odds * free_bare))) / 2
    taken: Numbers = np.log2(free_bare * free_unit)
    return taken


def _of_others(owners: Any, odds: Numbers) -> Numbers:
    """The sum over the other pairs of the same owner."""
    others: Numbers = np.bincount(owners, weights=odds, minlength=1)[owners] - odds
    return np.maximum(others, 0)


def _of_records(weighed: ir.Table, known: Bearers, units: ir.Table) -> ir.Table:
    """The pairs in records: the bare one with each of the customer's groups of that name."""
    bare = known.bare.select(*FULL_NAME, bare="group", bare_record="record")
    others = known.others.join(units, "group").select("unit", "group", "record", *FULL_NAME)
    pairs = weighed.join(bare, ["bare", *FULL_NAME]).join(others, ["unit", *FULL_NAME])
    told = [name for name in weighed.columns if "weight" in name]
    return pairs.select(
        left=ibis.least(pairs["bare_record"], pairs["record"]),
        right=ibis.greatest(pairs["bare_record"], pairs["record"]),
        low_group=ibis.least(pairs["bare"], pairs["group"]),
        high_group=ibis.greatest(pairs["bare"], pairs["group"]),
        is_known=pairs["is_known"],
        **{name: pairs[name] for name in told},
    )
