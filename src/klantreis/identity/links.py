"""Step `links`: which customer each person record belongs to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.blocked_identifiers import accounts_of_many, first_initial
from klantreis.identity.normalise import normalised_identifiers
from klantreis.identity.rules import RULES

__all__ = ["links"]


def links(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
    country: str,
    shared_identifier_limit: int,
    previous_links: ir.Table,
    previous_customer_merges: ir.Table,
) -> ir.Table:
    """Tie person records that share an identifier, and give each group its customer number.

    Groups are the connected components of the graph of persons and the identifiers that they
    share. Numbers are stable for ever: a group that holds earlier numbers keeps the oldest; a
    group that fell apart leaves the number with the part that holds its first person record (by
    `person_id`); new numbers follow the highest that was ever used.

    Args:
        persons: as in the contract.
        identifiers: as in the contract.
        blocked_identifiers: what may not tie, from the step of that name.
        engine: for the components.
        country: for telephone numbers without a country.
        shared_identifier_limit: a record with more values of a kind is an account of many.
        previous_links: the last published links, empty at first.
        previous_customer_merges: the last published merges; their numbers are never used again.

    Returns:
        As in the contract: one row for each person record.
    """
    stated = normalised_identifiers(identifiers, country=country)
    numbered = engine.keep(_numbered(persons, stated))
    own = stated.anti_join(accounts_of_many(stated, shared_identifier_limit), ["person_id", "kind"])
    ties = engine.keep(_ties(own, blocked_identifiers, persons, numbered))
    grouped = engine.keep(_grouped(numbered, ties, engine))
    owned = engine.keep(_numbers_kept(grouped, previous_links))
    fresh = _numbers_given(grouped, owned, previous_links, previous_customer_merges)
    ids = ibis.union(owned.select("component", "customer_id"), fresh)
    return grouped.join(ids, "component").select("person_id", "customer_id", "rule")


def _numbered(persons: ir.Table, stated: ir.Table) -> ir.Table:
    """All person records, with a number as node of the graph."""
    everyone = ibis.union(
        persons.select("person_id", "created_at"),
        stated.select("person_id", created_at="first_seen_at"),
    )
    once = everyone.group_by("person_id").aggregate(created_at=everyone["created_at"].min())
    return once.mutate(node=ibis.row_number().over(order_by=once["person_id"]))


def _ties(stated: ir.Table, blocked: ir.Table, persons: ir.Table, numbered: ir.Table) -> ir.Table:
    """Edges from persons to the identifiers that more than one of them states."""
    told = _among_namesakes(stated, blocked, persons)
    told = told.join(numbered.select("person_id", "node"), "person_id")
    shared = told.group_by(["kind", "value"]).aggregate(
        persons=told.count(), anchor=told["node"].min()
    )
    shared = shared.filter(shared["persons"] > 1)
    # Each tied to the first who states it: as connected as every pair, and far fewer edges.
    return told.join(shared, ["kind", "value"]).select("node", "anchor", "kind")


def _among_namesakes(stated: ir.Table, blocked: ir.Table, persons: ir.Table) -> ir.Table:
    """Identifiers that may tie; a contested one ties only persons with the same initial."""
    marked = stated.left_join(blocked.select("kind", "value", "reason"), ["kind", "value"])
    marked = marked.select("person_id", "kind", "value", "reason")
    named = persons.select("person_id", initial=first_initial(persons["first_name"]))
    contested = marked.filter(marked["reason"] == "conflict").join(named, "person_id")
    contested = contested.filter(contested["initial"].notnull())
    return ibis.union(
        marked.filter(marked["reason"].isnull()).select("person_id", "kind", "value"),
        contested.select(
            "person_id", "kind", value=contested["value"] + "#" + contested["initial"]
        ),
    )


def _grouped(numbered: ir.Table, ties: ir.Table, engine: Engine) -> ir.Table:
    """Person records with the component that they belong to and the rule that tied them."""
    components = engine.components(
        ties.filter(ties["node"] != ties["anchor"]).select(left="anchor", right="node")
    )
    strength = ibis.cases(*((ties["kind"] == r.kind, r.priority) for r in RULES.values()), else_=99)
    strongest = ties.group_by("node").aggregate(priority=strength.min())
    joined = numbered.left_join(components, "node").drop("node_right")
    joined = joined.left_join(strongest, "node").drop("node_right")
    return joined.select(
        "person_id",
        "created_at",
        component=ibis.coalesce(joined["component"], joined["node"]),
        rule=ibis.cases(
            *((joined["priority"] == r.priority, r.kind) for r in RULES.values()), else_="alone"
        ),
    )


def _numbers_kept(grouped: ir.Table, previous_links: ir.Table) -> ir.Table:
    """Components that go on under an earlier number: the oldest of those that they own."""
    first = previous_links.group_by("customer_id").aggregate(
        person_id=previous_links["person_id"].min()
    )
    owners = first.join(grouped.select("person_id", "component"), "person_id")
    return owners.group_by("component").aggregate(customer_id=owners["customer_id"].min())


def _numbers_given(
    grouped: ir.Table, owned: ir.Table, previous_links: ir.Table, previous_merges: ir.Table
) -> ir.Table:
    """New numbers, in the order in which the sources first made a record of the customer."""
    used = ibis.union(
        previous_links.select(number="customer_id"),
        previous_merges.select(number="old_customer_id"),
    )
    highest = used.aggregate(highest=used["number"].max().fill_null(0))
    new = grouped.anti_join(owned, "component")
    born = new.group_by("component").aggregate(
        created_at=new["created_at"].min(), person_id=new["person_id"].min()
    )
    # Records without a date come last; nulls sort differently on each engine.
    ranked = born.mutate(
        place=ibis.row_number().over(
            order_by=[born["created_at"].isnull(), born["created_at"], born["person_id"]]
        )
    )
    return ranked.cross_join(highest).select(
        "component", customer_id=lambda t: t["highest"] + t["place"] + 1
    )
