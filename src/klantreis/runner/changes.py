"""What a table says that an earlier version of it did not say, and the other way round."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.tables import Renewal, Table

__all__ = ["changed_keys", "changes"]


def changes(now: ir.Table, before: ir.Table, table: Table) -> Renewal:
    """What makes the later of two versions of the earlier one.

    Args:
        now, before: two versions of one table, in the shape of its contract.
    """
    columns = [column.name for column in table.columns]
    new, old = now.select(columns), before.select(columns)
    gone = old.difference(new).select(table.key)
    return Renewal(new.difference(old), gone, is_compared=True)


def changed_keys(changed: Renewal, table: Table) -> ir.Table:
    """The keys of the rows that are new, say something else, or are gone; each once."""
    key = list(table.key)
    return changed.fresh.select(key).union(changed.gone.select(key), distinct=True)
