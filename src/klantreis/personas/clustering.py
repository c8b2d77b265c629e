"""Needs of target groups: their overlap, merging, what that loses, and how stable it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from klantreis.engine import Engine
from klantreis.personas.target_groups import told_needs

__all__ = ["Merge", "Needs", "merges", "needs_of", "overlap", "partition", "stability"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_SPEAKERS = 200_000  # more do not make the shares noticeably surer
REPLICATES = 200
SEED = 20_260_701


@dataclass(frozen=True)
class Needs:
    """Who of which target group told of which needs.

    Attributes:
        groups, topics: names, in alphabetical order.
        group_of: number of the group of each speaker.
        speaker, topic: one entry a speaker and need: their numbers.
    """

    groups: tuple[str, ...]
    topics: tuple[str, ...]
    group_of: Ints
    speaker: Ints
    topic: Ints

    def counts(self, weights: Floats | None = None) -> tuple[Floats, Floats]:
        """Per group and topic how many told of it, and per group how many told anything."""
        weight = np.ones(len(self.group_of)) if weights is None else weights
        place = self.group_of[self.speaker] * len(self.topics) + self.topic
        size = len(self.groups) * len(self.topics)
        told = np.bincount(place, weight[self.speaker], size)
        speakers = np.bincount(self.group_of, weight, len(self.groups))
        shape = (len(self.groups), len(self.topics))
        return told.reshape(shape).astype(np.float64), speakers.astype(np.float64)


@dataclass(frozen=True)
class Merge:
    """Two clusters of groups (numbers) that become one; `loss` in speakers times difference."""

    one: frozenset[int]
    other: frozenset[int]
    overlap: float
    loss: float


def needs_of(questions: ir.Table, target_groups: ir.Table, *, engine: Engine) -> Needs:
    """Fetch what the speakers of the target groups told of; a fixed sample when they are many."""
    needs = told_needs(questions).select("customer_id", "topic")
    told = needs.join(target_groups, "customer_id").distinct()
    speakers = told.select("customer_id").distinct().count().as_table()
    many = int(engine.fetch(speakers)[0][0].as_py()) // MOST_SPEAKERS + 1
    rows = engine.fetch(
        told.filter(told["customer_id"] % many == 0).order_by("customer_id", "topic")
    )
    groups = np.asarray(rows["target_group"].to_pylist(), dtype=object)
    names, group = np.unique(groups.astype(str), return_inverse=True)
    topics, topic = np.unique(rows["topic"].to_pylist(), return_inverse=True)
    customers, first, speaker = np.unique(
        rows["customer_id"].to_numpy(), return_index=True, return_inverse=True
    )
    del customers
    return Needs(
        tuple(str(name) for name in names),
        tuple(str(name) for name in topics),
        group[first].astype(np.int64),
        speaker.astype(np.int64),
        topic.astype(np.int64),
    )


def overlap(one: Floats, other: Floats) -> float:
    """Weighted overlap of need shares: sum of the smaller over sum of the larger (Ruzicka).

    >>> overlap(np.array([0.5, 0.5]), np.array([0.5, 0.0]))
    0.5
    """
    larger = float(np.maximum(one, other).sum())
    return float(np.minimum(one, other).sum()) / larger if larger else 1.0


def merges(told: Floats, speakers: Floats) -> list[Merge]:
    """Merge the two clusters that lose least, until one is left.

    What a merge loses is the part of the needs that does not overlap, times the harmonic size of
    the two: as Ward's method does with squared distances ("Hierarchical Grouping to Optimize an
    Objective Function", Journal of the American Statistical Association 58, 1963), so that small
    groups do not stay apart for their noise.
    """
    clusters = {
        frozenset([number]): (told[number], speakers[number]) for number in range(len(told))
    }
    done = []
    while len(clusters) > 1:
        merge = min(
            (_merge(one, other, clusters) for one, other in combinations(clusters, 2)),
            key=lambda merge: (merge.loss, sorted(merge.one), sorted(merge.other)),
        )
        own, n = clusters.pop(merge.one)
        also, m = clusters.pop(merge.other)
        clusters[merge.one | merge.other] = (own + also, n + m)
        done.append(merge)
    return done


def _merge(
    one: frozenset[int],
    other: frozenset[int],
    clusters: dict[frozenset[int], tuple[Floats, float]],
) -> Merge:
    (own, n), (also, m) = clusters[one], clusters[other]
    shared = overlap(own / max(n, 1e-9), also / max(m, 1e-9))
    return Merge(one, other, shared, (1 - shared) * n * m / max(n + m, 1e-9))


def partition(done: Sequence[Merge], groups: int, count: int) -> Ints:
    """The cluster of each group when `count` clusters are left."""
    cluster = np.arange(groups)
    for merge in done[: max(0, groups - count)]:
        both = sorted(merge.one | merge.other)
        cluster[both] = both[0]
    return np.unique(cluster, return_inverse=True)[1].astype(np.int64)


def stability(needs: Needs, counts: Sequence[int]) -> dict[int, tuple[float, float]]:
    """How alike the division is when it is made anew from samples of the speakers.

    Args:
        needs: who told of what.
        counts: numbers of clusters to judge.

    Returns:
        By number of clusters the mean adjusted Rand index (Hubert & Arabie, "Comparing
        Partitions", Journal of Classification 2, 1985) over bootstrap samples, each group weighed
        by its speakers, and the share of samples that give exactly the same division.
    """
    told, speakers = needs.counts()
    groups = len(needs.groups)
    found = merges(told, speakers)
    generator = np.random.default_rng(SEED)
    alike: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(REPLICATES):
        weights = generator.poisson(1.0, len(needs.group_of)).astype(np.float64)
        again = merges(*needs.counts(weights))
        for count in counts:
            one, other = partition(found, groups, count), partition(again, groups, count)
            alike[count].append(adjusted_rand(one, other, speakers))
    return {
        count: (float(np.mean(values)), float(np.mean(np.asarray(values) > 1 - 1e-9)))
        for count, values in alike.items()
    }


def adjusted_rand(one: Ints, other: Ints, weights: Floats) -> float:
    """Adjusted Rand index of two divisions of weighted items; 1 when they are the same.

    >>> adjusted_rand(np.array([0, 0, 1]), np.array([1, 1, 0]), np.ones(3))
    1.0
    """
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(table, (one, other), weights)
    pairs = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected = rows * columns / _pairs(np.asarray([table.sum()])).sum()
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((pairs - expected) / (most - expected))


def _pairs(counts: Floats) -> Floats:
    return counts * (counts - 1) / 2
