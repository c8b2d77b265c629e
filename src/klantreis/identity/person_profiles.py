"""What records say of who someone is, for learning and for comparing alike."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.identity.profiles import CONTACTS, profiles, usual_domains
from klantreis.identity.renewing import otherwise_blocked
from klantreis.identity.statements import NAMES_OF
from klantreis.identity.town_spellings import known_homes
from klantreis.tables import Renewal

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
    stated_identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    identifier_groups: ir.Table,
    *,
    engine: Engine,
    country: str,
    kept_person_profiles: ir.Table,
    kept_blocked_identifiers: ir.Table,
    changed_persons: ir.Table,
    changed_stated_identifiers: ir.Table,
    changed_blocked_identifiers: ir.Table,
    changed_identifier_groups: ir.Table,
) -> ir.Table | Renewal:
    """Bring what records say into a form that can be compared.

    Only the groups are made anew of which a record, what it states, or whether that is blocked has
    changed. Whether a domain is a usual one is judged by all addresses of now, for the records that
    are made anew.

    Args:
        identifier_groups: the records that identifiers tie already.
        country: ISO code; towns of records without a country are looked for there.
        kept_person_profiles, kept_blocked_identifiers: what was told, and what was blocked before.
        changed_persons, changed_stated_identifiers, changed_blocked_identifiers,
            changed_identifier_groups: what has changed since.

    Returns:
        As in the contract of `person_profiles`.
    """
    placed = identifier_groups.select("person_id", "person_number", "group")
    contacts = stated_identifiers.filter(stated_identifiers["kind"].isin(CONTACTS))
    contacts = contacts.select("person_id", *NAMES_OF, "is_junk")
    kept = kept_person_profiles.select("person_id", "record", "group")
    if not is_any(kept, engine):
        return _told(persons, contacts, blocked_identifiers, placed, engine, country)
    blocked = otherwise_blocked(
        changed_blocked_identifiers, blocked_identifiers, kept_blocked_identifiers
    )
    touched = engine.keep(
        ibis.union(
            changed_persons.select("person_id"),
            changed_stated_identifiers.select("person_id"),
            changed_identifier_groups.select("person_id"),
            contacts.semi_join(blocked, NAMES_OF).select("person_id"),
            distinct=True,
        )
    )
    now, before = (t.semi_join(touched, "person_id").select("group") for t in (placed, kept))
    groups = engine.keep(now.union(before, distinct=True))
    is_own = kept_person_profiles["person_id"].isin(touched["person_id"])
    is_near = kept_person_profiles["group"].isin(groups["group"])
    held = engine.keep(kept_person_profiles.filter(is_own | is_near))
    again = engine.keep(placed.semi_join(groups, "group"))
    told = _told(persons, contacts, blocked_identifiers, again, engine, country)
    return Renewal(told, held.select("record"), held=held)


def _told(
    persons: ir.Table,
    contacts: ir.Table,
    blocked_identifiers: ir.Table,
    placed: ir.Table,
    engine: Engine,
    country: str,
) -> ir.Table:
    """The profiles of the records that are placed in groups."""
    records = engine.keep(persons.select("person_id", *DESCRIBING).join(placed, "person_id"))
    homes = persons.mutate(home=persons["country"].fill_null(country))
    told = profiles(
        records,
        engine.keep(contacts.semi_join(records, "person_id")),
        blocked_identifiers,
        engine.keep(usual_domains(contacts)),
        engine=engine,
        country=country,
        homes=known_homes(homes, engine=engine),
    )
    return told.join(placed.select("person_id", record="person_number"), "record")
