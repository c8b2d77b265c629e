"""How far segments and audiences hold the same customers."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from klantreis.errors import InputError, NotFoundError, message
from klantreis.workspace.audiences import Audiences
from klantreis.workspace.reading import Reading

__all__ = ["AUDIENCE", "Overlap", "OverlapCell", "SegmentOverlaps"]

AUDIENCE = "audience"
MOST_AUDIENCES = 12


@dataclass(frozen=True)
class OverlapCell:
    """Customers who are in one group and in another.

    Attributes:
        row, column: names of the groups.
        both: how many are in both.
        row_customers: how many are in the first.
        base: part of everybody looked at who is in the second.
    """

    row: str
    column: str
    both: int
    row_customers: int
    base: float

    @property
    def share(self) -> float:
        """Part of the first group that is in the second."""
        return self.both / self.row_customers

    @property
    def lift(self) -> float | None:
        """How many times as usual the second group is in the first; 1 is as everywhere."""
        return self.share / self.base if self.base > 0 else None


@dataclass(frozen=True)
class Overlap:
    """Two divisions set against each other.

    Attributes:
        rows, columns: names of the groups, the largest first.
        cells: one for each pair, nobody in common included.
        customers: everybody looked at: who is in any group of the rows, or all for audiences.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[OverlapCell, ...]
    customers: int


class SegmentOverlaps:
    """Overlap between segments and saved audiences: `workspace.segments.overlaps`.

    Args:
        reading: the published tables.
        audiences: saved ones are looked up by name.
    """

    def __init__(self, reading: Reading, audiences: Audiences) -> None:
        self._reading, self._audiences = reading, audiences

    def between(self, rows: str, columns: str) -> Overlap:
        """Set two divisions against each other.

        Args:
            rows, columns: segmentations of `memberships`, or `audience` for the saved audiences.

        Raises:
            NotFoundError: there is no such segmentation.
        """
        left, right = self._groups(rows), self._groups(columns)
        everyone = self._reading.table("portraits").select("customer_id")
        if rows != AUDIENCE:
            everyone = everyone.semi_join(left, "customer_id")
        looked_at = right.semi_join(everyone, "customer_id")
        total = int(self._reading.fetch(everyone.count().as_table())[0][0].as_py())
        row_sizes, column_sizes = self._sizes(left), self._sizes(looked_at)
        counts = self._counts(left, right)
        cells = tuple(
            OverlapCell(
                row, column, counts.get((row, column), 0), row_sizes[row],
                column_sizes[column] / total,
            )
            for row in row_sizes
            for column in column_sizes
        )  # fmt: skip
        return Overlap(tuple(row_sizes), tuple(column_sizes), cells, total)

    def _counts(self, left: ir.Table, right: ir.Table) -> dict[tuple[str, str], int]:
        other = right.select("customer_id", other="name")
        pairs = left.join(other, "customer_id")
        counts = pairs.group_by("name", "other").aggregate(n=pairs.count())
        return {(row["name"], row["other"]): row["n"] for row in self._reading.rows(counts)}

    def _sizes(self, groups: ir.Table) -> dict[str, int]:
        counts = groups.group_by("name").aggregate(n=groups.count())
        rows = self._reading.rows(counts.order_by(ibis.desc("n"), "name"))
        return {row["name"]: row["n"] for row in rows}

    def _groups(self, division: str) -> ir.Table:
        """Customers with the name of each group that they are in."""
        members = self._reading.table("memberships")
        if division != AUDIENCE:
            self._check(division)
            own = members.filter(members["segmentation"] == division)
            return own.select("customer_id", name="segment")
        found = []
        for saved in self._audiences.saved()[:MOST_AUDIENCES]:
            try:
                customers = self._audiences.members(saved.rule)
            except InputError:
                continue  # the page of audiences says what is wrong with it
            found.append(customers.select("customer_id", name=ibis.literal(saved.name)))
        return (
            ibis.union(*found) if found else members.limit(0).select("customer_id", name="segment")
        )

    def _check(self, division: str) -> None:
        members = self._reading.table("memberships")
        names = [row["segmentation"] for row in self._reading.rows(
            members.select("segmentation").distinct().order_by("segmentation")
        )]  # fmt: skip
        if division not in names:
            allowed = ", ".join((*names, AUDIENCE))
            raise NotFoundError(message("No such division", got=repr(division), allowed=allowed))
