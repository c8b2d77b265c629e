"""Which of the weighed pairs tie, and what stops the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantreis.identity.clustering import Described, Grown, Pairs, Sureness, grown

__all__ = ["DOUBT_FROM", "MATCH_FROM", "Decided", "judged", "weight_of"]

MATCH_FROM = 0.9
DOUBT_FROM = 0.2  # from which it is worth a look
NOTHING: frozenset[str] = frozenset()
Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Decided:
    """A pair of records that somebody decided on, and the groups that they are in."""

    records: tuple[int, int]
    groups: tuple[int, int]


def weight_of(probability: float) -> float:
    """Log2 of the odds.

    >>> weight_of(0.5)
    0.0
    """
    return log2(probability / (1 - probability))


def judged(
    scored: pa.Table,
    told: pa.Table,
    accounts: pa.Table,
    decided: Mapping[str, Sequence[Decided]],
    *,
    sure: Sureness,
) -> pa.Table:
    """The scored pairs with `band`, `is_used` and `stopped_by`, and those only decided on.

    Args:
        scored: as `weigh` returns them.
        told: profiles, by rising `record`.
        accounts: `group`, `kind` and `value` of identifiers of which a customer has one.
        decided: what people said is `same` and `different`.
        sure: what is a contradiction of its own.
    """
    groups = _groups(told, decided)
    weights = scored["match_weight"].to_numpy()
    low, high = _between(scored, told, groups)
    keys, place = np.unique(low * len(groups) + high, return_inverse=True)
    heaviest, named = (np.full(len(keys), -np.inf) for _ in range(2))
    np.maximum.at(heaviest, place, weights)
    are_named = _are_named(scored)
    np.maximum.at(named, place[are_named], weights[are_named])
    at = {
        way: [tuple(np.searchsorted(groups, one.groups).tolist()) for one in decisions]
        for way, decisions in decided.items()
    }
    clusters = grown(
        Pairs(keys // len(groups), keys % len(groups), heaviest, named),
        _described(told, accounts, groups),
        lowest_weight=weight_of(MATCH_FROM),
        same=at["same"],
        different=at["different"],
        sure=sure,
    )
    is_together = _is_together(clusters, low, high)
    return _marked(scored, weights, is_together, clusters, place, decided)


def _groups(told: pa.Table, decided: Mapping[str, Sequence[Decided]]) -> Numbers:
    own = [group for some in decided.values() for one in some for group in one.groups]
    return np.unique(np.concatenate([told["group"].to_numpy(), np.array(own, dtype=np.int64)]))


def _between(scored: pa.Table, told: pa.Table, groups: Numbers) -> tuple[Numbers, Numbers]:
    """The places of the two groups of every pair, the lower first."""
    records, group_of = told["record"].to_numpy(), told["group"].to_numpy()
    ends = [
        np.searchsorted(groups, group_of[np.searchsorted(records, scored[side].to_numpy())])
        for side in ("left", "right")
    ]
    return np.minimum(*ends), np.maximum(*ends)


def _described(told: pa.Table, accounts: pa.Table, groups: Numbers) -> list[Described]:
    """What each group says of names, birth date and accounts."""
    places = np.searchsorted(groups, told["group"].to_numpy())
    own: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in accounts.to_pylist():
        own[row["group"]].add((row["kind"], row["value"]))
    firsts, births, lasts = (
        _different(told[name], places, len(groups)) for name in ("first", "birth", "last")
    )
    return [
        Described(first, birth, frozenset(own.get(group, ())), last)
        for group, first, birth, last in zip(groups.tolist(), firsts, births, lasts, strict=True)
    ]


def _different(said: pa.ChunkedArray, places: Numbers, count: int) -> list[frozenset[str]]:
    """The values at each of so many places; most have one, and many the same."""
    codes = pc.dictionary_encode(said.combine_chunks())
    values = [frozenset({value} if value else ()) for value in codes.dictionary.to_pylist()]
    told = np.flatnonzero(pc.is_valid(codes).to_numpy(zero_copy_only=False))
    at = pc.fill_null(codes.indices, 0).to_numpy()[told]
    found = [NOTHING] * count
    for place, code in zip(places[told].tolist(), at.tolist(), strict=True):
        before = found[place]
        found[place] = before | values[code] if before else values[code]
    return found


def _are_named(scored: pa.Table) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Of each pair whether both say a first name, which was weighed then."""
    if "weight_first_name" not in scored.column_names:
        return np.zeros(scored.num_rows, dtype=bool)
    said: np.ndarray[Any, np.dtype[np.bool_]] = pc.is_valid(scored["weight_first_name"]).to_numpy()
    return said


def _is_together(clusters: Grown, low: Numbers, high: Numbers) -> np.ndarray[Any, Any]:
    roots = np.array(clusters.roots, dtype=np.int64)
    together: np.ndarray[Any, Any] = roots[low] == roots[high]
    return together


def _marked(
    scored: pa.Table,
    weights: np.ndarray[Any, Any],
    is_together: np.ndarray[Any, Any],
    clusters: Grown,
    place: Numbers,
    decided: Mapping[str, Sequence[Decided]],
) -> pa.Table:
    row_of = _rows_of(scored, decided)
    is_match = weights >= weight_of(MATCH_FROM)
    is_used = is_match & is_together
    stopped: list[str | None] = [None] * len(weights)
    for row in np.flatnonzero(is_match & ~is_together).tolist():
        stopped[row] = clusters.stopped[int(place[row])]
    for one in decided["different"]:
        if one.records in row_of:
            stopped[row_of[one.records]] = "decision"
    unseen = []
    for one in decided["same"]:
        if one.records in row_of:
            is_used[row_of[one.records]] = is_together[row_of[one.records]]
        elif clusters.roots:
            unseen.append(one.records)
    marked = scored.append_column("band", pa.array(np.where(is_match, "match", "doubtful")))
    marked = marked.append_column("is_used", pa.array(is_used))
    marked = marked.append_column("stopped_by", pa.array(stopped, pa.string()))
    return pa.concat_tables([marked, _only_decided(sorted(unseen))], promote_options="default")


def _rows_of(
    scored: pa.Table, decided: Mapping[str, Sequence[Decided]]
) -> Mapping[tuple[int, int], int]:
    """In which row each decided pair is, as far as it was scored."""
    wanted = {one.records for some in decided.values() for one in some}
    if not wanted:
        return {}
    records = zip(scored["left"].to_pylist(), scored["right"].to_pylist(), strict=True)
    return {pair: row for row, pair in enumerate(records) if pair in wanted}


def _only_decided(pairs: Sequence[tuple[int, int]]) -> pa.Table:
    """Rows for pairs that somebody said are the same though nothing made us compare them."""
    return pa.table(
        {
            "left": pa.array([left for left, _ in pairs], pa.int64()),
            "right": pa.array([right for _, right in pairs], pa.int64()),
            "band": pa.array(["match"] * len(pairs), pa.string()),
            "is_used": pa.array([True] * len(pairs), pa.bool_()),
        }
    )
