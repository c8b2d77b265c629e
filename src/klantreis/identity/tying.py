"""The groups of records that identifiers tie together, before names and addresses are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.contradictions import namesakes
from klantreis.identity.doubt import personal, without_doubtful_addresses
from klantreis.identity.grouping import alone, crossing, merged
from klantreis.identity.parting import parted
from klantreis.identity.statements import NAMES_OF, Ties, by_age, may_tie, statements, ties

__all__ = ["Tied", "tied_by_identifiers"]

NOTHING_DECIDED: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType(
    {"same": (), "different": ()}
)
DESCRIBING = (
    "first_name",
    "last_name",
    "birth_on",
    "street",
    "house_number",
    "postcode",
    "city",
)


@dataclass(frozen=True)
class Tied:
    """What identifiers say of who is who.

    Attributes:
        stated: identifiers as `statements` returns them.
        records: all person records with `person_number`, the oldest first, and what describes
            someone.
        groups: `person_number` and `group`, of every record.
        used: `person_number`, `value_number` and `kind` of the statements that tie.
        same: pairs of namesakes that a value in conflict ties: `left`, `right`, `kind`.
    """

    stated: ir.Table
    records: ir.Table
    groups: ir.Table
    used: ir.Table
    same: ir.Table


def tied_by_identifiers(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
    country: str,
    own_decisions: Mapping[str, Sequence[tuple[str, str]]] = NOTHING_DECIDED,
) -> Tied:
    """Group the records that state the same identifier, save those that are blocked.

    Two records that people said are different are never in one group, also not through others.
    """
    stated = statements(identifiers, persons, engine=engine, country=country)
    aged = engine.keep(by_age(persons.select("person_id", "created_at", *DESCRIBING)))
    tied = ties(stated, aged, engine=engine)
    fit = engine.keep(may_tie(tied, stated, persons, blocked_identifiers))
    used = engine.keep(without_doubtful_addresses(fit, tied, engine=engine))
    same = _namesakes(tied, blocked_identifiers, engine)
    groups = alone(tied.records)
    groups = merged(groups, crossing(used, groups, engine=engine), same, engine=engine)
    every = aged.select("person_number").left_join(groups, "person_number")
    every = every.select(
        "person_number", group=every["group"].coalesce(every["person_number"]).cast("int64")
    )
    kept = engine.keep(every)
    parts = parted(kept, used, same, aged, engine=engine, own_decisions=own_decisions)
    return Tied(stated, aged, parts, used, same)


def _namesakes(tied: Ties, blocked_identifiers: ir.Table, engine: Engine) -> ir.Table:
    """Pairs of records that bear the same name and state the same value in conflict."""
    conflicts = blocked_identifiers.filter(blocked_identifiers["reason"] == "conflict")
    values = personal(tied.values.semi_join(conflicts, NAMES_OF))
    contesting = tied.stated.join(values, "value_number")
    contesting = contesting.select("person_number", "value_number", "is_personal", "kind")
    return namesakes(contesting, tied.records, engine=engine)
