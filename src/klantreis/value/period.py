"""The period over which measures are taken, and what they share of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import ibis
import ibis.expr.types as ir

__all__ = ["PERIODS_BACK", "Period", "Sample"]

PERIODS_BACK = "periods_back"


@dataclass(frozen=True)
class Period:
    """The tables to measure in, from a moment up to (and without) another, both UTC.

    Attributes:
        table: gives a table by its name.
        start, end: of the period.
        cuts: moments at which it is divided, the last one first; what lies before the n-th of them
            has `periods_back` n.
        by: columns of the tables by which measures are told apart.
        made: samples that are at hand already, by the function that makes them.
    """

    table: Callable[[str], ir.Table]
    start: datetime
    end: datetime
    cuts: tuple[datetime, ...] = ()
    by: tuple[str, ...] = ()
    made: Mapping[Sample, ir.Table] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """All columns by which measures are told apart."""
        return (*self.by, PERIODS_BACK) if self.cuts else self.by

    def rows(self, name: str, moment: str) -> ir.Table:
        """The rows of a table in the period, by one of its moments or days."""
        table = self.table(name)
        is_day = table[moment].type().is_date()
        ends = [one.date() if is_day else one for one in (self.end, *self.cuts, self.start)]
        rows = table.filter((table[moment] >= ends[-1]) & (table[moment] < ends[0]))
        if not self.cuts:
            return rows
        later = [(rows[moment] >= cut, back) for back, cut in enumerate(ends[1:-1])]
        back = ibis.cases(*later, else_=len(self.cuts)).cast("int64")
        return rows.mutate(**{PERIODS_BACK: back})

    def sampled(self, sample: Sample) -> ir.Table:
        """The rows of a sample: those at hand, or made now."""
        return self.made[sample] if sample in self.made else sample(self)

    def summed(self, rows: ir.Table, **values: ir.Value) -> ir.Table:
        """These values in one row, or in one for each combination of the keys."""
        if not self.keys:
            return rows.aggregate(**values)
        return rows.group_by(list(self.keys)).aggregate(**values)


Sample = Callable[[Period], ir.Table]
