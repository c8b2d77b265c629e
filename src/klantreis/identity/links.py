"""Which customer each person record belongs to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.identity.grouping import tied_together
from klantreis.identity.numbers import regained
from klantreis.tables import Renewal

__all__ = ["links"]

MATCHED = "matched"


def links(
    identifier_groups: ir.Table,
    matches: ir.Table,
    *,
    engine: Engine,
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
    kept_links: ir.Table,
    changed_identifier_groups: ir.Table,
    changed_matches: ir.Table,
) -> ir.Table | Renewal:
    """Tie the records of one human being together and give each customer a lasting number.

    The records that identifiers tie are one customer, and so are those that `matches` ties by what
    they say of name, address and birth date. A customer keeps its number for ever. Where customers
    turn out to be one, the lowest (oldest) number stays; where one falls apart, the part with its
    oldest record keeps the number, and one that had a number before they were one gets that back.
    New numbers follow the highest ever used, in the order of the customers' oldest records.

    Only the customers are made anew of which a record is grouped or matched in another way.

    Args:
        identifier_groups: the records that identifiers tie, and those that are nobody.
        matches: the pairs of records that may be one, and which of them tie.
        previous_links: the numbers given before.
        previous_customer_merges: numbers that went over into others; not used again.
        kept_links: what was found before, as far as it may be kept.
        changed_identifier_groups, changed_matches: what has changed since.

    Returns:
        As in the contract of `links`.
    """

    def linked(records: ir.Table, numbers: ir.Table) -> ir.Table:
        return _linked(
            records,
            matches,
            identifier_groups,
            numbers,
            _highest_number(previous_links, previous_customer_merges),
            previous_customer_merges,
            engine=engine,
        )

    if not is_any(kept_links, engine):
        return linked(identifier_groups, previous_links)
    touched = _touched(identifier_groups, changed_identifier_groups, changed_matches, engine)
    owned = kept_links.semi_join(touched, "person_id").select("customer_id").distinct()
    customers = engine.keep(owned.filter(owned["customer_id"].notnull()))
    theirs = kept_links.semi_join(customers, "customer_id").select("person_id")
    again = engine.keep(touched.union(theirs, distinct=True))
    records = engine.keep(identifier_groups.semi_join(again, "person_id"))
    held = engine.keep(kept_links.semi_join(again, "person_id"))
    return Renewal(linked(records, held), held.select("person_id"), held=held)


def _touched(
    identifier_groups: ir.Table,
    changed_identifier_groups: ir.Table,
    changed_matches: ir.Table,
    engine: Engine,
) -> ir.Table:
    """The records of which group or matches changed, and those grouped with them: `person_id`."""
    changed = ibis.union(
        changed_identifier_groups.select("person_id"),
        changed_matches.select(person_id="left_person_id"),
        changed_matches.select(person_id="right_person_id"),
        distinct=True,
    )
    changed = engine.keep(changed)
    groups = identifier_groups.semi_join(changed, "person_id").select("group").distinct()
    grouped = identifier_groups.semi_join(engine.keep(groups), "group").select("person_id")
    return engine.keep(changed.union(grouped, distinct=True))


def _linked(
    records: ir.Table,
    matches: ir.Table,
    identifier_groups: ir.Table,
    earlier: ir.Table,
    highest: ir.Table,
    previous_customer_merges: ir.Table,
    *,
    engine: Engine,
) -> ir.Table:
    """The customers of some records, of which everyone is here who ever was one customer with them.

    Args:
        earlier: the links of these records before.
        highest: the highest number ever given.
    """
    matched = _matched(matches, records, engine)
    placed = records.select("person_number", "group")
    groups = tied_together(placed, matched, engine=engine)
    someone = records.filter(~records["is_nobody"])
    members = engine.keep(
        someone.select("person_id", "person_number", "rule").join(groups, "person_number")
    )
    before = members.join(_numbered(earlier), "person_id")
    kept = engine.keep(_kept_numbers(before))
    numbers = identifier_groups.filter(~identifier_groups["is_nobody"])
    kept = engine.keep(kept.union(regained(members, kept, numbers, previous_customer_merges)))
    customers = engine.keep(_new_numbers(members, kept, highest).union(kept))
    named = members.join(customers, "group").left_join(_tied_by_match(matched), "person_number")
    owned = named.select(
        "person_id", "customer_id", rule=ibis.coalesce(named["rule"], named["match"], "alone")
    )
    nobody = records.filter(records["is_nobody"])
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
