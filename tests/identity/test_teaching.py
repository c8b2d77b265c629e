"""Decisions of a judge who knows the truth make the doubtful band better, and few of them no worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import log2, prod

import numpy as np
import pytest

from klantreis import Workspace
from klantreis.engine import Engine
from klantreis.identity import match_model
from klantreis.identity.judging import DOUBT_FROM, MATCH_FROM, weight_of
from klantreis.identity.teaching import FEWEST_DECISIONS, DecidedPair, Taught, taught
from tests.rows import Row, made, rows_of

Pair = tuple[str, str]
Shares = Mapping[str, Mapping[str, float]]
U: Shares = {
    "first_name": {"same": 0.01, "near": 0.02, "other": 0.97},
    "last_name": {"same": 0.004, "near": 0.006, "other": 0.99},
    "address": {"same": 0.001, "other": 0.999},
    "birth_date": {"same": 0.001, "slip": 0.004, "other": 0.995},
}
LEARNT: Shares = {
    "first_name": {"same": 0.75, "near": 0.15, "other": 0.10},
    "last_name": {"same": 0.8, "near": 0.12, "other": 0.08},
    "address": {"same": 0.7, "other": 0.3},
    "birth_date": {"same": 0.9, "slip": 0.07, "other": 0.03},
}
# In truth people move and marry more, and nobody mistakes a birth date.
TRUE: Shares = {
    "first_name": {"same": 0.85, "near": 0.14, "other": 0.01},
    "last_name": {"same": 0.6, "near": 0.1, "other": 0.3},
    "address": {"same": 0.3, "other": 0.7},
    "birth_date": {"same": 0.97, "slip": 0.029, "other": 0.001},
}
PRIOR = log2(1e-3)
TRULY_SAME = 2e-4  # part of the pairs that are one human being: fewer than the model thinks


def doubtful(true: Shares, same: float, count: int, seed: int) -> list[DecidedPair]:
    """Pairs that the model puts in the doubtful band, as often as they occur, judged rightly."""
    chance = np.random.default_rng(seed)
    ways = [dict(zip(LEARNT, levels, strict=True)) for levels in product(*LEARNT.values())]
    weights = [PRIOR + sum(log2(LEARNT[f][n] / U[f][n]) for f, n in way.items()) for way in ways]
    one = np.array([same * prod(true[f][n] for f, n in way.items()) for way in ways])
    two = np.array([(1 - same) * prod(U[f][n] for f, n in way.items()) for way in ways])
    is_doubtful = [weight_of(DOUBT_FROM) <= bits < weight_of(MATCH_FROM) for bits in weights]
    often = np.where(is_doubtful, one + two, 0.0)
    drawn = chance.choice(len(ways), count, p=often / often.sum())
    is_same = chance.random(count) < (one / (one + two))[drawn]
    return [
        DecidedPair(weights[way], ways[way], bool(truth))
        for way, truth in zip(drawn.tolist(), is_same, strict=True)
    ]


def probabilities(pairs: Sequence[DecidedPair], by: Taught) -> np.ndarray:
    shifts = {
        (field, level): log2(by.m[field][level] / m)
        for field, levels in LEARNT.items()
        for level, m in levels.items()
    }
    weights = [
        pair.weight + by.prior + sum(shifts[one] for one in pair.levels.items()) for pair in pairs
    ]
    return 1 / (1 + 2.0 ** -np.array(weights))


def quality(pairs: Sequence[DecidedPair], by: Taught) -> tuple[float, float]:
    """F1 of leaning to the right side, and mean squared error of the probability (Brier)."""
    likely = probabilities(pairs, by)
    truth = np.array([pair.is_same for pair in pairs])
    leaning = likely >= 0.5
    f1 = 2 * (leaning & truth).sum() / max(leaning.sum() + truth.sum(), 1)
    return float(f1), float(((likely - truth) ** 2).mean())


UNTAUGHT = Taught(0, 0.0, LEARNT)
RIGHT = 1e-3  # where the model is right


def test_too_few_decisions_change_nothing() -> None:
    pairs = doubtful(TRUE, TRULY_SAME, FEWEST_DECISIONS - 1, seed=1)
    assert taught(pairs, LEARNT) == UNTAUGHT


def test_many_decisions_make_precision_and_recall_of_other_doubtful_pairs_better() -> None:
    others = doubtful(TRUE, TRULY_SAME, 4_000, seed=2)
    before = quality(others, UNTAUGHT)
    found = taught(doubtful(TRUE, TRULY_SAME, 300, seed=3), LEARNT)
    after = quality(others, found)
    assert found.decisions == 300
    assert after[0] > before[0] + 0.03
    assert after[1] < before[1] - 0.05


@pytest.mark.parametrize("count", [20, 60])
@pytest.mark.parametrize(("true", "same"), [(TRUE, TRULY_SAME), (LEARNT, RIGHT)])
def test_few_decisions_make_it_no_worse(true: Shares, same: float, count: int) -> None:
    others = doubtful(true, same, 4_000, seed=2)
    before = quality(others, UNTAUGHT)
    worse = [
        quality(others, taught(doubtful(true, same, count, seed=seed), LEARNT))[1] - before[1]
        for seed in range(10, 13)
    ]
    assert max(worse) <= 0.01


def test_shares_stay_shares() -> None:
    found = taught(doubtful(TRUE, TRULY_SAME, 300, seed=3), LEARNT)
    for levels in found.m.values():
        assert sum(levels.values()) == pytest.approx(1)
        assert min(levels.values()) > 0


def model_of(
    shop: Workspace, engine: Engine, same: Sequence[Pair], kept: Sequence[Row]
) -> Sequence[Row]:
    model = match_model(
        engine.table(shop.reading.fetch(shop.table("person_profiles"))),
        engine=engine,
        kept_match_model=rows_of("match_model", kept),
        own_decisions={"same": same, "different": ()},
    )
    return made("match_model", model, engine)


def test_decisions_correct_the_model_of_a_shop_and_taking_them_back_brings_it_back(
    shop: Workspace, duckdb_engine: Engine
) -> None:
    learnt = shop.reading.rows(shop.table("match_model").order_by("field", "level"))
    matches = shop.table("matches")
    doubtful = shop.reading.rows(matches.filter(matches["band"] == "doubtful"))
    pairs = [(row["left_person_id"], row["right_person_id"]) for row in doubtful]
    assert len(pairs) >= FEWEST_DECISIONS
    assert all(row["learnt_weight"] == row["match_weight"] for row in learnt)

    assert model_of(shop, duckdb_engine, pairs[: FEWEST_DECISIONS - 1], learnt) == learnt
    changed = model_of(shop, duckdb_engine, pairs, learnt)
    prior, prior_before = (
        next(row for row in rows if row["field"] == "prior") for rows in (changed, learnt)
    )
    assert {row["decisions"] for row in changed} == {len(pairs)}
    assert prior["match_weight"] > prior_before["match_weight"] == prior["learnt_weight"]
    assert model_of(shop, duckdb_engine, pairs[:-1], changed) == changed  # hardly fewer: it holds

    back = model_of(shop, duckdb_engine, [], changed)
    assert {row["decisions"] for row in back} == {0}
    for row, before in zip(back, learnt, strict=True):
        assert row["match_weight"] == pytest.approx(before["match_weight"])
        assert row["m"] == (None if before["m"] is None else pytest.approx(before["m"]))
