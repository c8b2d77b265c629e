"""Many differences judged together: which are hardly chance, and large enough to matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from klantreis.patterns.estimates import Difference

__all__ = ["FALSE_DISCOVERIES", "SMALLEST_EFFECT", "TOLD", "Judgement", "adjusted", "judged"]

FALSE_DISCOVERIES = 0.05  # at most this part of what is told is chance
# A tenth of a standard deviation: what is less is of no use to anybody, however sure it is.
SMALLEST_EFFECT = 0.1
TOLD = "told"


@dataclass(frozen=True)
class Judgement:
    """What is thought of one difference.

    Attributes:
        verdict: `told`, `small`, `chance` or `too_few`.
        q_value: corrected for the number of differences; None with too few.
        low, high: interval, as wide as the number of sure ones asks.
        sure_effect: standard deviations at the end of the interval nearest to no difference.
    """

    verdict: str
    q_value: float | None = None
    low: float | None = None
    high: float | None = None
    sure_effect: float = 0.0


def judged(differences: Sequence[Difference | None]) -> Sequence[Judgement]:
    """Judge all together.

    The false discovery rate is that of Benjamini and Hochberg (*Journal of the Royal Statistical
    Society B* 57, 1995); the intervals hold together too (false coverage rate: Benjamini and
    Yekutieli, *Journal of the American Statistical Association* 100, 2005).

    Args:
        differences: None where there is too little for a comparison.
    """
    q_values = adjusted([one.p_value for one in differences if one is not None])
    sure = int((q_values <= FALSE_DISCOVERIES).sum())
    confidence = 1 - FALSE_DISCOVERIES * max(sure, 1) / max(len(q_values), 1)
    ordered = iter(q_values)
    return [
        Judgement("too_few") if one is None else _judgement(one, float(next(ordered)), confidence)
        for one in differences
    ]


def adjusted(p_values: Sequence[float]) -> npt.NDArray[np.float64]:
    """The smallest false discovery rate at which each would still be told (Benjamini-Hochberg)."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(p[order] * len(p) / ranks)
    q[:] = np.minimum(q, 1.0)
    return q


def _judgement(one: Difference, q_value: float, confidence: float) -> Judgement:
    low, high = one.interval(confidence)
    is_sure = q_value <= FALSE_DISCOVERIES and not low <= 0 <= high
    if not is_sure:
        return Judgement("chance", q_value, low, high)
    nearest = min(abs(low), abs(high)) / abs(one.value) if one.value else 0.0
    verdict = TOLD if abs(one.effect) >= SMALLEST_EFFECT else "small"
    return Judgement(verdict, q_value, low, high, abs(one.effect) * nearest)
