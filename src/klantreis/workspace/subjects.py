"""Whose journey it is: all customers, the members of a persona, or those of a segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir

from klantreis import value
from klantreis.errors import NotFoundError, message
from klantreis.workspace.personas import Personas
from klantreis.workspace.reading import Reading

__all__ = ["EVERYONE", "Subject", "Subjects"]

EVERYONE = value.EVERYONE
PERSONA = "persona"
LANGUAGES = ("nl", "en")
UNKNOWN = "_unknown"  # of whom the data do not say: no group to make a map for


@dataclass(frozen=True)
class Subject:
    """A group of customers that a map can be about.

    Attributes:
        code: `all`, `persona.persona.<id>` or `segment.<segmentation>.<segment>`.
        kind: `all`, `persona` or `segment`.
        name: id of the persona or code of the segment; empty for all.
        customers: how many are in it now; of a persona its members.
        names: of a persona, by language.
    """

    code: str
    kind: str
    name: str
    customers: int
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def segmentation(self) -> str:
        """The division that it belongs to, `persona` for personas; empty for all."""
        return "" if self.kind == "all" else self.code.split(".")[1]


class Subjects:
    """The groups of customers that there are.

    Args:
        reading: of the workspace.
        personas: of the workspace.
    """

    def __init__(self, reading: Reading, personas: Personas) -> None:
        self._reading = reading
        self._personas = personas

    def all(self) -> tuple[Subject, ...]:
        """Everyone first, then the personas, then the segments, the largest first."""
        customers = self._reading.table("customers")
        everyone = self._reading.rows(customers.aggregate(n=customers.count()))[0]["n"]
        members = self._reading.table("memberships")
        groups = members.group_by("segmentation", "segment").aggregate(n=members.count())
        rows = sorted(self._reading.rows(groups), key=lambda row: (row["segmentation"], -row["n"]))
        return (
            Subject(EVERYONE, "all", "", everyone),
            *(
                Subject(
                    f"persona.{PERSONA}.{card.persona_id}",
                    "persona",
                    card.persona_id,
                    card.members,
                    {language: card.told("name", language) for language in LANGUAGES},
                )
                for card in self._personas.cards()
            ),
            *(
                Subject(
                    f"segment.{row['segmentation']}.{row['segment']}",
                    "segment",
                    row["segment"],
                    row["n"],
                )
                for row in rows
                if not row["segment"].endswith(UNKNOWN)
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
                    allowed="all, persona.persona.<id> or segment.<segmentation>.<segment>",
                    next_step="choose one on the page /map",
                )
            )
        return found

    def of(self, table: str, code: str) -> ir.Table:
        """The rows of a table that are about the customers of a group."""
        rows = self._reading.table(table)
        if code == EVERYONE:
            return rows
        kind, segmentation, segment = code.split(".", 2)
        if kind == PERSONA:
            scored = self._reading.table("persona_memberships")
            mine = scored.filter(scored["is_member"] & (scored["persona_id"] == segment))
            return rows.semi_join(mine, "customer_id")
        members = self._reading.table("memberships")
        own = members.filter(
            (members["segmentation"] == segmentation) & (members["segment"] == segment)
        )
        return rows.semi_join(own, "customer_id")
