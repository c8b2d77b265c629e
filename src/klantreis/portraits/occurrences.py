"""The timelines in another order: all of one kind of event together, the oldest first."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.tables import EVERYONE, Portion, Renewal, contract, is_sampled

__all__ = ["occurrences"]


def occurrences(
    timeline: ir.Table,
    *,
    engine: Engine,
    portion: Portion = EVERYONE,
    kept_occurrences: ir.Table,
    came_timeline: ir.Table,
    gone_timeline: ir.Table,
) -> ir.Table | Renewal:
    """Put the moments of everybody together, for who asks of all customers what happened when.

    A customer's page reads the timeline, which has a customer's moments together. A rule asks for
    one kind of event in a period: here it reads these alone. One customer in twenty stands apart,
    so that an answer can be estimated from them at once.

    Args:
        timeline: as in its contract.
        portion: whose moments, when all are put anew.
        kept_occurrences: what was put together before.
        came_timeline: the moments that are new since, or stand otherwise.
        gone_timeline: the keys of those of then that hold no longer.

    Returns:
        As in the contract of `occurrences`.
    """
    if not is_any(kept_occurrences, engine):
        return portion.of(_marked(timeline))
    return Renewal(fresh=_marked(came_timeline), gone=gone_timeline, is_compared=True)


def _marked(timeline: ir.Table) -> ir.Table:
    sample = ibis.ifelse(is_sampled(timeline["customer_id"]), 1, 0)
    names = [column.name for column in contract("occurrences").columns]
    return timeline.mutate(sample=sample).select(*names)
