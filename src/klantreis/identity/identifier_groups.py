"""The records that identifiers tie together, before names and addresses are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.contradictions import namesakes
from klantreis.identity.doubt import personal, without_doubtful_addresses
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.parting import parted
from klantreis.identity.rules import ranks, rules_with
from klantreis.identity.statements import (
    NAMES_OF,
    UNFIT,
    Ties,
    may_tie,
    numbered,
    of_nobody,
    statements,
    ties,
)
from klantreis.settings import IdentifierSettings

__all__ = ["identifier_groups"]

OF_AGE = ("person_id", "created_at", "first_name", "last_name", "birth_on")


def identifier_groups(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
    country: str,
    identifier_rules: Mapping[str, IdentifierSettings],
    own_decisions: Mapping[str, Sequence[tuple[str, str]]],
    previous_identifier_groups: ir.Table,
) -> ir.Table:
    """Group the records that state the same identifier, save those that are blocked.

    One in conflict ties namesakes only. Two records that people said are different are never in
    one group, also not through others. A record without a name under an account that is junk or
    shared is nobody: a till's account for sales without a card has many buyers and is none of them.

    Args:
        country: ISO code; national telephone numbers of records without a country are meant so.
        identifier_rules: what is not as usual, by kind.
        own_decisions: pairs of records that people said are `same` (obeyed by `matches`), and that
            are `different`.
        previous_identifier_groups: the numbers that records have already.

    Returns:
        As in the contract of `identifier_groups`.
    """
    stated = statements(identifiers, persons, engine=engine, country=country)
    aged = numbered(persons.select(*OF_AGE), previous_identifier_groups, engine=engine)
    tied = ties(stated, aged, engine=engine)
    fit = engine.keep(may_tie(tied, stated, persons, blocked_identifiers))
    used = engine.keep(without_doubtful_addresses(fit, tied, engine=engine))
    same = engine.keep(_namesakes(tied, blocked_identifiers, engine))
    groups = alone(tied.records)
    groups = merged(groups, crossing(used, groups, engine=engine), same, engine=engine)
    groups = engine.keep(_of_everyone(aged, groups))
    order = ranks(rules_with(identifier_rules))
    parts = parted(
        groups, used, same, aged, engine=engine, order=order, own_decisions=own_decisions
    )
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"].isin(UNFIT))
    nobody = of_nobody(stated, persons, unfit).mutate(is_nobody=True)
    told = aged.select("person_id", "person_number").join(parts, "person_number")
    told = told.left_join(_rules(used, same, order), "person_number").drop("person_number_right")
    told = told.left_join(nobody, "person_id").drop("person_id_right")
    return told.mutate(is_nobody=told["is_nobody"].fill_null(False))


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
