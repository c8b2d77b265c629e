"""The scan: which joined measures differ between groups and channels, or move over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.patterns.joined import JOINED_MEASURES
from klantreis.patterns.joined_measure import joined_measures_known
from klantreis.patterns.joined_measures import ALL
from klantreis.patterns.looks import Look, Place, looks
from klantreis.tables import contract

__all__ = ["FALSE_DISCOVERIES", "SMALLEST_EFFECT", "adjusted", "patterns"]

FALSE_DISCOVERIES = 0.05  # at most this part of what is told is chance
# A tenth of a standard deviation: what is less is of no use to anybody, however sure it is.
SMALLEST_EFFECT = 0.1


def patterns(joined_measures: ir.Table, *, engine: Engine) -> ir.Table:
    """Look at every joined measure of each group, channel and course in time, and judge all together.

    A look is told when it is sure (false discovery rate of all looks together: Benjamini and
    Hochberg, *Journal of the Royal Statistical Society B* 57, 1995), large enough to matter, and not
    told already of a larger whole. The intervals of what is told hold together too (false coverage
    rate: Benjamini and Yekutieli, *Journal of the American Statistical Association* 100, 2005).

    Args:
        joined_measures: as in its contract.

    Returns:
        As in the contract of `patterns`: one row a look.
    """
    meanings = {code: one.meaning for code, one in joined_measures_known(JOINED_MEASURES).items()}
    found = list(looks(engine.fetch(joined_measures).to_pylist(), meanings))
    rows = list(_judged(found))
    return engine.table(pa.Table.from_pylist(rows, schema=contract("patterns").schema.to_pyarrow()))


def adjusted(p_values: Sequence[float]) -> npt.NDArray[np.float64]:
    """The smallest false discovery rate at which each would still be told (Benjamini-Hochberg)."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(p[order] * len(p) / ranks)
    q[:] = np.minimum(q, 1.0)
    return q


def _judged(found: Sequence[Look]) -> Iterator[dict[str, object]]:
    compared = [look.difference for look in found if look.difference is not None]
    q_values = iter(adjusted([one.p_value for one in compared]))
    told = {look: float(next(q_values)) for look in found if look.difference is not None}
    sure = sum(q <= FALSE_DISCOVERIES for q in told.values())
    confidence = 1 - FALSE_DISCOVERIES * max(sure, 1) / max(len(told), 1)
    judged = [(look, *_verdict(look, told.get(look), confidence)) for look in found]
    wide = {
        (look.kind, look.place): low > 0 for look, verdict, low, _ in judged if verdict == "told"
    }
    for look, verdict, low, high in judged:
        is_repeat = verdict == "told" and (
            _only_by_channel(look, wide)
            or any(wide.get(larger) == (low > 0) for larger in _larger(look))
        )
        yield _row(look, "repeated" if is_repeat else verdict, told.get(look), low, high)


def _verdict(look: Look, q_value: float | None, confidence: float) -> tuple[str, float, float]:
    if look.difference is None or q_value is None:
        return "too_few", 0.0, 0.0
    low, high = look.difference.interval(confidence)
    if q_value > FALSE_DISCOVERIES or low <= 0 <= high:
        return "chance", low, high
    if abs(look.difference.effect) < SMALLEST_EFFECT:
        return "small", low, high
    return "told", low, high


def _larger(look: Look) -> Iterator[tuple[str, Place]]:
    """The looks that say the same of a larger whole: of the group everywhere, of everybody, the course as a line."""
    place = look.place
    if place.at_channel != ALL and place.segmentation != ALL:
        yield look.kind, Place(place.measure, place.segmentation, place.segment)
    if look.kind in ("trend", "jump"):
        if look.kind == "jump":
            yield "trend", place
        if place != Place(place.measure):
            yield "trend", Place(place.measure)
            yield "jump", Place(place.measure)


def _only_by_channel(look: Look, told: Mapping[tuple[str, Place], bool]) -> bool:
    """Whether groups by channel differ where the channels themselves do: that is told of those."""
    place = look.place
    if place.segmentation != "channel" or place.at_channel != ALL:
        return False
    return any(kind == "channel" and at.measure == place.measure for kind, at in told)


def _row(
    look: Look, verdict: str, q_value: float | None, low: float, high: float
) -> dict[str, object]:
    one = look.difference
    nearest = 0.0 if one is None or low <= 0 <= high else min(abs(low), abs(high))
    return {
        "kind": look.kind,
        **{name: getattr(look.place, name) for name in Place.__dataclass_fields__},
        "verdict": verdict,
        "value": look.value,
        "rest": look.rest,
        "difference": one.value if one else None,
        "low": low if one else None,
        "high": high if one else None,
        "effect": one.effect if one else None,
        "sure_effect": abs(one.effect) * nearest / abs(one.value) if one and one.value else 0.0,
        "p_value": one.p_value if one else None,
        "q_value": q_value,
        "customers": look.one.customers,
        "rest_customers": look.other.customers,
        "occasions": look.one.bottom,
        "starts": look.starts,
        "ends": look.ends,
        "rest_starts": look.rest_starts,
        "rest_ends": look.rest_ends,
    }
