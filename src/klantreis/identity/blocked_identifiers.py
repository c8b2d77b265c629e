"""Identifiers that may not tie person records together: junk, shared, or in conflict."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.identity.contradictions import (
    alike_groups,
    are_not_namesakes,
    are_others,
    are_strangers,
    contradictions,
    named_people,
    namesakes,
)
from klantreis.identity.devices import shared_devices
from klantreis.identity.doubt import personal, without_second_addresses
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.renewing import Excerpt, excerpt, lost_statements
from klantreis.identity.rules import (
    IdentifierRule,
    Reach,
    kinds,
    rounds,
    rules_with,
    unique_kinds,
)
from klantreis.identity.statements import NAMES_OF, UNFIT, Ties, may_tie, ties
from klantreis.identity.till_accounts import till_accounts
from klantreis.identity.uniqueness import second_values
from klantreis.settings import IdentifierSettings
from klantreis.tables import Renewal

__all__ = ["blocked_identifiers"]

# What makes two people of those who state the same; devices are judged otherwise.
CONTRADICTIONS = {
    Reach.ACCOUNT: are_others,
    Reach.ADDRESS: are_strangers,
    Reach.HOUSEHOLD: are_not_namesakes,
}


def blocked_identifiers(
    persons: ir.Table,
    stated_identifiers: ir.Table,
    orders: ir.Table,
    *,
    engine: Engine,
    shared_identifier_limit: int,
    identifier_rules: Mapping[str, IdentifierSettings],
    kept_blocked_identifiers: ir.Table,
    kept_identifier_groups: ir.Table,
    kept_stated_identifiers: ir.Table,
    changed_persons: ir.Table,
    came_stated_identifiers: ir.Table,
    gone_stated_identifiers: ir.Table,
) -> ir.Table | Renewal:
    """Find the identifiers that may not tie person records together, and why.

    `junk`: a placeholder or a value that cannot be one. `shared`: more records of one source state
    it than one customer can have, a card under which more e-mail addresses were given than one
    customer has or that buys like no customer does, or a device of several signed-in users. `conflict`: it would bring together
    people who contradict each other; it ties namesakes only. The surest kinds come first, so that
    what they already hold together does not count as several people when the next kind is looked
    at.

    Args:
        shared_identifier_limit: most records of one source that may state the same value, and
            most e-mail addresses under one account.
        identifier_rules: what is not as usual, by kind.
        kept_blocked_identifiers, kept_identifier_groups, kept_stated_identifiers: what was blocked,
            which records were in one circle, and what they stated before.
        changed_persons, came_stated_identifiers, gone_stated_identifiers: what has changed since.

    Returns:
        As in the contract of `blocked_identifiers`.
    """
    rules = rules_with(identifier_rules)
    tills = till_accounts(stated_identifiers, persons, orders)
    if not is_any(kept_identifier_groups, engine):
        tills = _blocked(tills, "shared")
        found = _found(
            persons, stated_identifiers, tills, shared_identifier_limit, rules, engine=engine
        )
        return _counted(found, stated_identifiers)
    tills = engine.keep(_blocked(tills, "shared"))
    known = engine.keep(
        kept_blocked_identifiers.filter(kept_blocked_identifiers["reason"].isin(UNFIT))
    )
    lost = lost_statements(kept_stated_identifiers, gone_stated_identifiers, engine=engine)
    part = excerpt(
        changed_persons,
        tills.anti_join(known, NAMES_OF),
        came=came_stated_identifiers,
        lost=lost,
        stated=stated_identifiers,
        persons=persons,
        groups=kept_identifier_groups,
        unfit=known.select(NAMES_OF),
        engine=engine,
    )
    told = part.stated.select(NAMES_OF)
    judged = engine.keep(ibis.union(told, lost.select(NAMES_OF), part.values, distinct=True))
    still = known.semi_join(judged, NAMES_OF).select(*NAMES_OF, "reason")
    unfit = engine.keep(still.union(tills.semi_join(judged, NAMES_OF)))
    found = _found(part.persons, part.stated, unfit, shared_identifier_limit, rules, engine=engine)
    held = engine.keep(kept_blocked_identifiers.semi_join(judged, NAMES_OF))
    touched = came_stated_identifiers.select(NAMES_OF).union(lost.select(NAMES_OF))
    fresh = _recounted(found, held.anti_join(touched, NAMES_OF), part, stated_identifiers, engine)
    return Renewal(fresh, held.select(NAMES_OF), held=held)


def _found(
    persons: ir.Table,
    stated: ir.Table,
    known: ir.Table,
    limit: int,
    rules: Mapping[str, IdentifierRule],
    *,
    engine: Engine,
) -> ir.Table:
    """What is blocked of what these records state, and why; a value may stand there twice.

    Args:
        known: `kind`, `value` and `reason` of what is junk or shared for another reason.
    """
    tied = ties(stated, persons, engine=engine)
    unfit = engine.keep(
        ibis.union(
            _blocked(stated.filter(stated["is_junk"] | _is_own_junk(stated, rules)), "junk"),
            _blocked(_stated_too_often(tied, limit, rules), "shared"),
            _blocked(_of_many_mailboxes(stated, limit), "shared"),
            known,
        )
    )
    shared = _kinds_of(tied, engine)
    if not shared:
        return unfit
    fit = engine.keep(may_tie(tied, stated, persons, unfit))
    conflicts, second, groups = _conflicts(fit, tied, stated, rules, shared, engine)
    found = unfit.union(
        _blocked(tied.values.semi_join(conflicts, "value_number"), "conflict"),
        _blocked(tied.values.semi_join(second, "value_number"), "unique"),
    )
    if shared.intersection(kinds(Reach.DEVICE)):
        on_device = fit.filter(fit["kind"].isin(kinds(Reach.DEVICE)))
        users = _users(groups, fit, tied, stated)
        devices = shared_devices(
            on_device, _namesakes_as_one(users, on_device, tied, engine), engine
        )
        of_many = _blocked(tied.values.semi_join(devices, "value_number"), "shared")
        found = found.union(of_many)
    return engine.keep(found)


def _kinds_of(tied: Ties, engine: Engine) -> frozenset[str]:
    """The kinds of which records share a value: the others need not be looked at."""
    found = engine.fetch(tied.values.select("kind").distinct())
    return frozenset(found["kind"].to_pylist())


def _blocked(found: ir.Table, reason: str) -> ir.Table:
    return found.select(*NAMES_OF, reason=ibis.literal(reason)).distinct()


def _is_own_junk(stated: ir.Table, rules: Mapping[str, IdentifierRule]) -> ir.BooleanValue:
    own = [
        (stated["kind"] == rule.kind) & stated["value"].re_search(pattern)
        for rule in rules.values()
        for pattern in rule.junk
    ]
    return ibis.or_(*own) if own else ibis.literal(False)


def _stated_too_often(tied: Ties, limit: int, rules: Mapping[str, IdentifierRule]) -> ir.Table:
    """Values that more records of one source state than one customer has there."""
    counted = tied.stated.group_by("value_number", "kind", "source").aggregate(
        records=tied.stated.count()
    )
    limits = ibis.cases(*((counted["kind"] == r.kind, _limit(r, limit)) for r in rules.values()))
    return tied.values.semi_join(counted.filter(counted["records"] > limits), "value_number")


def _limit(rule: IdentifierRule, limit: int) -> int:
    return rule.persons_limit if rule.is_own_limit else min(rule.persons_limit, limit)


def _of_many_mailboxes(stated: ir.Table, limit: int) -> ir.Table:
    """Accounts under which more e-mail addresses were given than one customer has."""
    emails = stated.filter((stated["kind"] == "email") & ~stated["is_junk"])
    counts = emails.group_by("person_id").aggregate(addresses=emails.count())
    many = emails.semi_join(counts.filter(counts["addresses"] > limit), "person_id")
    # Counted again without the addresses that were written in two ways.
    once = many.select("person_id", "value").distinct()
    counts = once.group_by("person_id").aggregate(addresses=once.count())
    crowded = counts.filter(counts["addresses"] > limit)
    accounts = stated.filter(stated["kind"].isin(kinds(Reach.ACCOUNT)) & ~stated["is_junk"])
    return accounts.semi_join(crowded, "person_id")


def _conflicts(
    fit: ir.Table,
    tied: Ties,
    stated: ir.Table,
    rules: Mapping[str, IdentifierRule],
    shared: frozenset[str],
    engine: Engine,
) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Look at one round of kinds after the other.

    Args:
        shared: the kinds of which records share a value.

    Returns:
        The values in conflict, those that would give a customer two values of a unique kind, and
        the groups at the end.
    """
    known = fit.filter(~fit["kind"].isin(kinds(Reach.DEVICE)))
    groups = engine.keep(alone(known))
    known = engine.keep(without_second_addresses(known, tied.records))
    none = tied.values.filter(ibis.literal(False)).select("value_number")
    conflicts, second = [none], [none]
    unique = unique_kinds(rules)
    for reach, tying_kinds in rounds(rules):
        if not shared.intersection(tying_kinds):
            continue
        of_round = known.filter(known["kind"].isin(tying_kinds))
        found = crossing(of_round, groups, engine=engine)
        bundles = found.join(personal(tied.values), "value_number")
        people = engine.keep(named_people(tied.records, groups).semi_join(found, "group"))
        conflict = contradictions(
            bundles,
            people,
            by="value_number",
            contradict=CONTRADICTIONS[reach],
            engine=engine,
        )
        if reach is Reach.HOUSEHOLD:
            unnamed = _accounts_without_name(found, people, groups, tied, stated)
            conflict = engine.keep(conflict.union(unnamed, distinct=True))
        conflicts.append(conflict)
        contesting = known.semi_join(conflict, "value_number")
        contesting = contesting.join(personal(tied.values), "value_number")
        same = namesakes(
            contesting.select("person_number", "value_number", "kind", "is_personal"),
            tied.records,
            engine=engine,
        )
        tying = found.anti_join(conflict, "value_number")
        joined = merged(groups, tying, same, engine=engine)
        if unique:
            over = second_values(groups, joined, stated, tied, unique, engine=engine)
            second.append(over.of_values(found))
            same = over.without_namesakes(same, groups)
            tying = tying.anti_join(second[-1], "value_number")
            joined = merged(groups, tying, same, engine=engine)
        groups = joined
    return ibis.union(*conflicts), ibis.union(*second, distinct=True), groups


def _accounts_without_name(
    found: ir.Table, people: ir.Table, groups: ir.Table, tied: Ties, stated: ir.Table
) -> ir.Table:
    """Values of several groups with an e-mail address, or a card, of which some have no name.

    Groups with names are judged by those; of the others a household's number says too little.
    """
    members = groups.semi_join(found, "group").join(tied.records, "person_number")
    owned = stated.filter(stated["kind"].isin(("email", "loyalty_card")) & ~stated["is_junk"])
    owned = owned.select("person_id", owned_kind="kind").join(members, "person_id")
    holders = owned.select("group", "owned_kind").distinct()
    named = people.select(named_group="group").distinct()
    held = found.join(holders, "group")
    held = held.left_join(named, held["group"] == named["named_group"])
    counted = held.group_by("value_number", "owned_kind").aggregate(
        groups=held.count(), unnamed=held.count(where=held["named_group"].isnull())
    )
    several = counted.filter((counted["groups"] > 1) & (counted["unnamed"] > 0))
    return several.select("value_number").distinct()


def _users(groups: ir.Table, fit: ir.Table, tied: Ties, stated: ir.Table) -> ir.Table:
    """The signed-in records on devices, and who of them are one human being.

    Also a record whose account nobody else states is someone, in a group of its own.
    """
    on_device = fit.filter(fit["kind"].isin(kinds(Reach.DEVICE))).select("person_number")
    records = tied.records.semi_join(on_device, "person_number")
    named = stated.filter(~stated["kind"].isin(kinds(Reach.DEVICE)) & ~stated["is_junk"])
    signed_in = records.semi_join(named, "person_id").select("person_number")
    return groups.union(alone(signed_in.anti_join(groups, "person_number")))


def _namesakes_as_one(users: ir.Table, on_device: ir.Table, tied: Ties, engine: Engine) -> ir.Table:
    """The users of devices, with those of one name on one device as one human being.

    Who clicks in a mailing and later signs in on the same device is not two.
    """
    users = engine.keep(users)
    placed = on_device.join(users, "person_number").select("value_number", "group").distinct()
    people = named_people(tied.records, users)
    alike = alike_groups(placed, people, by="value_number", engine=engine)
    parts = engine.components(alike)
    joined = users.left_join(parts, users["group"] == parts["node"])
    return engine.keep(
        joined.select("person_number", group=ibis.coalesce(joined["component"], joined["group"]))
    )


def _counted(found: ir.Table, stated: ir.Table) -> ir.Table:
    """One reason for each value, and how many records state it."""
    reasons = _reasons(found)
    stating = stated.semi_join(found, NAMES_OF).select("person_id", *NAMES_OF).distinct()
    counts = stating.group_by(NAMES_OF).aggregate(persons=stating.count())
    return reasons.join(counts, NAMES_OF)


def _recounted(
    found: ir.Table, untouched: ir.Table, part: Excerpt, stated: ir.Table, engine: Engine
) -> ir.Table:
    """The same of a part; all that is stated is gone through only for what many may state.

    Args:
        untouched: what was blocked before, and stated by the same records.
    """
    reasons = engine.keep(_reasons(found))
    same = reasons.join(untouched.select(*NAMES_OF, "persons"), NAMES_OF)
    others = reasons.anti_join(same, NAMES_OF)
    within = others.semi_join(part.values, NAMES_OF)
    beyond = engine.keep(others.anti_join(part.values, NAMES_OF))
    counted = (_counted(rows, said) for rows, said in ((within, part.stated), (beyond, stated)))
    return same.select(*NAMES_OF, "reason", "persons").union(*counted)


def _reasons(found: ir.Table) -> ir.Table:
    return found.group_by(NAMES_OF).aggregate(reason=found["reason"].max())
