"""Statements that are less sure than their kind: several addresses on one record."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.contradictions import are_others, contradictions, named_people
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.normalise import MOBILE_NUMBER
from klantreis.identity.statements import Ties

__all__ = ["personal", "without_doubtful_addresses", "without_second_addresses"]


def personal(values: ir.Table) -> ir.Table:
    """`value_number` and `is_personal`: whether it is a mobile number, which few people share."""
    is_mobile = (values["kind"] == "phone") & values["value"].re_search(MOBILE_NUMBER)
    return values.select("value_number", is_personal=is_mobile)


def without_second_addresses(stated: ir.Table) -> ir.Table:
    """Leave out the e-mail addresses of records that state several: each may be someone else's."""
    emails = stated.filter(stated["kind"] == "email")
    counts = emails.group_by("person_number").aggregate(addresses=emails.count())
    several = counts.filter(counts["addresses"] > 1)
    others = stated.filter(stated["kind"] != "email")
    return others.union(emails.anti_join(several, "person_number"))


def without_doubtful_addresses(fit: ir.Table, tied: Ties, *, engine: Engine) -> ir.Table:
    """Leave out addresses of records under which people who contradict each other come together.

    A loyalty card on which two partners each had their receipts mailed states both addresses: it
    belongs to neither of them by address, only by the card itself.
    """
    sure = engine.keep(without_second_addresses(fit))
    doubtful = engine.keep(fit.anti_join(sure, ["person_number", "value_number"]))
    groups = alone(fit)
    groups = merged(groups, crossing(sure, groups, engine=engine), engine=engine)
    holders = sure.semi_join(doubtful, "value_number").join(groups, "person_number")
    holders = holders.select("value_number", "group").distinct()
    reached = doubtful.join(holders, "value_number").select("person_number", "group")
    own = groups.semi_join(doubtful, "person_number")
    bundles = reached.union(own, distinct=True).mutate(is_personal=False)
    contradictory = contradictions(
        bundles,
        named_people(tied.records, groups).semi_join(bundles, "group"),
        by="person_number",
        contradict=are_others,
        engine=engine,
    )
    return sure.union(doubtful.anti_join(contradictory, "person_number"))
