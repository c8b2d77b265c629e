"""What records say of who someone is, for learning and for comparing alike."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.profiles import CONTACTS, profiles
from klantreis.identity.statements import statements

__all__ = ["person_profiles"]

DESCRIBING = (
    "first_name",
    "last_name",
    "birth_on",
    "street",
    "house_number",
    "postcode",
    "city",
    "country",
)


def person_profiles(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    identifier_groups: ir.Table,
    *,
    engine: Engine,
    country: str,
) -> ir.Table:
    """Bring what records say into a form that can be compared.

    Args:
        identifier_groups: the records that identifiers tie already.
        country: ISO code; national telephone numbers and towns of records without a country are
            meant so.

    Returns:
        As in the contract of `person_profiles`.
    """
    contacts = identifiers.filter(identifiers["kind"].isin(CONTACTS))
    stated = statements(contacts, persons, engine=engine, country=country)
    placed = identifier_groups.select("person_id", "person_number", "group")
    records = engine.keep(persons.select("person_id", *DESCRIBING).join(placed, "person_id"))
    told = profiles(records, stated, blocked_identifiers, engine=engine, country=country)
    return told.join(placed.select("person_id", record="person_number"), "record")
