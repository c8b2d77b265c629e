"""What a table says that an earlier version of it did not say, and the other way round."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.tables import Renewal, Table

__all__ = ["alike", "changed_keys", "changes"]


def changes(now: ir.Table, before: ir.Table, table: Table) -> Renewal:
    """What makes the later of two versions of the earlier one.

    Rows that only came with another export since say what they said before.

    Args:
        now, before: two versions of one table, in the shape of its contract.
    """
    new, old = (rows.select(*table.saying) for rows in (now, before))
    gone = old.difference(new).select(table.key)
    said = new.difference(old)
    if len(table.saying) < len(table.columns):
        said = now.select(*table.schema).semi_join(said.select(table.key), list(table.key))
    return Renewal(said, gone, is_compared=True)


def alike(one: ir.Table, other: ir.Table, table: Table) -> ir.Table:
    """The keys of the rows that say the same, whatever export they came with."""
    said = (rows.select(*table.saying) for rows in (one, other))
    return next(said).intersect(next(said)).select(table.key)


def changed_keys(changed: Renewal, table: Table) -> ir.Table:
    """The keys of the rows that are new, say something else, or are gone; each once."""
    key = list(table.key)
    return changed.fresh.select(key).union(changed.gone.select(key), distinct=True)
