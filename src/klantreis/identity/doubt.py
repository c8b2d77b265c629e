"""Statements that are less sure than their kind: several addresses on a nameless record."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.identity.contradictions import are_others, contradictions, named_people
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.normalise import MOBILE_NUMBER
from klantreis.identity.rules import Reach, kinds
from klantreis.identity.statements import Ties

__all__ = ["personal", "without_doubtful_addresses", "without_second_addresses"]


def personal(values: ir.Table) -> ir.Table:
    """`value_number` and `is_personal`: whether it is a mobile number, which few people share."""
    is_mobile = (values["kind"] == "phone") & values["value"].re_search(MOBILE_NUMBER)
    return values.select("value_number", is_personal=is_mobile)


def without_second_addresses(stated: ir.Table, records: ir.Table) -> ir.Table:
    """Leave out addresses and orders of nameless records that state several.

    Each may be someone else's. A record with a name is judged by that.
    """
    addresses = stated.filter(stated["kind"].isin(kinds(Reach.ADDRESS)))
    counts = addresses.group_by("person_number", "kind").aggregate(values=addresses.count())
    nameless = records.filter(records["first"].isnull() & records["last"].isnull())
    several = counts.filter(counts["values"] > 1).semi_join(nameless, "person_number")
    return stated.anti_join(several, ["person_number", "kind"])


def without_doubtful_addresses(fit: ir.Table, tied: Ties, *, engine: Engine) -> ir.Table:
    """Leave out addresses of records under which people who contradict each other come together.

    A loyalty card on which two partners each had their receipts mailed states both addresses, a
    visitor without a name may state orders of both: it belongs to neither of them by those, only
    by what else it states.
    """
    sure = engine.keep(without_second_addresses(fit, tied.records))
    doubtful = engine.keep(fit.anti_join(sure, ["person_number", "value_number"]))
    if not is_any(doubtful, engine):
        return sure
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
