"""Which customer each person record belongs to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.contradictions import (
    are_others,
    contradictions,
    named_people,
    namesakes,
)
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.rules import RULES
from klantreis.identity.statements import (
    mailbox_counts,
    numbered_persons,
    statements,
    tying,
    without_second_addresses,
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

    Records that state the same identifier are one customer, save by identifiers that are blocked.
    A customer keeps its number for ever. Where customers turn out to be one, the lowest (oldest)
    number stays; where one falls apart, the part with its oldest record keeps the number. New
    numbers follow the highest ever used, in the order of the customers' oldest records.

    Args:
        country: ISO code; national telephone numbers of records without a country are meant so.
        previous_links: the numbers given before.
        previous_customer_merges: numbers that went over into others; not used again.

    Returns:
        As in the contract of `links`.
    """
    numbered = numbered_persons(persons, engine=engine)
    stated = statements(identifiers, numbered, engine=engine, country=country)
    fit = engine.keep(tying(stated, numbered, blocked_identifiers))
    used = engine.keep(_without_doubtful_addresses(fit, numbered, engine))
    contested = blocked_identifiers.filter(blocked_identifiers["reason"] == "conflict")
    same = engine.keep(namesakes(stated, contested, numbered, engine=engine))
    groups = alone(stated)
    groups = merged(groups, crossing(used, groups), same, engine=engine)
    members = engine.keep(_members(numbered, groups))
    before = members.join(previous_links.select("person_id", "customer_id"), "person_id")
    kept = engine.keep(_kept_numbers(before))
    highest = _highest_number(previous_links, previous_customer_merges)
    customers = engine.keep(_new_numbers(members, kept, highest).union(kept))
    tied = members.join(customers, "group").left_join(_ties(used), "person_number")
    return tied.select("person_id", "customer_id", rule=tied["rule"].fill_null("alone"))


def _without_doubtful_addresses(fit: ir.Table, numbered: ir.Table, engine: Engine) -> ir.Table:
    """Leave out addresses of records under which people who contradict each other come together.

    A loyalty card on which two partners each had their receipts mailed states both addresses: it
    belongs to neither of them by address, only by the card itself.
    """
    sure = engine.keep(without_second_addresses(fit))
    doubtful = engine.keep(fit.anti_join(sure, ["person_number", "kind", "value"]))
    groups = alone(fit)
    groups = merged(groups, crossing(sure, groups), engine=engine)
    holders = sure.filter(sure["kind"] == "email").join(groups, "person_number")
    holders = holders.select("value", "group").distinct()
    reached = doubtful.join(holders, "value").select("person_number", "group")
    own = groups.semi_join(doubtful, "person_number")
    contradictory = contradictions(
        reached.union(own, distinct=True),
        named_people(numbered, groups),
        by=["person_number"],
        contradict=are_others,
        engine=engine,
    )
    counts = mailbox_counts(fit)
    crowded = counts.filter(counts["addresses"] > RULES["email"].persons_limit)
    clear = doubtful.anti_join(contradictory, "person_number").anti_join(crowded, "person_number")
    return sure.union(clear)


def _members(numbered: ir.Table, groups: ir.Table) -> ir.Table:
    """Every record with the lowest number of its group; records that state nothing are alone."""
    joined = numbered.left_join(groups, "person_number")
    return joined.select(
        "person_number", "person_id", group=ibis.coalesce(joined["group"], joined["person_number"])
    )


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


def _ties(used: ir.Table) -> ir.Table:
    """The surest kind by which each record is tied to another: `person_number` and `rule`."""
    counted = used.group_by("kind", "value").aggregate(records=used.count())
    shared = counted.filter(counted["records"] > 1)
    tied = used.semi_join(shared, ["kind", "value"])
    priority = ibis.cases(*((tied["kind"] == r.kind, r.priority) for r in RULES.values()))
    surest = tied.mutate(priority=priority).group_by("person_number")
    ranked = surest.aggregate(priority=ibis._["priority"].min())
    names = ((ranked["priority"] == r.priority, r.kind) for r in RULES.values())
    return ranked.select("person_number", rule=ibis.cases(*names))
