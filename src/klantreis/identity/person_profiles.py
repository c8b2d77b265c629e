"""What records say of who someone is, for learning and for comparing alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.profiles import profiles
from klantreis.identity.tying import tied_by_identifiers

__all__ = ["person_profiles"]


def person_profiles(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    *,
    engine: Engine,
    country: str,
    own_decisions: Mapping[str, Sequence[tuple[str, str]]],
) -> ir.Table:
    """Bring what records say into a form that can be compared.

    Args:
        country: ISO code; national telephone numbers of records without a country are meant so.
        own_decisions: pairs of records that people said are `same`, and that are `different`.

    Returns:
        As in the contract of `person_profiles`.
    """
    tied = tied_by_identifiers(
        persons,
        identifiers,
        blocked_identifiers,
        engine=engine,
        country=country,
        own_decisions=own_decisions,
    )
    told = profiles(tied, blocked_identifiers, engine=engine)
    ids = tied.records.select("person_id", record="person_number")
    return told.join(ids, "record")
