"""The personas: as many clusters of target groups as is advised, or as the owner wants."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.personas.clustering import (
    Floats,
    Ints,
    Needs,
    merges,
    needs_of,
    overlap,
    partition,
    stability,
)
from klantreis.tables import contract

__all__ = ["MOST_ADVISED", "personas"]

MOST_ADVISED = 3
NEEDS_SHOWN = 5


def personas(
    questions: ir.Table, target_groups: ir.Table, *, engine: Engine, persona_count: int
) -> ir.Table:
    """Make personas of the target groups.

    Advised is the most stable division into two or three (of equals into three): more than three
    faces are not remembered. With fewer groups than personas each group is a persona. What sets a
    persona apart are the needs that its speakers tell of more often than the others, in
    percentage points.

    Args:
        questions, target_groups: as in their contracts.
        persona_count: how many; 0 for as many as is advised.

    Returns:
        As in the contract of `personas`.
    """
    needs = needs_of(questions, target_groups, engine=engine)
    schema = contract("personas").schema.to_pyarrow()
    if not needs.groups:
        return engine.table(schema.empty_table())
    told, speakers = needs.counts()
    groups = len(needs.groups)
    wanted = [persona_count] if persona_count else range(2, MOST_ADVISED + 1)
    stable = stability(needs, sorted({min(count, groups) for count in wanted}))
    count = max(stable, key=lambda number: (round(stable[number][0], 2), number))
    cluster = partition(merges(told, speakers), groups, count)
    rows = [
        _persona(needs, told, speakers, cluster == number) | {"stability": stable[count][0]}
        for number in range(count)
    ]
    rows.sort(key=lambda row: (-int(row["speakers"]), row["persona_id"]))
    numbered = [{**row, "position": place + 1} for place, row in enumerate(rows)]
    return engine.table(pa.Table.from_pylist(numbered, schema=schema))


def _persona(
    needs: Needs, told: Floats, speakers: Floats, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> dict[str, Any]:
    own = told[inside].sum(axis=0) / max(speakers[inside].sum(), 1.0)
    rest = told[~inside].sum(axis=0) / max(speakers[~inside].sum(), 1.0)
    members: Ints = np.flatnonzero(inside)
    members = members[np.argsort(-speakers[members], kind="stable")]
    shares = told / np.maximum(speakers, 1.0)[:, None]
    pairs = [overlap(shares[one], shares[other]) for one, other in combinations(members, 2)]
    telling = np.argsort(rest - own, kind="stable")[:NEEDS_SHOWN]
    return {
        "persona_id": needs.groups[members[0]],
        "target_groups": [needs.groups[place] for place in members],
        "needs": [needs.topics[place] for place in telling if own[place] > rest[place]],
        "speakers": int(speakers[inside].sum()),
        "overlap_inside": float(np.mean(pairs)) if pairs else 1.0,
    }
