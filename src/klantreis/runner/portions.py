"""Customers in portions of about equally many rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import ibis.expr.types as ir
import numpy as np

from klantreis.engine import Engine
from klantreis.tables import EVERYONE, Portion

__all__ = ["portions"]

RANGES = 1_000  # of customer numbers: as fine as portions are told apart


def portions(rows: ir.Table, pieces: int, *, engine: Engine) -> Sequence[Portion]:
    """Divide the customers into at most so many portions, which together are everyone.

    Args:
        rows: a table with `customer_id`; its rows say how much there is of each customer.
        pieces: how many portions are wanted.
    """
    if pieces < 2:
        return (EVERYONE,)
    ends = engine.fetch(
        rows.aggregate(lowest=rows["customer_id"].min(), highest=rows["customer_id"].max())
    ).to_pylist()[0]
    if ends["lowest"] is None:
        return (EVERYONE,)
    width = (ends["highest"] - ends["lowest"]) // RANGES + 1
    number = (rows["customer_id"] - ends["lowest"]) // width
    owned = rows.filter(rows["customer_id"].notnull()).mutate(range_number=number.cast("int64"))
    counted = owned.group_by("range_number").aggregate(n=owned.count()).order_by("range_number")
    counts = engine.fetch(counted)
    reached = np.cumsum(counts["n"].to_numpy())
    places = np.searchsorted(reached, reached[-1] * np.arange(1, pieces) / pieces)
    after = (counts["range_number"].to_numpy()[places] + 1) * width + ends["lowest"]
    borders = [None, *(int(border) for border in np.unique(after)), None]
    return tuple(Portion(first, beyond) for first, beyond in pairwise(borders))
