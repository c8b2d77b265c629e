"""Identifiers that may not tie person records together: junk, shared, or in conflict."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.contradictions import (
    are_not_namesakes,
    are_others,
    contradictions,
    named_people,
    namesakes,
)
from klantreis.identity.devices import shared_devices
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.rules import RULES, Reach, kinds
from klantreis.identity.statements import (
    mailbox_counts,
    numbered_persons,
    statements,
    tying,
    without_second_addresses,
)

__all__ = ["blocked_identifiers"]

NAMES_OF = ["kind", "value"]


def blocked_identifiers(
    persons: ir.Table,
    identifiers: ir.Table,
    *,
    engine: Engine,
    shared_identifier_limit: int,
    country: str,
) -> ir.Table:
    """Find the identifiers that may not tie person records together, and why.

    `junk`: a placeholder or a value that cannot be one. `shared`: more records of one source state
    it than one customer can have, a card under which more e-mail addresses were given than one
    customer has, or a device of several signed-in users. `conflict`: it would bring together
    people who contradict each other; it ties namesakes only. The surest kinds come first, so that what they already hold
    together does not count as several people when the next kind is looked at.

    Args:
        shared_identifier_limit: most records of one source that may state the same value.
        country: ISO code; national telephone numbers of records without a country are meant so.

    Returns:
        As in the contract of `blocked_identifiers`.
    """
    numbered = numbered_persons(persons, engine=engine)
    stated = statements(identifiers, numbered, engine=engine, country=country)
    use = engine.keep(_use(stated))
    unfit = engine.keep(
        ibis.union(
            _blocked(use.filter(use["is_junk"]), "junk"),
            _blocked(_stated_too_often(use, shared_identifier_limit), "shared"),
            _blocked(_of_many_mailboxes(stated, shared_identifier_limit), "shared"),
        )
    )
    fit = engine.keep(tying(stated, numbered, unfit))
    conflicts, groups = _conflicts(fit, stated, numbered, engine)
    found = ibis.union(unfit, conflicts, _blocked(shared_devices(fit, groups, engine), "shared"))
    reasons = found.group_by(NAMES_OF).aggregate(reason=found["reason"].max())
    return reasons.join(use.select("kind", "value", "persons"), NAMES_OF)


def _use(stated: ir.Table) -> ir.Table:
    """How many records state each value, in all and at most in one source."""
    counted = stated.group_by("kind", "value", "source").aggregate(
        persons=stated.count(), is_junk=stated["is_junk"].any()
    )
    return counted.group_by(NAMES_OF).aggregate(
        persons=counted["persons"].sum().cast("int64"),
        most_in_one_source=counted["persons"].max(),
        is_junk=counted["is_junk"].any(),
    )


def _stated_too_often(use: ir.Table, limit: int) -> ir.Table:
    limits = ibis.cases(
        *(
            (use["kind"] == rule.kind, min(rule.persons_limit, limit))
            for rule in RULES.values()
            if rule.may_tie
        )
    )
    return use.filter(~use["is_junk"] & (use["most_in_one_source"] > limits))


def _of_many_mailboxes(stated: ir.Table, limit: int) -> ir.Table:
    """Accounts under which more e-mail addresses were given than one customer has."""
    counts = mailbox_counts(stated)
    crowded = counts.filter(counts["addresses"] > limit)
    accounts = stated.filter(stated["kind"].isin(kinds(Reach.ACCOUNT)) & ~stated["is_junk"])
    return accounts.semi_join(crowded, "person_number").select("kind", "value").distinct()


def _conflicts(
    fit: ir.Table, stated: ir.Table, numbered: ir.Table, engine: Engine
) -> tuple[ir.Table, ir.Table]:
    """Look at one reach after the other; return what is in conflict, and the groups at the end."""
    known = fit.filter(~fit["kind"].isin(kinds(Reach.DEVICE)))
    groups = engine.keep(alone(known))
    known = engine.keep(without_second_addresses(known))
    conflicts = []
    for reach in (Reach.ACCOUNT, Reach.ADDRESS, Reach.HOUSEHOLD):
        found = engine.keep(crossing(known.filter(known["kind"].isin(kinds(reach))), groups))
        people = engine.keep(named_people(numbered, groups))
        look = partial(contradictions, found, people, by=NAMES_OF, engine=engine)
        if reach is Reach.HOUSEHOLD:
            unnamed = _accounts_without_name(found, people, stated, groups)
            conflict = ibis.union(look(contradict=are_not_namesakes), unnamed, distinct=True)
        else:
            conflict = look(contradict=are_others)
        conflict = engine.keep(conflict)
        conflicts.append(_blocked(conflict, "conflict"))
        same = namesakes(known, conflict, numbered, engine=engine)
        groups = merged(groups, found.anti_join(conflict, NAMES_OF), same, engine=engine)
    return ibis.union(*conflicts), groups


def _accounts_without_name(
    found: ir.Table, people: ir.Table, stated: ir.Table, groups: ir.Table
) -> ir.Table:
    """Values of several groups with an e-mail address, or a card, of which some have no name.

    Groups with names are judged by those; of the others a household's number says too little.
    """
    owned = stated.filter(stated["kind"].isin(("email", "loyalty_card")) & ~stated["is_junk"])
    owned = owned.select("person_number", owned_kind="kind").join(groups, "person_number")
    holders = owned.select("group", "owned_kind").distinct()
    named = people.select(named_group="group").distinct()
    held = found.join(holders, "group")
    held = held.left_join(named, held["group"] == named["named_group"])
    counted = held.group_by("kind", "value", "owned_kind").aggregate(
        groups=held.count(), unnamed=held.count(where=held["named_group"].isnull())
    )
    several = counted.filter((counted["groups"] > 1) & (counted["unnamed"] > 0))
    return several.select("kind", "value").distinct()


def _blocked(found: ir.Table, reason: str) -> ir.Table:
    return found.select("kind", "value", reason=ibis.literal(reason))
