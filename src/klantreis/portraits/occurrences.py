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
    changed_timeline: ir.Table,
) -> ir.Table | Renewal:
    """Put the moments of everybody together, for who asks of all customers what happened when.

    A customer's page reads the timeline, which has a customer's moments together. A rule asks for
    one kind of event in a period: here it reads these alone. One customer in twenty stands apart,
    so that an answer can be estimated from them at once.

    Args:
        timeline: as in its contract.
        portion: whose moments, when all are put anew.
        kept_occurrences: what was put together before.
        changed_timeline: the moments that changed since.

    Returns:
        As in the contract of `occurrences`.
    """
    table = contract("occurrences")
    marked = timeline.mutate(sample=ibis.ifelse(is_sampled(timeline["customer_id"]), 1, 0))
    moments = marked.select(*(column.name for column in table.columns))
    if not is_any(kept_occurrences, engine):
        return portion.of(moments)
    key = list(table.key)
    return Renewal(
        fresh=moments.semi_join(changed_timeline, key),
        gone=kept_occurrences.semi_join(changed_timeline, key).select(key),
    )
