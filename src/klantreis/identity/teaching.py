"""What people decided of doubtful pairs teaches the model what it could not learn without labels.

Only doubtful pairs are shown, so what is the same among them says nothing of how often one human
being's records agree: they were chosen for disagreeing in part. What the decisions do tell is how
likely two records are one *given* how they agree. So the probability of the decisions is
maximised given the agreement of each pair (which is not biased by choosing pairs by their
agreement), over the prior and the m of every level, each held to what was learnt without labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from typing import Any

import numpy as np

__all__ = ["FEWEST_DECISIONS", "DecidedPair", "Taught", "taught"]

FEWEST_DECISIONS = 20
FOLDS = 5
STANDARD_ERRORS = 2
MISTAKEN = 0.02  # part of the decisions that are wrong, whatever the pair
PRIOR_SPREAD = 2 * log(2)  # how far the prior is expected to be off: two bits,
LEVEL_SPREAD = log(2)  # and each level: one bit
NOTHING = -1
Array = np.ndarray[Any, np.dtype[Any]]
M = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class DecidedPair:
    """A doubtful pair that somebody decided on.

    Attributes:
        weight: bits, by the model as learnt without labels.
        levels: degree of agreement by field; without those that one of the two lacks.
    """

    weight: float
    levels: Mapping[str, str]
    is_same: bool


@dataclass(frozen=True)
class Taught:
    """What changes by decisions.

    Attributes:
        decisions: pairs that it rests on; 0 when they are too few, or of no help.
        prior: bits that go to the prior.
        m: share of the pairs that are one human being, by field and level.
    """

    decisions: int
    prior: float
    m: M


@dataclass(frozen=True)
class _Lesson:
    """The decisions in numbers.

    Attributes:
        odds: log odds of each pair by the model, in nats.
        places: for each field the level of each pair; `NOTHING` where one of the two lacks it.
        m: for each field the share of each level.
        is_same: what was decided.
    """

    odds: Array
    places: tuple[Array, ...]
    m: tuple[Array, ...]
    is_same: Array

    def of(self, chosen: Array) -> _Lesson:
        places = tuple(place[chosen] for place in self.places)
        return _Lesson(self.odds[chosen], places, self.m, self.is_same[chosen])


def taught(pairs: Sequence[DecidedPair], m: M) -> Taught:
    """Correct the prior, or the prior and m, by decisions, as far as that foretells others of them.

    Both are held to what was learnt, as by normal priors around it. Which of the two is taken, if
    any, is decided by five-fold cross-validation: it must foretell decisions that were left out
    better than the model alone does, by more than two standard errors of the difference.

    Args:
        pairs: in a fixed order.
        m: as learnt without labels, by field and level.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), 7.10.
    """
    if len(pairs) < FEWEST_DECISIONS:
        return Taught(0, 0.0, m)
    lesson = _lesson(pairs, m)
    surprise = _surprises(lesson, None)
    gains = {way: surprise - _surprises(lesson, way) for way in (False, True)}
    with_levels = bool(gains[True].mean() > gains[False].mean())
    gain = gains[with_levels]
    if gain.mean() <= STANDARD_ERRORS * gain.std(ddof=1) / np.sqrt(len(gain)):
        return Taught(0, 0.0, m)
    shift, levels = _fitted(lesson, with_levels=with_levels)
    shares = {
        field: dict(zip(own, _shifted(before, change).tolist(), strict=True))
        for (field, own), before, change in zip(m.items(), lesson.m, levels, strict=True)
    }
    return Taught(len(pairs), shift / log(2), shares)


def _lesson(pairs: Sequence[DecidedPair], m: M) -> _Lesson:
    places = []
    for field, levels in m.items():
        numbers = {level: place for place, level in enumerate(levels)}
        places.append(
            np.array([numbers.get(pair.levels.get(field, ""), NOTHING) for pair in pairs])
        )
    return _Lesson(
        np.array([pair.weight * log(2) for pair in pairs]),
        tuple(places),
        tuple(np.array(list(levels.values())) for levels in m.values()),
        np.array([pair.is_same for pair in pairs]),
    )


def _surprises(lesson: _Lesson, with_levels: bool | None) -> Array:
    """Log loss of each decision, foretold from the others; None: by the model alone."""
    told = np.zeros(len(lesson.odds))
    fold = np.arange(len(told)) % FOLDS
    for number in range(FOLDS):
        left_out = lesson.of(fold == number)
        shift, levels = 0.0, [np.zeros(len(own)) for own in lesson.m]
        if with_levels is not None:
            shift, levels = _fitted(lesson.of(fold != number), with_levels=with_levels)
        told[fold == number] = _losses(left_out, _corrected(left_out, shift, levels))
    return told


def _fitted(lesson: _Lesson, *, with_levels: bool) -> tuple[float, list[Array]]:
    """The shift of the prior and of each level of each field, in nats."""
    # Not above: it takes a third of a second to load, and every command would wait for it.
    from scipy.optimize import minimize

    sizes = [len(own) if with_levels else 0 for own in lesson.m]
    found = minimize(
        partial(_cost, lesson, sizes), np.zeros(1 + sum(sizes)), jac=True, method="L-BFGS-B"
    )
    levels = _by_field(found.x, sizes)
    none = [np.zeros(len(own)) for own in lesson.m]
    return float(found.x[0]), levels if with_levels else none


def _by_field(values: Array, sizes: Sequence[int]) -> list[Array]:
    return np.split(values[1:], np.cumsum(sizes)[:-1])


def _cost(lesson: _Lesson, sizes: Sequence[int], values: Array) -> tuple[float, Array]:
    """Log loss with the priors' penalties, and its gradient."""
    shift = values[0]
    levels = _by_field(values, sizes)
    with_levels = any(sizes)
    changes = levels if with_levels else [np.zeros(len(own)) for own in lesson.m]
    odds = _corrected(lesson, shift, changes)
    sure = 1 / (1 + np.exp(-odds))
    likely = MISTAKEN + (1 - 2 * MISTAKEN) * sure
    off = np.where(lesson.is_same, -1 / likely, 1 / (1 - likely))
    slope = off * (1 - 2 * MISTAKEN) * sure * (1 - sure)
    gradient = [np.array([slope.sum() + shift / PRIOR_SPREAD**2])]
    for place, own, change in zip(lesson.places, lesson.m, levels, strict=True):
        if not len(change):
            continue
        known = place != NOTHING
        counted = np.bincount(place[known], weights=slope[known], minlength=len(own))
        gradient.append(
            counted - slope[known].sum() * _shifted(own, change) + change / LEVEL_SPREAD**2
        )
    penalty = shift**2 / PRIOR_SPREAD**2 + (values[1:] ** 2).sum() / LEVEL_SPREAD**2
    return float(_losses(lesson, odds).sum() + penalty / 2), np.concatenate(gradient)


def _corrected(lesson: _Lesson, shift: float, changes: Sequence[Array]) -> Array:
    odds = lesson.odds + shift
    for place, own, change in zip(lesson.places, lesson.m, changes, strict=True):
        told = change - np.log((own * np.exp(change)).sum() / own.sum())
        odds = odds + np.where(place == NOTHING, 0.0, told[place])
    return np.clip(odds, -40, 40)


def _shifted(own: Array, change: Array) -> Array:
    raised = own * np.exp(change)
    shares: Array = raised / raised.sum() * own.sum()
    return shares


def _losses(lesson: _Lesson, odds: Array) -> Array:
    likely = MISTAKEN + (1 - 2 * MISTAKEN) / (1 + np.exp(-odds))
    losses: Array = -np.log(np.where(lesson.is_same, likely, 1 - likely))
    return losses
