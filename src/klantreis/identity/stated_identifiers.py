"""Which record states which identifier, in the form in which identifiers are compared."""

from __future__ import annotations

import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.identity.statements import statements
from klantreis.tables import Renewal

__all__ = ["stated_identifiers"]

STATED = {"stated_kind": "kind", "stated_value": "value"}
OF_AN_IDENTIFIER = {name: stated for stated, name in STATED.items()}
KEY = ["person_id", *STATED]


def stated_identifiers(
    identifiers: ir.Table,
    persons: ir.Table,
    *,
    engine: Engine,
    country: str,
    kept_stated_identifiers: ir.Table,
    came_identifiers: ir.Table,
    gone_identifiers: ir.Table,
    changed_persons: ir.Table,
) -> ir.Table | Renewal:
    """Bring every identifier into the form in which it is compared.

    Only what is new is looked at, and the telephone numbers of persons that changed: their country
    says what a national number means. Where addresses are stated as hashes all is made anew, since
    one new address in clear tells whose hash it is everywhere.

    Args:
        country: ISO code; national telephone numbers of records without a country are meant so.
        kept_stated_identifiers: what was stated before.
        came_identifiers, gone_identifiers, changed_persons: what has changed since.

    Returns:
        As in the contract of `stated_identifiers`.
    """
    hashed = identifiers.filter(identifiers["kind"] == "email_sha256")
    if not is_any(kept_stated_identifiers, engine) or is_any(hashed, engine):
        return statements(identifiers, persons, engine=engine, country=country)
    phones = identifiers.filter(identifiers["kind"] == "phone")
    of_changed = phones.semi_join(changed_persons, "person_id")
    again = engine.keep(came_identifiers.union(of_changed, distinct=True))
    said = again.rename(STATED)
    touched = said.select(KEY).union(gone_identifiers.rename(STATED).select(KEY), distinct=True)
    held = engine.keep(kept_stated_identifiers.semi_join(engine.keep(touched), KEY))
    # What is only seen again says what it said; a telephone number may have got another country.
    known = said.semi_join(held.filter(held["stated_kind"] != "phone"), ["source", *KEY])
    known = engine.keep(known.select(KEY))
    new = engine.keep(
        again.anti_join(known.rename(OF_AN_IDENTIFIER), ["person_id", *STATED.values()])
    )
    countries = persons.select("person_id", "country")
    their = engine.keep(countries.semi_join(new, "person_id"))
    fresh = statements(new, their, engine=engine, country=country)
    gone = held.anti_join(known, KEY)
    return Renewal(fresh, gone.select(KEY), held=gone)
