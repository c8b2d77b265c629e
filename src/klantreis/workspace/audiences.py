"""Audiences: customers by a rule in the condition language."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import ibis.expr.types as ir

from klantreis.channels import Contact, hashed_audience
from klantreis.errors import RuleError
from klantreis.rules import TABLES_READ, Rule, matching, parse
from klantreis.state import State
from klantreis.workspace.reading import Reading

__all__ = ["Audiences"]


class Audiences:
    """Who a rule is about.

    Args:
        reading: the published tables.
        state: knows who withdrew consent.
    """

    def __init__(self, reading: Reading, state: State) -> None:
        self._reading, self._state = reading, state

    def rule(self, text: str) -> Rule:
        """Read a rule; events of this shop's own may be asked for too.

        Raises:
            RuleError: it is no rule; says at which character.
        """
        try:
            return parse(text)
        except RuleError as error:
            if error.kind != "unknown_event":
                raise
            return parse(text, own_events=self.own_events)

    def members(self, rule: str | Rule, *, now: datetime | None = None) -> ir.Table:
        """The customers for whom a rule holds: a table with `customer_id`.

        Args:
            rule: the rule, or its text.
            now: where windows end; by default up to when the tables hold.
        """
        published = self._reading.published
        tables = {name: self._reading.table(name) for name in TABLES_READ}
        assert published is not None
        understood = self.rule(rule) if isinstance(rule, str) else rule
        return matching(understood, tables, now=now or published.as_of)

    def count(self, rule: str | Rule, *, now: datetime | None = None) -> int:
        """How many customers a rule is about."""
        members = self.members(rule, now=now)
        found: int = self._reading.fetch(members.count().as_table())[0][0].as_py()
        return found

    def hashed(self, rule: str, platform: str) -> bytes:
        """The customers of a rule as an advertising platform takes them in; see `hashed_audience`.

        Only those who may be mailed: we take a no to mail as a no to advertising lists.
        """
        customers = self._reading.table("customers")
        withdrawn, addresses = self._state.campaigns.withdrawn()
        members = customers.semi_join(self.members(rule), "customer_id")
        allowed = members.filter(members["may_email"]).order_by("customer_id")
        names = ("customer_id", "email", "phone", "name", "country", "postcode")
        contacts = (
            Contact(
                row["email"] or "",
                row["phone"] or "",
                row["name"] or "",
                row["country"] or "",
                row["postcode"] or "",
            )
            for row in self._reading.rows(allowed.select(*names))
            if row["customer_id"] not in withdrawn and row["email"] not in addresses
        )
        return hashed_audience(platform, contacts)

    @cached_property
    def own_events(self) -> frozenset[str]:
        """Names of the events that are in the timeline."""
        rows = self._reading.rows(self._reading.table("timeline").select("event").distinct())
        return frozenset(row["event"] for row in rows)
