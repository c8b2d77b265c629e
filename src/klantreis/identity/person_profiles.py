"""What records say of who someone is, for learning and for comparing alike."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.normalise import trimmed
from klantreis.identity.profiles import CONTACTS, profiles, usual_domains
from klantreis.identity.statements import statements
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
LAST_DIGITS = 6  # the same however a telephone number is written


def person_profiles(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    identifier_groups: ir.Table,
    *,
    engine: Engine,
    country: str,
    kept_person_profiles: ir.Table,
    changed_persons: ir.Table,
    changed_identifiers: ir.Table,
    changed_blocked_identifiers: ir.Table,
    changed_identifier_groups: ir.Table,
) -> ir.Table | Renewal:
    """Bring what records say into a form that can be compared.

    Only the groups are made anew of which a record, what it states, or whether that is blocked has
    changed. Whether a domain is a usual one is judged by all addresses of now, for the records that
    are made anew; where addresses are stated as hashes all is made anew.

    Args:
        identifier_groups: the records that identifiers tie already.
        country: ISO code; national telephone numbers and towns of records without a country are
            meant so.
        kept_person_profiles: what was told before.
        changed_persons, changed_identifiers, changed_blocked_identifiers,
            changed_identifier_groups: what has changed since.

    Returns:
        As in the contract of `person_profiles`.
    """
    placed = identifier_groups.select("person_id", "person_number", "group")
    kept = kept_person_profiles.select("person_id", "record", "group")
    if not _is_any(kept, engine) or _is_any(_hashed(identifiers), engine):
        return _told(persons, identifiers, blocked_identifiers, placed, engine, country)
    touched = engine.keep(
        ibis.union(
            changed_persons.select("person_id"),
            changed_identifiers.select("person_id"),
            changed_identifier_groups.select("person_id"),
            _stating(identifiers, changed_blocked_identifiers),
            distinct=True,
        )
    )
    now, before = (t.semi_join(touched, "person_id").select("group") for t in (placed, kept))
    groups = engine.keep(now.union(before, distinct=True))
    own = kept["person_id"].isin(touched["person_id"])
    gone = kept.filter(own | kept["group"].isin(groups["group"]))
    again = engine.keep(placed.semi_join(groups, "group"))
    told = _told(persons, identifiers, blocked_identifiers, again, engine, country)
    return Renewal(told, gone.select("record"))


def _told(
    persons: ir.Table,
    identifiers: ir.Table,
    blocked_identifiers: ir.Table,
    placed: ir.Table,
    engine: Engine,
    country: str,
) -> ir.Table:
    """The profiles of the records that are placed in groups."""
    described = persons.select("person_id", *DESCRIBING).join(placed, "person_id")
    records = engine.keep(described)
    contacts = identifiers.filter(identifiers["kind"].isin(CONTACTS))
    own = engine.keep(contacts.semi_join(records, "person_id"))
    stated = statements(own, records, engine=engine, country=country)
    homes = persons.mutate(home=persons["country"].fill_null(country))
    told = profiles(
        records,
        stated,
        blocked_identifiers,
        engine.keep(usual_domains(identifiers)),
        engine=engine,
        country=country,
        homes=known_homes(homes, engine=engine),
    )
    return told.join(placed.select("person_id", record="person_number"), "record")


def _is_any(rows: ir.Table, engine: Engine) -> bool:
    return bool(engine.fetch(rows.limit(1)).num_rows)


def _hashed(identifiers: ir.Table) -> ir.Table:
    return identifiers.filter(identifiers["kind"] == "email_sha256")


def _stating(identifiers: ir.Table, blocked: ir.Table) -> ir.Table:
    """The records that may state one of these addresses or telephone numbers: `person_id`."""
    contacts = identifiers.filter(identifiers["kind"].isin(("email", "phone")))
    written = contacts.select("person_id", "kind", form=_form(contacts))
    told = blocked.select("kind", form=_form(blocked))
    return written.semi_join(told, ["kind", "form"]).select("person_id")


def _form(stated: ir.Table) -> ir.StringValue:
    """Something that two ways of writing one address or number have in common."""
    digits = stated["value"].re_replace("[^0-9]", "").right(LAST_DIGITS)
    return ibis.ifelse(stated["kind"] == "phone", digits, trimmed(stated["value"]).lower())
