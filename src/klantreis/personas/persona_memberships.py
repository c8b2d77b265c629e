"""Every customer's place among the personas: naive Bayes on needs and behaviour, calibrated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from klantreis.engine import Engine
from klantreis.personas.traits import traits

__all__ = ["persona_memberships"]

SMOOTHING = 1.0  # Laplace: one made-up customer a value
HELD_OUT = 5  # one in five is kept apart for calibration
MOST_HELD_OUT = 50_000
STRENGTHS = np.linspace(0.0, 1.2, 25)
MEMBER_FROM = 0.5
NEED = "need"
Weights = Mapping[str, Mapping[str, Sequence[float]]]  # trait -> value -> log odds per persona


def persona_memberships(
    personas: ir.Table,
    target_groups: ir.Table,
    questions: ir.Table,
    portraits: ir.Table,
    *,
    engine: Engine,
    as_of: datetime,
) -> ir.Table:
    """Score every customer back to a persona.

    Who told needs belongs to a target group and so to a persona; from them naive Bayes (Laplace
    smoothing) learns which behaviour, channels and needs go with which persona, and scores all
    customers, new ones too. Naive Bayes is too sure of itself because traits hang together, so
    its evidence is weakened: by the strength that gives the lowest log loss on the fifth of the
    customers that was held out, once with needs known and once with them hidden (Platt-style
    scaling with one parameter; Guo et al., "On Calibration of Modern Neural Networks", 2017).

    Args:
        personas, target_groups, questions, portraits: as in their contracts.
        as_of: the moment of scoring (UTC).

    Returns:
        As in the contract of `persona_memberships`; empty without personas.
    """
    clusters = engine.fetch(personas.select("persona_id", "target_groups", "position")).to_pylist()
    names = [row["persona_id"] for row in sorted(clusters, key=lambda row: row["position"])]
    if not names:
        return engine.table(_nobody())
    known = _known(clusters, target_groups, engine)
    people = engine.keep(_people(portraits, known))
    told = questions.filter(questions["customer_id"].notnull() & ~questions["is_problem"])
    told = told.select("customer_id", "topic")
    told = engine.keep(told.distinct())
    fit = people.filter(people["customer_id"] % HELD_OUT != 0)
    trial = _learned(fit, told, names, engine)
    strengths = _strengths(people, told, trial, names, engine)
    final = _learned(people, told, names, engine)
    scored = _scored(people, told, final, names)
    return _placed(scored, final["prior"]["all"], names, strengths).mutate(
        as_of=ibis.literal(as_of, "timestamp(6)")
    )


def _known(clusters: list[dict[str, Any]], target_groups: ir.Table, engine: Engine) -> ir.Table:
    """The persona of each customer in a target group."""
    pairs = [(g, row["persona_id"]) for row in clusters for g in row["target_groups"]]
    own = engine.table(
        pa.table({"target_group": [g for g, _ in pairs], "persona": [p for _, p in pairs]})
    )
    return target_groups.join(own, "target_group").select("customer_id", "persona")


def _people(portraits: ir.Table, known: ir.Table) -> ir.Table:
    wide = portraits.select("customer_id", **traits(portraits))
    return wide.left_join(known, "customer_id").drop("customer_id_right")


def _learned(
    people: ir.Table, told: ir.Table, names: Sequence[str], engine: Engine
) -> Mapping[str, Mapping[str, Sequence[float]]]:
    """Log likelihood of every value of every trait given each persona; `prior` has the shares."""
    own = people.filter(people["persona"].notnull())
    seen = [
        own.select("persona", value=own[trait], trait=ibis.literal(trait))
        for trait in _trait_names(people)
    ]
    spoken = told.join(own.select("customer_id", "persona"), "customer_id")
    seen.append(spoken.select("persona", value=spoken["topic"], trait=ibis.literal(NEED)))
    seen.append(own.select("persona", value=ibis.literal("all"), trait=ibis.literal("prior")))
    together = ibis.union(*seen)
    together = together.filter(together["value"].notnull())
    counted = together.group_by("persona", "trait", "value").aggregate(n=together.count())
    rows = engine.fetch(counted).to_pylist()
    counts: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        values = counts.setdefault(row["trait"], {}).setdefault(row["value"], [0.0] * len(names))
        values[names.index(row["persona"])] = float(row["n"])
    return {trait: _log_shares(values) for trait, values in counts.items()}


def _log_shares(values: Mapping[str, Sequence[float]]) -> Mapping[str, Sequence[float]]:
    """Of one trait: per value the log share in each persona (of the prior: of all personas)."""
    table = np.asarray([values[value] for value in sorted(values)]) + SMOOTHING
    shares = table / table.sum(axis=0) if len(table) > 1 else table / table.sum()
    logs = np.log(shares)
    return {value: logs[place].tolist() for place, value in enumerate(sorted(values))}


def _scored(people: ir.Table, told: ir.Table, weights: Weights, names: Sequence[str]) -> ir.Table:
    """Per customer and persona the evidence of behaviour (`b0` ...) and of needs (`n0` ...)."""
    behaviour = {
        f"b{place}": reduce(
            lambda total, part: total + part,
            (
                _weight(people[trait], weights.get(trait, {}), place)
                for trait in _trait_names(people)
            ),
        )
        for place in range(len(names))
    }
    wide = people.select("customer_id", "persona", **behaviour)
    needs = told.group_by("customer_id").aggregate(
        **{
            f"n{place}": _weight(told["topic"], weights.get(NEED, {}), place).sum()
            for place in range(len(names))
        }
    )
    joined = wide.left_join(needs, "customer_id")
    return joined.mutate(has_told=joined["n0"].notnull()).drop("customer_id_right")


def _weight(
    value: ir.StringValue, logs: Mapping[str, Sequence[float]], place: int
) -> ir.FloatingValue:
    # Few decimals: DuckDB reads numbers in a CASE as decimals, all with the digits of the first.
    branches = [(name, round(own[place], 4)) for name, own in logs.items()]
    if not branches:
        return ibis.literal(0.0)
    return value.cases(*branches, else_=0.0).cast("float64")


def _trait_names(people: ir.Table) -> tuple[str, ...]:
    return tuple(name for name in people.columns if name not in ("customer_id", "persona"))


def _strengths(
    people: ir.Table, told: ir.Table, weights: Weights, names: Sequence[str], engine: Engine
) -> tuple[float, float]:
    """The strength of the evidence with needs known, and with behaviour alone."""
    held = people.filter(
        (people["customer_id"] % HELD_OUT == 0) & people["persona"].notnull()
    ).limit(MOST_HELD_OUT)
    rows = engine.fetch(_scored(held, told, weights, names)).to_pandas()
    if rows.empty:
        return 1.0, 0.5
    places = range(len(names))
    behaviour = rows[[f"b{place}" for place in places]].to_numpy(float)
    needs = rows[[f"n{place}" for place in places]].fillna(0.0).to_numpy(float)
    truth = rows["persona"].map({name: place for place, name in enumerate(names)}).to_numpy()
    prior = np.asarray(weights["prior"]["all"])
    return (
        _best_strength(prior, behaviour + needs, truth),
        _best_strength(prior, behaviour, truth),
    )


def _best_strength(
    prior: NDArray[np.float64], evidence: NDArray[np.float64], truth: NDArray[np.int64]
) -> float:
    losses = []
    for strength in STRENGTHS:
        score = prior + strength * evidence
        score -= score.max(axis=1, keepdims=True)
        log_share = score - np.log(np.exp(score).sum(axis=1, keepdims=True))
        losses.append(-log_share[np.arange(len(truth)), truth].mean())
    return float(STRENGTHS[int(np.argmin(losses))])


def _placed(
    scored: ir.Table,
    prior: Sequence[float],
    names: Sequence[str],
    strengths: tuple[float, float],
) -> ir.Table:
    with_needs, without = strengths
    strength = ibis.ifelse(scored["has_told"], with_needs, without)
    summed = scored.mutate(
        **{
            f"s{place}": ibis.literal(round(prior[place], 4), "float64")
            + strength * (scored[f"b{place}"] + scored[f"n{place}"].fill_null(0.0))
            for place in range(len(names))
        }
    )
    scores = [summed[f"s{place}"] for place in range(len(names))]
    highest = ibis.greatest(*scores) if len(scores) > 1 else scores[0]
    best = summed.mutate(highest=highest)
    parts = [(best[f"s{place}"] - best["highest"]).exp() for place in range(len(names))]
    total = reduce(lambda one, other: one + other, parts)
    basis = ibis.ifelse(best["has_told"], "needs", "behaviour")
    each = [
        best.select(
            "customer_id", persona_id=ibis.literal(name), probability=part / total, basis=basis
        )
        for name, part in zip(names, parts, strict=True)
    ]
    together = ibis.union(*each) if len(each) > 1 else each[0]
    return together.mutate(is_member=together["probability"] >= MEMBER_FROM)


def _nobody() -> pa.Table:
    return pa.schema(
        [
            ("customer_id", pa.int64()),
            ("persona_id", pa.string()),
            ("probability", pa.float64()),
            ("basis", pa.string()),
            ("is_member", pa.bool_()),
            ("as_of", pa.timestamp("us")),
        ]
    ).empty_table()
