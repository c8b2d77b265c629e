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

__all__ = [
    "OF_A_PERSON",
    "Excerpt",
    "excerpt",
    "lost_statements",
    "otherwise_blocked",
    "unfit_values",
]

# What of a person record can tie it or keep it apart, beside what it states.
OF_A_PERSON = ("person_id", "created_at", "first_name", "last_name", "birth_on")
# What of a statement does, in the form in which it is compared.
TELLING = ("person_id", "source", "kind", "value", "is_junk")


@dataclass(frozen=True)
class Excerpt:
    """The circles in which something changed.

    Attributes:
        records: `person_id` of everyone in them, also of those that are there no more.
        values: `kind` and `value` of what they state, or stated, that can make a circle.
        persons: the columns `OF_A_PERSON`; those of `records`, and who is nobody and states one of
            the values.
        stated: the columns `TELLING`: everything that `records` state, and of others what
            concerns the values.
    """

    records: ir.Table
    values: ir.Table
    persons: ir.Table
    stated: ir.Table


def excerpt(
    touched: ir.Table,
    values: ir.Table,
    *,
    came: ir.Table,
    lost: ir.Table,
    stated: ir.Table,
    persons: ir.Table,
    groups: ir.Table,
    unfit: ir.Table,
    engine: Engine,
) -> Excerpt:
    """Cut out the circles of some records and some values.

    What records stated before and state now holds them in the circle that is known of them; only
    what is new can tie them to others. So what everybody states is gone through twice: for who states
    what is new, and for all that those in their circles state.

    Args:
        touched: `person_id` of records that changed, came or went.
        values: `kind` and `value` of which something else changed.
        came: the rows of `stated` that are new or say something else.
        lost: what is stated no longer, as `lost_statements` tells.
        stated: what records state.
        groups: `identifier_groups` as they were.
        unfit: `kind` and `value` of what is junk or shared, and was before.
    """
    ids = ("person_id",)
    changed = engine.keep(touched.select(ids).union(lost.select(ids), distinct=True))
    looked_at = engine.keep(changed.union(came.select(ids), distinct=True))
    nobodies = engine.keep(groups.filter(groups["is_nobody"]).select(ids))
    was_nobody = engine.keep(nobodies.semi_join(looked_at, ids))
    # More statements alone make nobody someone.
    perhaps = engine.keep(was_nobody.semi_join(changed, ids))
    nobody = was_nobody.anti_join(perhaps, ids)
    new = ibis.union(
        _telling(stated.semi_join(perhaps, ids).select(TELLING), persons, unfit, engine),
        _fit(came.anti_join(nobody, ids), unfit),
        _fit(lost.semi_join(perhaps, ids), unfit),
        _fit(values, unfit),
        distinct=True,
    )
    new = engine.keep(new)
    reached = stated.semi_join(new, NAMES_OF).select(ids).union(looked_at, distinct=True)
    reached = engine.keep(reached)
    others = engine.keep(nobodies.anti_join(looked_at, ids))
    placed = groups.semi_join(reached, ids).anti_join(others, ids)
    circles = engine.keep(placed.select("circle").distinct())
    members = groups.semi_join(circles, "circle").select(ids)
    records = engine.keep(reached.anti_join(others, ids).union(members, distinct=True))
    # Who states a value of a circle and is not in it was nobody: they are few, and read along.
    read = engine.keep(records.union(others))
    told = engine.keep(persons.select(OF_A_PERSON).semi_join(read, ids))
    stating = engine.keep(stated.select(TELLING).semi_join(read, ids))
    theirs = engine.keep(stating.semi_join(records, ids))
    own = told.semi_join(records, ids)
    every = _telling(theirs, own, unfit, engine).union(new, distinct=True)
    every = engine.keep(every)
    sharing = engine.keep(stating.anti_join(records, ids).semi_join(every, NAMES_OF))
    said = ibis.union(
        theirs.anti_join(_fit(theirs, unfit), NAMES_OF),
        theirs.semi_join(every, NAMES_OF),
        sharing,
        _unfit_of(sharing, stating, unfit),
    )
    return Excerpt(
        records=records,
        values=every,
        persons=engine.keep(own.union(told.semi_join(sharing, ids))),
        stated=engine.keep(said),
    )


def lost_statements(previous_stated: ir.Table, gone: ir.Table, *, engine: Engine) -> ir.Table:
    """What is stated no longer: `person_id`, `kind` and `value`.

    Args:
        previous_stated: what records stated before.
        gone: the keys of the rows of those that do not hold any more.
    """
    key = ["person_id", "stated_kind", "stated_value"]
    return engine.keep(previous_stated.semi_join(gone, key).select("person_id", *NAMES_OF))


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
