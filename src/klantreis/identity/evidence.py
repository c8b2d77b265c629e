"""What ties a few records together, told value by value: for whoever asks why."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.contradictions import namesakes
from klantreis.identity.doubt import personal, without_doubtful_addresses
from klantreis.identity.statements import NAMES_OF, UNFIT, by_age, may_tie, of_nobody, ties

__all__ = ["Evidence", "evidence"]


@dataclass(frozen=True)
class Evidence:
    """By what records are tied, as `links` goes by it.

    Attributes:
        used: `person_id`, `kind`, `value`: what ties whoever states it.
        namesakes: `left_person_id`, `right_person_id`, `kind`, `value`: records that state a value
            in conflict and bear the same name.
        nobody: `person_id` of records that are not someone.
    """

    used: ir.Table
    namesakes: ir.Table
    nobody: ir.Table


def evidence(
    persons: ir.Table,
    stated: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
) -> Evidence:
    """Judge the identifiers of a few records as the step does that of all.

    Args:
        persons: the records in question.
        stated: what they state, as `statements` returns it.
        blocked_identifiers: at least those that these records state.
    """
    known = persons.select("person_id", "created_at", "first_name", "last_name", "birth_on")
    tied = ties(stated, engine.keep(by_age(known)), engine=engine)
    fit = engine.keep(may_tie(tied, stated, persons, blocked_identifiers))
    used = without_doubtful_addresses(fit, tied, engine=engine)
    numbers = tied.records.select("person_number", "person_id")
    named = used.join(tied.values.drop("kind"), "value_number").join(numbers, "person_number")
    conflicts = blocked_identifiers.filter(blocked_identifiers["reason"] == "conflict")
    contesting = tied.stated.join(
        tied.values.semi_join(conflicts, NAMES_OF).drop("kind"), "value_number"
    )
    judged = contesting.join(personal(tied.values), "value_number")
    same = namesakes(
        judged.select("person_number", "value_number", "is_personal", "kind"),
        tied.records,
        engine=engine,
    )
    pairs = _named_pairs(same, contesting, numbers)
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"].isin(UNFIT))
    return Evidence(
        used=named.select("person_id", *NAMES_OF).distinct(),
        namesakes=pairs,
        nobody=of_nobody(stated, persons, unfit),
    )


def _named_pairs(same: ir.Table, contesting: ir.Table, numbers: ir.Table) -> ir.Table:
    """Pairs of records with a value that both state; of several the first."""
    one = contesting.select("kind", "value", left="person_number")
    two = contesting.select("kind", "value", right="person_number")
    both = same.join(one, ["left", "kind"]).join(two, ["right", "kind", "value"])
    left = numbers.select(left="person_number", left_person_id="person_id")
    right = numbers.select(right="person_number", right_person_id="person_id")
    placed = both.join(left, "left").join(right, "right")
    return placed.group_by("left_person_id", "right_person_id", "kind").aggregate(
        value=placed["value"].min()
    )
