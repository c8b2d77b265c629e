"""What rules read in this shop, and the names that they can ask for: segments, personas, towns ..."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.rules import LISTS, TABLES_READ, table_of
from klantreis.workspace.reading import Reading

__all__ = ["ADDED_UP", "RuleNames", "rule_tables"]

ADDED_UP = frozenset({"tallies", "moment_lists", "visits"})
NAMES_AT_MOST = 200
# Who somebody is: of these an editor is not offered what others' values are.
OF_ONE_PERSON = ("name", "email", "phone", "loyalty_card", "postcode")


def rule_tables(reading: Reading, now: datetime) -> dict[str, ir.Table]:
    """The tables that rules read, with the timeline in the order in which they ask for it.

    Args:
        reading: the published tables.
        now: where windows end. What was added up is only among the tables when it holds up to then.
    """
    tables = {name: reading.table(name) for name in TABLES_READ}
    published = reading.published
    kept = published.tables if published else {}
    # What was published by an earlier version has the timeline only.
    if "occurrences" in kept:
        tables["timeline"] = reading.table("occurrences")
    if published and published.as_of == now and kept.keys() >= ADDED_UP:
        tables |= {name: reading.table(name) for name in ADDED_UP}
    return tables


class RuleNames:
    """Finds names in the published tables, the commonest first; asked once for each publication.

    Args:
        reading: the published tables.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def of(self, kind: str, of: str) -> tuple[str, ...]:
        """The names of a kind.

        Args:
            kind: `event`, `segment`, `persona`, `phase`, `category`, `source`, `brand`, or
                `value`.
            of: for `value` the column whose values are meant.
        """
        question = ("rule names", kind, of)
        return self._reading.remembered(question, lambda: self._found(kind, of))

    def has(self, kind: str, of: str, name: str) -> bool:
        """Whether anybody has a name; also where there are more names than `of` tells."""
        names = self.of(kind, of)
        if name in names or len(names) < NAMES_AT_MOST:
            return name in names
        found = self._names(kind, of)
        if found is None:
            return False
        alike = found.filter(found["name"] == name)
        return bool(self._reading.rows(alike.aggregate(n=alike.count()))[0]["n"])

    def _found(self, kind: str, of: str) -> tuple[str, ...]:
        names = self._names(kind, of)
        if names is None:
            return ()
        told = names.filter(names["name"].notnull()).group_by("name")
        counted = told.aggregate(rows=lambda table: table.count())
        ordered = counted.order_by([ibis.desc("rows"), "name"]).limit(NAMES_AT_MOST)
        return tuple(row["name"] for row in self._reading.rows(ordered))

    def _names(self, kind: str, of: str) -> ir.Table | None:
        table = self._reading.table
        match kind:
            case "event":
                published = self._reading.published
                assert published is not None
                return rule_tables(self._reading, published.as_of)["timeline"].select(name="event")
            case "segment":
                return table("memberships").select(name="segment")
            case "persona":
                scored = table("persona_memberships")
                return scored.filter(scored["is_member"]).select(name="persona_id")
            case "phase":
                return table("phase_visits").select(name="phase")
            case "category" | "source" | "brand":
                listed = LISTS[kind]
                portraits = table("portraits")
                return portraits.select(name=portraits[listed].unnest())
            case "value" if of and of not in OF_ONE_PERSON:
                return table(table_of(of)).select(name=of)
            case _:
                return None
