"""How target groups merge into fewer personas, and what each merge loses."""

from __future__ import annotations

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.personas.clustering import merges, needs_of, stability
from klantreis.tables import contract

__all__ = ["persona_merges"]


def persona_merges(questions: ir.Table, target_groups: ir.Table, *, engine: Engine) -> ir.Table:
    """Merge the target groups whose needs differ least, one pair at a time, until one is left.

    Args:
        questions, target_groups: as in their contracts.

    Returns:
        As in the contract of `persona_merges`; `clustering.merges` says how.
    """
    needs = needs_of(questions, target_groups, engine=engine)
    done = merges(*needs.counts())
    everything = sum(merge.loss for merge in done) or 1.0
    left = [len(needs.groups) - number - 1 for number in range(len(done))]
    stable = stability(needs, left)
    rows, lost = [], 0.0
    for number, merge in enumerate(done):
        lost += merge.loss / everything
        rows.append(
            {
                "position": number + 1,
                "personas_left": left[number],
                "target_groups": [needs.groups[place] for place in sorted(merge.one)],
                "other_groups": [needs.groups[place] for place in sorted(merge.other)],
                "overlap": merge.overlap,
                "lost_share": merge.loss / everything,
                "lost_so_far": min(1.0, lost),
                "stability": stable[left[number]][0],
                "same_share": stable[left[number]][1],
            }
        )
    return engine.table(
        pa.Table.from_pylist(rows, schema=contract("persona_merges").schema.to_pyarrow())
    )
