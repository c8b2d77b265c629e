"""Step `blocked_identifiers`: what may not tie persons together, so that no giants grow."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.identity.normalise import is_junk, normalised_identifiers
from klantreis.identity.rules import RULES

__all__ = ["accounts_of_many", "blocked_identifiers", "first_initial"]


def blocked_identifiers(
    persons: ir.Table, identifiers: ir.Table, *, country: str, shared_identifier_limit: int
) -> ir.Table:
    """Identifiers that tie nobody, with the reason.

    - `junk`: the value stands for nobody.
    - `shared`: more persons of one source state it than one customer can be; or it is a device
      with two signed-in people; or a person record that states it is an account of many.
    - `conflict`: the persons who state it are different people by birth date and name.

    Args:
        persons: as in the contract.
        identifiers: as in the contract.
        country: for telephone numbers without a country.
        shared_identifier_limit: most persons of one source, or values of one person.

    Returns:
        As in the contract; `conflict` only where neither of the others holds.
    """
    stated = normalised_identifiers(identifiers, country=country)
    junk = stated.filter(is_junk(stated["kind"], stated["value"]))
    sound = stated.filter(~is_junk(stated["kind"], stated["value"]))
    reasons = ibis.union(
        _with_reason(junk, "junk", 1),
        _with_reason(_of_too_many(sound, shared_identifier_limit), "shared", 2),
        _with_reason(_devices_of_two(sound), "shared", 2),
        _with_reason(_of_accounts_of_many(sound, shared_identifier_limit), "shared", 2),
        _with_reason(_of_different_people(sound, persons), "conflict", 3),
    )
    first = reasons.group_by(["kind", "value"]).aggregate(rank=reasons["rank"].min())
    counted = stated.group_by(["kind", "value"]).aggregate(persons=stated.count())
    return first.join(counted, ["kind", "value"]).select(
        "kind",
        "value",
        reason=first["rank"].cases((1, "junk"), (2, "shared"), else_="conflict"),
        persons="persons",
    )


def first_initial(first_name: ir.StringColumn) -> ir.StringColumn:
    """The first letter of a given name, without case; empty where there is none."""
    return first_name.strip().lower().re_extract("^[^a-z]*([a-z])", 1).nullif("")


def accounts_of_many(stated: ir.Table, limit: int) -> ir.Table:
    """Person records that state more values of a single kind than anyone has: `person_id`, `kind`.

    Args:
        stated: normalised identifiers.
        limit: most values of one person.
    """
    kinds = [rule.kind for rule in RULES.values() if rule.is_single]
    single = stated.filter(stated["kind"].isin(kinds))
    counted = single.group_by(["person_id", "kind"]).aggregate(n=single.count())
    return counted.filter(counted["n"] > limit).select("person_id", "kind")


def _with_reason(identifiers: ir.Table, reason: str, rank: int) -> ir.Table:
    return identifiers.select("kind", "value", rank=ibis.literal(rank, "int8")).distinct()


def _of_too_many(stated: ir.Table, limit: int) -> ir.Table:
    by_source = stated.group_by(["kind", "value", "source"]).aggregate(n=stated.count())
    return by_source.filter(by_source["n"] > limit)


def _devices_of_two(stated: ir.Table) -> ir.Table:
    kinds = [rule.kind for rule in RULES.values() if rule.is_of_device]
    of_device = stated["kind"].isin(kinds)
    signed_in = stated.filter(~of_device).select("person_id").distinct()
    seen = stated.filter(of_device).semi_join(signed_in, "person_id")
    counted = seen.group_by(["kind", "value"]).aggregate(n=seen.count())
    return counted.filter(counted["n"] > 1)


def _of_accounts_of_many(stated: ir.Table, limit: int) -> ir.Table:
    # The addresses that its users left are theirs; only what names the account itself is shared.
    accounts = accounts_of_many(stated, limit)
    own = stated.semi_join(accounts, "person_id")
    return own.anti_join(accounts, ["person_id", "kind"])


def _of_different_people(stated: ir.Table, persons: ir.Table) -> ir.Table:
    described = persons.select(
        "person_id", birth_on="birth_on", initial=first_initial(persons["first_name"])
    )
    described = described.filter(described["birth_on"].notnull() | described["initial"].notnull())
    told = stated.join(described, "person_id")
    by_value = told.group_by(["kind", "value"]).aggregate(
        born_first=told["birth_on"].min(),
        born_last=told["birth_on"].max(),
        initial_first=told["initial"].min(),
        initial_last=told["initial"].max(),
    )
    births_differ = by_value["born_first"] != by_value["born_last"]
    names_differ = by_value["initial_first"] != by_value["initial_last"]
    differ = {
        "birth_and_name": births_differ & names_differ,
        "name": births_differ | names_differ,
        "never": ibis.literal(False),
    }
    return by_value.filter(
        ibis.cases(
            *((by_value["kind"] == rule.kind, differ[rule.conflict]) for rule in RULES.values()),
            else_=False,
        )
    )
