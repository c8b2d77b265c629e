"""Which customer each person record belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.grouping import tied_together
from klantreis.identity.numbers import regained
from klantreis.identity.rules import RULES
from klantreis.identity.statements import UNFIT, of_nobody
from klantreis.identity.tying import Tied, tied_by_identifiers

__all__ = ["links"]

MATCHED = "matched"
LAST_RESORT = 99


def links(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    matches: ir.Table,
    *,
    engine: Engine,
    country: str,
    own_decisions: Mapping[str, Sequence[tuple[str, str]]],
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
) -> ir.Table:
    """Tie the records of one human being together and give each customer a lasting number.

    Records that state the same identifier are one customer, save by identifiers that are blocked;
    one in conflict ties namesakes only; and so are records that `matches` ties by what they say of
    name, address and birth date. A customer keeps its number for ever. Where customers turn
    out to be one, the lowest (oldest) number stays; where one falls apart, the part with its
    oldest record keeps the number, and one that had a number before they were one gets that back.
    New numbers follow the highest ever used, in the order of the customers' oldest records. A record without a name under an account that is junk or shared is
    nobody: a till's account for sales without a card has many buyers and is none of them.

    Args:
        country: ISO code; national telephone numbers of records without a country are meant so.
        own_decisions: pairs of records that people said are `same` (obeyed by `matches`), and that
            are `different`.
        previous_links: the numbers given before.
        previous_customer_merges: numbers that went over into others; not used again.

    Returns:
        As in the contract of `links`.
    """
    tied = tied_by_identifiers(
        persons,
        identifiers,
        blocked_identifiers,
        engine=engine,
        country=country,
        own_decisions=own_decisions,
    )
    matched = _matched(matches, tied.records, engine)
    groups = tied_together(tied.groups, matched, engine=engine)
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"].isin(UNFIT))
    nobody = engine.keep(of_nobody(tied.stated, persons, unfit))
    members = engine.keep(_members(tied.records, groups).anti_join(nobody, "person_id"))
    before = members.join(_numbered(previous_links), "person_id")
    kept = engine.keep(_kept_numbers(before))
    kept = engine.keep(kept.union(regained(members, kept, previous_customer_merges)))
    highest = _highest_number(previous_links, previous_customer_merges)
    customers = engine.keep(_new_numbers(members, kept, highest).union(kept))
    named = members.join(customers, "group").left_join(_rules(tied, matched), "person_number")
    owned = named.select("person_id", "customer_id", rule=named["rule"].fill_null("alone"))
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


def _rules(tied: Tied, matched: ir.Table) -> ir.Table:
    """The surest kind by which each record is tied to another: `person_number` and `rule`."""
    used, same = tied.used, tied.same
    counted = used.group_by("value_number").aggregate(records=used.count())
    tying = used.semi_join(counted.filter(counted["records"] > 1), "value_number")
    pairs = same.union(matched.mutate(kind=ibis.literal(MATCHED)).select(*same.columns))
    tying = tying.select("person_number", "kind").union(
        *(
            pairs.select("kind", person_number=side).select("person_number", "kind")
            for side in ("left", "right")
        )
    )
    rules = {**{rule.kind: rule.priority for rule in RULES.values()}, MATCHED: LAST_RESORT}
    priority = ibis.cases(*((tying["kind"] == kind, number) for kind, number in rules.items()))
    ranked = tying.group_by("person_number").aggregate(priority=priority.min())
    names = ((ranked["priority"] == number, kind) for kind, number in rules.items())
    return ranked.select("person_number", rule=ibis.cases(*names))
