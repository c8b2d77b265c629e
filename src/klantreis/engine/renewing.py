"""What steps have in common that make anew only what a change touches."""

from __future__ import annotations

from datetime import datetime

import ibis.expr.types as ir

from klantreis.engine.protocol import Engine
from klantreis.tables import Renewal, conform, contract

__all__ = ["happened", "is_any", "is_few", "what_differs"]

FEW = 5  # one customer in so many at most


def is_any(rows: ir.Table, engine: Engine) -> bool:
    """Whether there is any row."""
    return bool(engine.fetch(rows.limit(1)).num_rows)


def is_few(touched: ir.Table, everyone: ir.Table, engine: Engine) -> bool:
    """Whether so few customers are touched that it pays to make only these anew.

    Args:
        touched: one row a customer.
        everyone: a table with `customer_id`.
    """
    counts = touched.aggregate(touched=touched.count()).cross_join(
        # About how many there are is enough, and much less work in tens of millions of rows.
        everyone.aggregate(all=everyone["customer_id"].approx_nunique())
    )
    (row,) = engine.fetch(counts).to_pylist()
    return bool(row["touched"] * FEW <= row["all"])


def happened(occurrences: ir.Table, after: datetime, until: datetime) -> ir.Table:
    """The moments of a stretch of time; read from these rows alone, because they stand by moment.

    Args:
        occurrences: as in its contract.
        after, until: UTC; the moment `after` itself does not count.
    """
    moment = occurrences["occurred_at"]
    return occurrences.filter((moment > after) & (moment <= until))


def what_differs(fresh: ir.Table, kept: ir.Table, name: str, engine: Engine) -> Renewal:
    """Only the rows that are new or say something else: most of a customer's past stays as it was.

    Args:
        fresh: rows of some customers as they are now.
        kept: all rows of these customers as they were.
        name: the table.
    """
    table = contract(name)
    new, old = engine.keep(conform(fresh, table)), engine.keep(conform(kept, table))
    fresh, gone = new.difference(old), old.difference(new).select(table.key)
    return Renewal(fresh, gone, is_compared=True)
