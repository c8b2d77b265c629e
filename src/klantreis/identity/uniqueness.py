"""Merges that would give a customer two values of a kind of which one is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.rules import rules_with, unique_kinds
from klantreis.identity.statements import NAMES_OF, UNFIT, Ties
from klantreis.settings import IdentifierSettings

__all__ = ["Second", "second_values", "unique_accounts", "unique_statements"]

NO_ACCOUNTS = pa.Table.from_batches(
    [], pa.schema({"group": pa.int64(), "kind": pa.string(), "value": pa.string()})
)


@dataclass(frozen=True)
class Second:
    """The groups that would come together and so have a second value.

    Attributes:
        groups: column `group`, as the groups were before.
    """

    groups: ir.Table

    def of_values(self, crossing: ir.Table) -> ir.Table:
        """What would bring them together: column `value_number`, each once."""
        return crossing.semi_join(self.groups, "group").select("value_number").distinct()

    def without_namesakes(self, pairs: ir.Table, groups: ir.Table) -> ir.Table:
        """The pairs of namesakes that are in none of them."""
        inside = groups.semi_join(self.groups, "group").select(left="person_number")
        return pairs.anti_join(inside, "left")


def unique_statements(stated: ir.Table, unique: Sequence[str]) -> ir.Table:
    """Which record states which value of the kinds of which a customer has one.

    Args:
        stated: identifiers as `statements` returns them.
        unique: those kinds; of customer numbers a customer has one in each source.

    Returns:
        `person_id`, `kind`, `value`.
    """
    own = stated.filter(stated["kind"].isin(unique) & ~stated["is_junk"])
    is_of_source = own["kind"] == "customer_number"
    kind = ibis.ifelse(is_of_source, own["kind"] + ":" + own["source"], own["kind"])
    return own.select("person_id", "value", kind=kind)


def unique_accounts(
    stated_identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    identifier_groups: ir.Table,
    *,
    engine: Engine,
    identifier_rules: Mapping[str, IdentifierSettings],
) -> pa.Table:
    """What groups of records have of the kinds of which a customer has one.

    Values that point to many or to nobody are nobody's own.

    Returns:
        `group`, `kind`, `value`, each once.
    """
    unique = unique_kinds(rules_with(identifier_rules))
    if not unique:
        return NO_ACCOUNTS
    stated = stated_identifiers.filter(stated_identifiers["kind"].isin(unique))
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"].isin(UNFIT))
    fit = unique_statements(stated.anti_join(unfit, NAMES_OF), unique)
    placed = fit.join(identifier_groups.select("person_id", "group"), "person_id")
    return engine.fetch(placed.select("group", "kind", "value").distinct())


def second_values(
    before: ir.Table,
    after: ir.Table,
    stated: ir.Table,
    tied: Ties,
    unique: Sequence[str],
    *,
    engine: Engine,
) -> Second:
    """Find the groups that would get a second value of a unique kind by coming together.

    A group that has two by itself (one record states both) may grow, as long as it gets no more.

    Args:
        before, after: `person_number` and `group`, as they are and as they would be.
        stated: identifiers as `statements` returns them.
        unique: kinds of which a customer has one value.
    """
    own = unique_statements(stated, unique)
    numbers = tied.records.select("person_id", "person_number")
    held = engine.keep(own.join(numbers, "person_id").select("person_number", "kind", "value"))
    had, has = _counted(held, before), _counted(held, after)
    moved = before.join(after.select("person_number", joined="group"), "person_number")
    moved = engine.keep(moved.select("group", "joined").distinct())
    placed = moved.join(had, "group")
    most = placed.group_by("joined", "kind").aggregate(most=placed["values"].max())
    larger = has.select("kind", "values", joined="group").join(most, ["joined", "kind"])
    over = larger.filter((larger["values"] > 1) & (larger["values"] > larger["most"]))
    return Second(engine.keep(moved.semi_join(over, "joined").select("group").distinct()))


def _counted(held: ir.Table, groups: ir.Table) -> ir.Table:
    """How many values of each kind the records of a group state: `group`, `kind`, `values`."""
    placed = held.join(groups, "person_number").select("group", "kind", "value").distinct()
    return placed.group_by("group", "kind").aggregate(values=placed.count())
