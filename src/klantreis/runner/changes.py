"""Which rows of a table are not what they were in an earlier version of it."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.tables import Table

__all__ = ["changed_keys"]


def changed_keys(now: ir.Table, before: ir.Table, table: Table) -> ir.Table:
    """The keys of the rows that are new, say something else, or are gone.

    Args:
        now, before: two versions of one table, in the shape of its contract.

    Returns:
        The columns of the key, each key once.
    """
    columns, key = [column.name for column in table.columns], list(table.key)
    new, old = now.select(columns), before.select(columns)
    fresh, gone = new.difference(old), old.difference(new)
    return fresh.select(key).union(gone.select(key), distinct=True)
