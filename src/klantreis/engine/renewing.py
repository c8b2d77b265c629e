"""What steps have in common that make anew only what a change touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir

from klantreis.engine.protocol import Engine
from klantreis.tables import EVERYONE, Portion, Renewal, conform, contract

__all__ = ["Kept", "by_customer", "happened", "is_any", "is_few", "what_differs"]

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


@dataclass(frozen=True)
class Kept:
    """A table by customer as it was told before, and what may have made it untrue.

    Attributes:
        name: the table.
        rows: what was told; none when all has to be told anew.
        until: the moment up to which that held, where time itself changes what is told.
        changed: the keys of what changed since in what it is told from, with `customer_id`.
    """

    name: str
    rows: ir.Table
    changed: ir.Table
    until: datetime | None = None


def by_customer(
    tell: Callable[[ir.Table], ir.Table],
    told_from: ir.Table,
    kept: Kept,
    *,
    engine: Engine,
    portion: Portion = EVERYONE,
    occurrences: ir.Table | None = None,
    as_of: datetime | None = None,
) -> ir.Table | Renewal:
    """Tell a table anew of the customers whom a change touches, or of all when these are many.

    Args:
        tell: the table, told from the rows of some customers.
        told_from: the rows of all customers.
        kept: what was told before.
        portion: whose rows, when it is told of all.
        occurrences, as_of: where time changes what is told: the moments, and the one up to which
            it is told now. Whom something happened to since, is touched too.
    """
    is_earlier = as_of is not None and (kept.until is None or kept.until > as_of)
    if is_earlier or not is_any(kept.rows, engine):
        return tell(portion.of(told_from))
    owners = kept.changed.select("customer_id")
    if occurrences is not None and as_of is not None and kept.until is not None:
        since = happened(occurrences, kept.until, as_of)
        owners = owners.union(since.select("customer_id"))
    touched = engine.keep(owners.filter(owners["customer_id"].notnull()).distinct())
    if not is_few(touched, kept.rows, engine):
        return tell(portion.of(told_from))
    fresh = tell(engine.keep(told_from.semi_join(touched, "customer_id")))
    return what_differs(fresh, kept.rows.semi_join(touched, "customer_id"), kept.name, engine)
