"""What of the records is looked at anew when a few of many have changed.

Records that state one identifier are a circle, also through others, whether or not it ties them in
the end. What a step finds out about a circle does not depend on any other, so only the circles are
looked at in which something changed. A value that is junk or shared ties nobody and makes no circle,
and neither does what a record states that is nobody: else a till's account would reach everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.statements import NAMES_OF, UNFIT, of_nobody

__all__ = ["Excerpt", "excerpt", "otherwise_blocked", "unfit_values"]


@dataclass(frozen=True)
class Excerpt:
    """The circles in which something changed.

    Attributes:
        records: `person_id` of everyone in them, also of those that are there no more.
        values: `kind` and `value` of what they state, or stated, that can make a circle.
        persons: as in the contract; those of `records`, and who is nobody and states one of the
            values.
        stated: as in the contract of `stated_identifiers`: everything that `records` state, and
            of others what concerns the values.
    """

    records: ir.Table
    values: ir.Table
    persons: ir.Table
    stated: ir.Table


def excerpt(
    touched: ir.Table,
    values: ir.Table,
    *,
    stated: ir.Table,
    previous_stated: ir.Table,
    persons: ir.Table,
    groups: ir.Table,
    unfit: ir.Table,
    engine: Engine,
) -> Excerpt:
    """Cut out the circles of some records and some values.

    Args:
        touched: `person_id` of records that changed, came or went.
        values: `kind` and `value` of which something else changed.
        stated, previous_stated: what records state, and what they stated before.
        groups: `identifier_groups` as they were.
        unfit: `kind` and `value` of what is junk or shared, and was before.
    """
    touched = engine.keep(touched.select("person_id").distinct())
    was_nobody = groups.filter(groups["is_nobody"]).select("person_id")
    said_before = previous_stated.semi_join(touched, "person_id").anti_join(was_nobody, "person_id")
    first = ibis.union(
        _telling(stated.semi_join(touched, "person_id"), persons, unfit, engine),
        _fit(said_before, unfit),
        _fit(values, unfit),
        distinct=True,
    )
    first = engine.keep(first)
    near = stated.semi_join(first, NAMES_OF).anti_join(was_nobody, "person_id").select("person_id")
    known = engine.keep(touched.union(near, distinct=True))
    circles = groups.semi_join(known, "person_id").select("circle").distinct()
    members = groups.semi_join(engine.keep(circles), "circle").select("person_id")
    records = engine.keep(known.union(members, distinct=True))
    theirs = engine.keep(stated.semi_join(records, "person_id"))
    every = engine.keep(_telling(theirs, persons, unfit, engine).union(first, distinct=True))
    sharing = engine.keep(stated.semi_join(every, NAMES_OF))
    others = engine.keep(sharing.anti_join(records, "person_id"))
    said = ibis.union(
        theirs.anti_join(_fit(theirs, unfit), NAMES_OF),
        _unfit_of(others, stated, unfit),
        sharing,
    )
    people = records.union(others.select("person_id"), distinct=True)
    return Excerpt(
        records=records,
        values=every,
        persons=engine.keep(persons.semi_join(engine.keep(people), "person_id")),
        stated=engine.keep(said),
    )


def otherwise_blocked(changed: ir.Table, now: ir.Table, before: ir.Table) -> ir.Table:
    """The changed values that are blocked for another reason than before, or not any more."""
    same = now.select(*NAMES_OF, "reason").intersect(before.select(*NAMES_OF, "reason"))
    return changed.select(NAMES_OF).anti_join(same, NAMES_OF)


def unfit_values(blocked_identifiers: ir.Table) -> ir.Table:
    """What is junk or shared: `kind` and `value`."""
    is_unfit = blocked_identifiers["reason"].isin(UNFIT)
    return blocked_identifiers.filter(is_unfit).select(NAMES_OF)


def _telling(stated: ir.Table, persons: ir.Table, unfit: ir.Table, engine: Engine) -> ir.Table:
    """The values by which these records, as far as they are someone, are in a circle."""
    stated = engine.keep(stated)
    own = persons.semi_join(stated, "person_id")
    someone = stated.anti_join(of_nobody(stated, own, unfit), "person_id")
    return _fit(someone, unfit)


def _fit(stated: ir.Table, unfit: ir.Table) -> ir.Table:
    if "is_junk" in stated.columns:
        stated = stated.filter(~stated["is_junk"])
    return stated.select(NAMES_OF).distinct().anti_join(unfit, NAMES_OF)


def _unfit_of(others: ir.Table, stated: ir.Table, unfit: ir.Table) -> ir.Table:
    """By what those who are nobody are nobody."""
    said = stated.semi_join(others, "person_id")
    return said.filter(said["is_junk"]).union(
        said.filter(~said["is_junk"]).semi_join(unfit, NAMES_OF)
    )
