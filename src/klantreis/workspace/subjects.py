"""Whose journey it is: all customers, or those of a segment."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from klantreis.errors import NotFoundError, message
from klantreis.workspace.reading import Reading

__all__ = ["EVERYONE", "Subject", "Subjects"]

EVERYONE = "all"


@dataclass(frozen=True)
class Subject:
    """A group of customers that a map can be about.

    Attributes:
        code: `all`, or `segment.<segmentation>.<segment>`.
        kind: `all` or `segment`.
        name: code of the segment; empty for all.
        customers: how many are in it now.
    """

    code: str
    kind: str
    name: str
    customers: int

    @property
    def segmentation(self) -> str:
        """The division that a segment belongs to; empty for all."""
        return self.code.split(".")[1] if self.kind == "segment" else ""


class Subjects:
    """The groups of customers that there are.

    Args:
        reading: of the workspace.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def all(self) -> tuple[Subject, ...]:
        """Everyone first, then the segments, the largest first."""
        customers = self._reading.table("customers")
        everyone = self._reading.rows(customers.aggregate(n=customers.count()))[0]["n"]
        members = self._reading.table("memberships")
        groups = members.group_by("segmentation", "segment").aggregate(n=members.count())
        rows = sorted(self._reading.rows(groups), key=lambda row: (row["segmentation"], -row["n"]))
        return (
            Subject(EVERYONE, "all", "", everyone),
            *(
                Subject(
                    f"segment.{row['segmentation']}.{row['segment']}",
                    "segment",
                    row["segment"],
                    row["n"],
                )
                for row in rows
            ),
        )

    def find(self, code: str) -> Subject:
        """A group by its code.

        Raises:
            NotFoundError: there is no such group (any more).
        """
        found = next((subject for subject in self.all() if subject.code == code), None)
        if found is None:
            raise NotFoundError(
                message(
                    "There is no such group of customers",
                    got=repr(code),
                    allowed="all, or segment.<segmentation>.<segment>",
                    next_step="choose one on the page /map",
                )
            )
        return found

    def of(self, table: str, code: str) -> ir.Table:
        """The rows of a table that are about the customers of a group."""
        rows = self._reading.table(table)
        if code == EVERYONE:
            return rows
        _, segmentation, segment = code.split(".", 2)
        members = self._reading.table("memberships")
        own = members.filter(
            (members["segmentation"] == segmentation) & (members["segment"] == segment)
        )
        return rows.semi_join(own, "customer_id")
