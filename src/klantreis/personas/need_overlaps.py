"""The overlap of needs between each two target groups."""

from __future__ import annotations

from itertools import combinations

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.personas.clustering import REPLICATES, SEED, needs_of, overlap
from klantreis.tables import contract

__all__ = ["need_overlaps"]


def need_overlaps(questions: ir.Table, target_groups: ir.Table, *, engine: Engine) -> ir.Table:
    """Compare the needs of every two target groups.

    The need share of a group is the part of its speakers who told of that need. The interval is
    the middle 95 % of bootstrap samples of the speakers.

    Args:
        questions, target_groups: as in their contracts.

    Returns:
        As in the contract of `need_overlaps`: each pair once.
    """
    needs = needs_of(questions, target_groups, engine=engine)
    told, speakers = needs.counts()
    pairs = list(combinations(range(len(needs.groups)), 2))
    generator = np.random.default_rng(SEED)
    samples = np.empty((REPLICATES, len(pairs)))
    for replicate in range(REPLICATES):
        weights = generator.poisson(1.0, len(needs.group_of)).astype(np.float64)
        again, sizes = needs.counts(weights)
        shares = again / np.maximum(sizes, 1e-9)[:, None]
        samples[replicate] = [overlap(shares[one], shares[other]) for one, other in pairs]
    shares = told / np.maximum(speakers, 1e-9)[:, None]
    ends = np.quantile(samples, [0.025, 0.975], axis=0) if pairs else np.empty((2, 0))
    rows = [
        {
            "target_group": needs.groups[one],
            "other_group": needs.groups[other],
            "overlap": overlap(shares[one], shares[other]),
            "low": float(ends[0][place]),
            "high": float(ends[1][place]),
            "speakers": int(speakers[one]),
            "other_speakers": int(speakers[other]),
        }
        for place, (one, other) in enumerate(pairs)
    ]
    return engine.table(
        pa.Table.from_pylist(rows, schema=contract("need_overlaps").schema.to_pyarrow())
    )
