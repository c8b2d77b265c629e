"""Which moments of the timeline a rule speaks of, as Ibis conditions that are never empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from klantreis.rules.syntax import Operator, Period, Value, Where
from klantreis.rules.vocabulary import FIELDS

__all__ = ["after", "compared", "earliest", "like"]


def after(moments: ir.Table, start: datetime | None) -> ir.Table:
    """The moments after an instant; all when there is none."""
    return (
        moments if start is None else moments.filter(moments["occurred_at"] > ibis.literal(start))
    )


def earliest(periods: Iterable[Period | None], now: datetime) -> datetime | None:
    """After which instant all of the periods begin; None when one of them has no beginning."""
    starts = [period.span(now)[0] if period else None for period in periods]
    known = [start for start in starts if start is not None]
    return min(known) if len(known) == len(starts) else None


def like(
    moments: ir.Table, events: Sequence[str], via: str, where: Sequence[Where]
) -> ir.BooleanValue:
    """Which moments are of some events (all when there are none), in a channel and like this."""
    found: ir.BooleanValue = ibis.literal(True)
    if events:
        found = found & moments["event"].isin(events)
    if via:
        found = found & (moments["channel"] == via)
    for one in where:
        field = moments[one.field]
        value = field.cast("float64") if FIELDS[one.field] == "number" else field
        found = found & compared(value, one.operator, one.values)
    return found


def compared(left: ir.Value, operator: Operator, values: Sequence[Value]) -> ir.BooleanValue:
    """A value against one or several; what is empty fails every comparison."""
    rights = [ibis.literal(value) for value in values]
    if operator == "in":
        return reduce(or_, (left == right for right in rights)).fill_null(False)
    right = rights[0]
    if operator == "contains":
        return left.contains(right).fill_null(False)
    answer = {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]
    return answer.fill_null(False)
