"""The named groups of RFM: one table of cells, complete and without overlap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

__all__ = ["RFM_GROUPS", "RfmGroup", "rfm_group"]

Scores = tuple[int, int]
ANY: Scores = (1, 5)


@dataclass(frozen=True)
class RfmGroup:
    """A named group: one or more blocks of scores, each from and up to and including.

    Attributes:
        name: code of the group.
        blocks: recency, frequency and monetary scores that belong to it.
    """

    name: str
    blocks: tuple[tuple[Scores, Scores, Scores], ...]

    def holds(self, recency: int, frequency: int, monetary: int) -> bool:
        """Whether the cell of these three scores belongs to the group."""
        cell = (recency, frequency, monetary)
        return any(
            all(low <= score <= high for score, (low, high) in zip(cell, block, strict=True))
            for block in self.blocks
        )


# From the best group to the worst. After the groups in common use in the field; money decides
# between groups where recency and frequency leave it open.
RFM_GROUPS = (
    RfmGroup("champions", (((4, 5), (4, 5), (4, 5)),)),
    RfmGroup("loyal", (((4, 5), (4, 5), (1, 3)), ((3, 3), (4, 5), ANY))),
    RfmGroup("potential_loyal", (((4, 5), (2, 3), ANY),)),
    RfmGroup("new", (((5, 5), (1, 1), ANY),)),
    RfmGroup("promising", (((4, 4), (1, 1), ANY),)),
    RfmGroup("needs_attention", (((3, 3), (3, 3), ANY),)),
    RfmGroup("about_to_sleep", (((3, 3), (1, 2), ANY),)),
    RfmGroup("cannot_lose", (((1, 2), (4, 5), (4, 5)),)),
    RfmGroup("at_risk", (((1, 2), (4, 5), (1, 3)), ((1, 2), (3, 3), ANY))),
    RfmGroup("hibernating", (((2, 2), (1, 2), ANY), ((1, 1), (1, 2), (3, 5)))),
    RfmGroup("lost", (((1, 1), (1, 2), (1, 2)),)),
)


def rfm_group(
    recency: ir.IntegerColumn, frequency: ir.IntegerColumn, monetary: ir.IntegerColumn
) -> ir.StringValue:
    """The name of the group of each row's three scores."""
    scores = (recency, frequency, monetary)
    return ibis.cases(*((_holds(group, scores), group.name) for group in RFM_GROUPS))


def _holds(group: RfmGroup, scores: tuple[ir.IntegerColumn, ...]) -> ir.BooleanValue:
    blocks = []
    for block in group.blocks:
        r, f, m = (
            score.between(low, high) for score, (low, high) in zip(scores, block, strict=True)
        )
        blocks.append(r & f & m)
    return reduce(or_, blocks)
