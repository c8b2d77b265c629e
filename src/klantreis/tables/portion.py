"""A part of the customers, so that a table larger than memory can be made piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

__all__ = ["EVERYONE", "Portion"]


@dataclass(frozen=True)
class Portion:
    """Customers by their number: from `first` up to but not including `beyond`; None is no end."""

    first: int | None = None
    beyond: int | None = None

    def of(self, rows: ir.Table) -> ir.Table:
        """The rows of these customers."""
        if self.first is not None:
            rows = rows.filter(rows["customer_id"] >= self.first)
        if self.beyond is not None:
            rows = rows.filter(rows["customer_id"] < self.beyond)
        return rows


EVERYONE = Portion()
