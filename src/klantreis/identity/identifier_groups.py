"""The records that identifiers tie together, before names and addresses are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine, is_any
from klantreis.identity.contradictions import namesakes
from klantreis.identity.doubt import personal, without_doubtful_addresses
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.parting import parted
from klantreis.identity.renewing import (
    OF_A_PERSON,
    excerpt,
    lost_statements,
    otherwise_blocked,
    unfit_values,
)
from klantreis.identity.rules import ranks, rules_with
from klantreis.identity.statements import (
    NAMES_OF,
    Ties,
    may_tie,
    numbered,
    of_nobody,
    ties,
)
from klantreis.settings import IdentifierSettings
from klantreis.tables import Renewal

__all__ = ["identifier_groups"]


def identifier_groups(
    persons: ir.Table,
    stated_identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
    identifier_rules: Mapping[str, IdentifierSettings],
    own_decisions: Mapping[str, Sequence[tuple[str, str]]],
    previous_identifier_groups: ir.Table,
    kept_identifier_groups: ir.Table,
    kept_stated_identifiers: ir.Table,
    kept_blocked_identifiers: ir.Table,
    changed_persons: ir.Table,
    came_stated_identifiers: ir.Table,
    gone_stated_identifiers: ir.Table,
    changed_blocked_identifiers: ir.Table,
) -> ir.Table | Renewal:
    """Group the records that state the same identifier, save those that are blocked.

    One in conflict ties namesakes only. Two records that people said are different are never in
    one group, also not through others. A record without a name under an account that is junk or
    shared is nobody: a till's account for sales without a card has many buyers and is none of them.

    Only the circles of records in which something changed are grouped anew (see `renewing`), and
    those that people decided on.

    Args:
        identifier_rules: what is not as usual, by kind.
        own_decisions: pairs of records that people said are `same` (obeyed by `matches`), and that
            are `different`.
        previous_identifier_groups: the numbers that records have already.
        kept_identifier_groups, kept_stated_identifiers, kept_blocked_identifiers: what was found
            and what it rested on.
        changed_persons, came_stated_identifiers, gone_stated_identifiers,
            changed_blocked_identifiers: what has changed since.

    Returns:
        As in the contract of `identifier_groups`.
    """

    def grouped(persons: ir.Table, stated: ir.Table, known: ir.Table) -> ir.Table:
        return _grouped(
            numbered(
                persons.select(OF_A_PERSON), known, after=previous_identifier_groups, engine=engine
            ),
            persons,
            stated,
            blocked_identifiers,
            order=ranks(rules_with(identifier_rules)),
            own_decisions=own_decisions,
            engine=engine,
        )

    if not is_any(kept_identifier_groups, engine):
        return grouped(persons, stated_identifiers, previous_identifier_groups)
    kept = kept_identifier_groups
    touched = ibis.union(
        changed_persons.select("person_id"),
        kept.filter(kept["is_parted"]).select("person_id"),
        _decided_on(own_decisions, engine),
    )
    unfit, was_unfit = unfit_values(blocked_identifiers), unfit_values(kept_blocked_identifiers)
    part = excerpt(
        touched,
        otherwise_blocked(
            changed_blocked_identifiers, blocked_identifiers, kept_blocked_identifiers
        ),
        came=came_stated_identifiers,
        lost=lost_statements(kept_stated_identifiers, gone_stated_identifiers, engine=engine),
        stated=stated_identifiers,
        persons=persons,
        groups=kept,
        unfit=engine.keep(unfit.semi_join(was_unfit, NAMES_OF)),
        engine=engine,
    )
    read = part.records.union(part.persons.select("person_id"), distinct=True)
    known = engine.keep(kept.semi_join(engine.keep(read), "person_id"))
    fresh = grouped(part.persons, part.stated, known).semi_join(part.records, "person_id")
    held = engine.keep(known.semi_join(part.records, "person_id"))
    return Renewal(fresh, held.select("person_id"), held=held)


def _decided_on(own_decisions: Mapping[str, Sequence[tuple[str, str]]], engine: Engine) -> ir.Table:
    """The records of which people said that they are someone else than another."""
    told = sorted({person_id for pair in own_decisions["different"] for person_id in pair})
    return engine.table(pa.table({"person_id": pa.array(told, pa.string())}))


def _grouped(
    aged: ir.Table,
    persons: ir.Table,
    stated: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    order: Mapping[str, int],
    own_decisions: Mapping[str, Sequence[tuple[str, str]]],
    engine: Engine,
) -> ir.Table:
    """The groups of these records, of which `aged` has the numbers too."""
    tied = ties(stated, aged, engine=engine)
    unfit = unfit_values(blocked_identifiers)
    nobody = engine.keep(of_nobody(stated, persons, unfit).mutate(is_nobody=True))
    if not is_any(tied.values, engine):
        return _each_alone(aged, nobody)
    fit = engine.keep(may_tie(tied, stated, persons, blocked_identifiers))
    used = engine.keep(without_doubtful_addresses(fit, tied, engine=engine))
    same = engine.keep(_namesakes(tied, blocked_identifiers, engine))
    groups = alone(tied.records)
    groups = merged(groups, crossing(used, groups, engine=engine), same, engine=engine)
    groups = engine.keep(_of_everyone(aged, groups))
    parts = parted(
        groups, used, same, aged, engine=engine, order=order, own_decisions=own_decisions
    )
    parts = _with_parted(parts, groups)
    told = aged.select("person_id", "person_number").join(parts, "person_number")
    told = told.left_join(_rules(used, same, order), "person_number").drop("person_number_right")
    told = told.left_join(nobody, "person_id").drop("person_id_right")
    circles = _circles(tied, unfit, nobody, engine)
    told = told.left_join(circles, "person_number").drop("person_number_right")
    return told.mutate(
        is_nobody=told["is_nobody"].fill_null(False),
        circle=told["circle"].fill_null(told["person_number"]),
    )


def _each_alone(aged: ir.Table, nobody: ir.Table) -> ir.Table:
    """The groups of records of which no two state the same."""
    told = aged.select("person_id", "person_number").left_join(nobody, "person_id")
    return told.select(
        "person_id",
        "person_number",
        group="person_number",
        circle="person_number",
        rule=ibis.null("string"),
        is_parted=ibis.literal(False),
        is_nobody=told["is_nobody"].fill_null(False),
    )


def _with_parted(parts: ir.Table, groups: ir.Table) -> ir.Table:
    """The parts, with `is_parted` for all records of a group that was taken apart."""
    both = parts.join(groups.select("person_number", whole="group"), "person_number")
    apart = both.filter(both["group"] != both["whole"]).select("whole").distinct()
    marked = both.left_join(apart.mutate(is_parted=True), "whole")
    return marked.select("person_number", "group", is_parted=marked["is_parted"].fill_null(False))


def _circles(tied: Ties, unfit: ir.Table, nobody: ir.Table, engine: Engine) -> ir.Table:
    """Who states the same, also through others, whether or not it ties: `person_number`, `circle`."""
    values = tied.values.anti_join(unfit, NAMES_OF).select("value_number")
    someone = tied.records.anti_join(nobody, "person_id").select("person_number")
    stated = tied.stated.semi_join(engine.keep(values), "value_number")
    stated = engine.keep(stated.semi_join(someone, "person_number"))
    groups = alone(stated)
    return merged(groups, crossing(stated, groups, engine=engine), engine=engine).rename(
        circle="group"
    )


def _namesakes(tied: Ties, blocked_identifiers: ir.Table, engine: Engine) -> ir.Table:
    """Pairs of records that bear the same name and state the same value in conflict."""
    conflicts = blocked_identifiers.filter(blocked_identifiers["reason"] == "conflict")
    values = personal(tied.values.semi_join(conflicts, NAMES_OF))
    contesting = tied.stated.join(values, "value_number")
    contesting = contesting.select("person_number", "value_number", "is_personal", "kind")
    return namesakes(contesting, tied.records, engine=engine)


def _of_everyone(aged: ir.Table, groups: ir.Table) -> ir.Table:
    """The group of every record; those that share nothing are alone."""
    every = aged.select("person_number").left_join(groups, "person_number")
    group = ibis.coalesce(every["group"], every["person_number"]).cast("int64")
    return every.select("person_number", group=group)


def _rules(used: ir.Table, same: ir.Table, order: Mapping[str, int]) -> ir.Table:
    """The surest kind by which each record is tied to another: `person_number` and `rule`."""
    counted = used.group_by("value_number").aggregate(records=used.count())
    tying = used.semi_join(counted.filter(counted["records"] > 1), "value_number")
    tying = tying.select("person_number", "kind").union(
        *(
            same.select("kind", person_number=side).select("person_number", "kind")
            for side in ("left", "right")
        )
    )
    rank = ibis.cases(*((tying["kind"] == kind, place) for kind, place in order.items()))
    ranked = tying.group_by("person_number").aggregate(rank=rank.min())
    names = ((ranked["rank"] == place, kind) for kind, place in order.items())
    return ranked.select("person_number", rule=ibis.cases(*names))
