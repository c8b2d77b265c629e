"""Which customer each person record belongs to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.grouping import tied_together
from klantreis.identity.numbers import regained

__all__ = ["links"]

MATCHED = "matched"


def links(
    identifier_groups: ir.Table,
    matches: ir.Table,
    *,
    engine: Engine,
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
) -> ir.Table:
    """Tie the records of one human being together and give each customer a lasting number.

    The records that identifiers tie are one customer, and so are those that `matches` ties by what
    they say of name, address and birth date. A customer keeps its number for ever. Where customers
    turn out to be one, the lowest (oldest) number stays; where one falls apart, the part with its
    oldest record keeps the number, and one that had a number before they were one gets that back.
    New numbers follow the highest ever used, in the order of the customers' oldest records.

    Args:
        identifier_groups: the records that identifiers tie, and those that are nobody.
        matches: the pairs of records that may be one, and which of them tie.
        previous_links: the numbers given before.
        previous_customer_merges: numbers that went over into others; not used again.

    Returns:
        As in the contract of `links`.
    """
    matched = _matched(matches, identifier_groups, engine)
    placed = identifier_groups.select("person_number", "group")
    groups = tied_together(placed, matched, engine=engine)
    someone = identifier_groups.filter(~identifier_groups["is_nobody"])
    members = engine.keep(
        someone.select("person_id", "person_number", "rule").join(groups, "person_number")
    )
    before = members.join(_numbered(previous_links), "person_id")
    kept = engine.keep(_kept_numbers(before))
    kept = engine.keep(kept.union(regained(members, kept, previous_customer_merges)))
    highest = _highest_number(previous_links, previous_customer_merges)
    customers = engine.keep(_new_numbers(members, kept, highest).union(kept))
    named = members.join(customers, "group").left_join(_tied_by_match(matched), "person_number")
    owned = named.select(
        "person_id", "customer_id", rule=ibis.coalesce(named["rule"], named["match"], "alone")
    )
    nobody = identifier_groups.filter(identifier_groups["is_nobody"])
    unowned = nobody.select(
        "person_id", customer_id=ibis.null("int64"), rule=ibis.literal("nobody")
    )
    return owned.union(unowned)


def _matched(matches: ir.Table, records: ir.Table, engine: Engine) -> ir.Table:
    """The pairs that names and addresses, or somebody, tie: `left` and `right` in numbers."""
    used = matches.filter(matches["is_used"])
    for side in ("left", "right"):
        numbers = records.select(**{side: "person_number", f"{side}_person_id": "person_id"})
        used = used.join(numbers, f"{side}_person_id")
    return engine.keep(used.select("left", "right"))


def _numbered(links: ir.Table) -> ir.Table:
    """The records that are someone, and whose."""
    return links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")


def _kept_numbers(before: ir.Table) -> ir.Table:
    """The groups that keep a number: `group` and `customer_id`."""
    claims = before.group_by("customer_id", "group").aggregate(oldest=before["person_number"].min())
    heirs = claims.group_by("customer_id").aggregate(oldest=claims["oldest"].min())
    held = claims.semi_join(heirs, ["customer_id", "oldest"])
    return held.group_by("group").aggregate(customer_id=held["customer_id"].min())


def _highest_number(previous_links: ir.Table, previous_customer_merges: ir.Table) -> ir.Table:
    numbers = ibis.union(
        previous_links.select("customer_id"),
        previous_customer_merges.select(customer_id="old_customer_id"),
    )
    return numbers.aggregate(highest=numbers["customer_id"].max().fill_null(0))


def _new_numbers(members: ir.Table, kept: ir.Table, highest: ir.Table) -> ir.Table:
    """A number for each group without one; the group with the oldest record comes first."""
    fresh = members.select("group").distinct().anti_join(kept, "group")
    numbered = fresh.mutate(rank=ibis.row_number().over(order_by="group") + 1)
    placed = numbered.cross_join(highest)
    return placed.select("group", customer_id=placed["highest"] + placed["rank"])


def _tied_by_match(matched: ir.Table) -> ir.Table:
    """The records that a match ties: `person_number` and `match`."""
    ends = (matched.select(person_number=side) for side in ("left", "right"))
    return ibis.union(*ends, distinct=True).mutate(match=ibis.literal(MATCHED))
