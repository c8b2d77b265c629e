"""Which customer each person record belongs to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.contradictions import namesakes
from klantreis.identity.doubt import personal, without_doubtful_addresses
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.numbers import regained
from klantreis.identity.rules import RULES
from klantreis.identity.statements import (
    NAMES_OF,
    Ties,
    by_age,
    may_tie,
    of_nobody,
    statements,
    ties,
)

__all__ = ["links"]


def links(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
    country: str,
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
) -> ir.Table:
    """Tie the records of one human being together and give each customer a lasting number.

    Records that state the same identifier are one customer, save by identifiers that are blocked;
    one in conflict ties namesakes only. A customer keeps its number for ever. Where customers turn
    out to be one, the lowest (oldest) number stays; where one falls apart, the part with its
    oldest record keeps the number, and one that had a number before they were one gets that back.
    New numbers follow the highest ever used, in the order of the customers' oldest records. A record without a name under an account that is junk or shared is
    nobody: a till's account for sales without a card has many buyers and is none of them.

    Args:
        country: ISO code; national telephone numbers of records without a country are meant so.
        previous_links: the numbers given before.
        previous_customer_merges: numbers that went over into others; not used again.

    Returns:
        As in the contract of `links`.
    """
    stated = statements(identifiers, persons, engine=engine, country=country)
    aged = engine.keep(
        by_age(persons.select("person_id", "created_at", "first_name", "last_name", "birth_on"))
    )
    tied = ties(stated, aged, engine=engine)
    fit = engine.keep(may_tie(tied, stated, persons, blocked_identifiers))
    used = engine.keep(without_doubtful_addresses(fit, tied, engine=engine))
    same = _namesakes(tied, blocked_identifiers, engine)
    groups = alone(tied.records)
    groups = merged(groups, crossing(used, groups, engine=engine), same, engine=engine)
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"] != "conflict")
    nobody = engine.keep(of_nobody(stated, persons, unfit))
    members = engine.keep(_members(aged, groups).anti_join(nobody, "person_id"))
    before = members.join(_numbered(previous_links), "person_id")
    kept = engine.keep(_kept_numbers(before))
    kept = engine.keep(kept.union(regained(members, kept, previous_customer_merges)))
    highest = _highest_number(previous_links, previous_customer_merges)
    customers = engine.keep(_new_numbers(members, kept, highest).union(kept))
    named = members.join(customers, "group").left_join(_rules(used, same), "person_number")
    owned = named.select("person_id", "customer_id", rule=named["rule"].fill_null("alone"))
    unowned = nobody.select(
        "person_id", customer_id=ibis.null("int64"), rule=ibis.literal("nobody")
    )
    return owned.union(unowned)


def _namesakes(tied: Ties, blocked_identifiers: ir.Table, engine: Engine) -> ir.Table:
    """Pairs of records that bear the same name and state the same value in conflict."""
    conflicts = blocked_identifiers.filter(blocked_identifiers["reason"] == "conflict")
    values = personal(tied.values.semi_join(conflicts, NAMES_OF))
    contesting = tied.stated.join(values, "value_number")
    contesting = contesting.select("person_number", "value_number", "is_personal", "kind")
    return namesakes(contesting, tied.records, engine=engine)


def _members(aged: ir.Table, groups: ir.Table) -> ir.Table:
    """Every record with the lowest number of its group; records that share nothing are alone."""
    joined = aged.left_join(groups, "person_number")
    return joined.select(
        "person_number", "person_id", group=ibis.coalesce(joined["group"], joined["person_number"])
    )


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


def _rules(used: ir.Table, same: ir.Table) -> ir.Table:
    """The surest kind by which each record is tied to another: `person_number` and `rule`."""
    counted = used.group_by("value_number").aggregate(records=used.count())
    tying = used.semi_join(counted.filter(counted["records"] > 1), "value_number")
    tying = tying.select("person_number", "kind").union(
        same.select("kind", person_number="left").select("person_number", "kind"),
        same.select("kind", person_number="right").select("person_number", "kind"),
    )
    priority = ibis.cases(*((tying["kind"] == r.kind, r.priority) for r in RULES.values()))
    ranked = tying.group_by("person_number").aggregate(priority=priority.min())
    names = ((ranked["priority"] == r.priority, r.kind) for r in RULES.values())
    return ranked.select("person_number", rule=ibis.cases(*names))
