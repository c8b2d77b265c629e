"""Customers: the best that is known of each human being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine, is_any
from klantreis.identity.normalise import normalised_postcode, told_birth, trimmed
from klantreis.identity.town_spellings import known_homes, town_spellings
from klantreis.tables import Renewal

__all__ = ["customers"]

STATED = ("gender", "birth_on", "language")
DESCRIBING = (
    "person_id",
    "source",
    "first_name",
    "prefix",
    "last_name",
    "postcode",
    "city",
    "country",
    "created_at",
    "updated_at",
    *STATED,
)
CONTACTS = ("email", "phone", "loyalty_card")
STATED_KEY = ("person_id", "stated_kind", "stated_value")
WAYS = ("granted", "refused")
LONG_AGO = ibis.timestamp("1900-01-01")


def customers(
    persons: ir.Table,
    identifiers: ir.Table,
    stated_identifiers: ir.Table,
    consents: ir.Table,
    links: ir.Table,
    customer_merges: ir.Table,
    *,
    engine: Engine,
    country: str,
    own_consents: Mapping[str, Sequence[object]],
    kept_customers: ir.Table,
    kept_consents: ir.Table,
    kept_links: ir.Table,
    kept_stated_identifiers: ir.Table,
    changed_persons: ir.Table,
    changed_identifiers: ir.Table,
    changed_consents: ir.Table,
    changed_links: ir.Table,
    gone_links: ir.Table,
    gone_stated_identifiers: ir.Table,
) -> ir.Table | Renewal:
    """Make one row a customer from the records behind it: the most recent statement holds.

    Name and address each come from one record, so that they fit together. Consent is the
    strictest of the latest statements of all records, and of all records with the same e-mail
    address: who unsubscribed an address is not mailed there under another name.

    Only the customers are made anew of which a record changed, or a record with the same e-mail
    address, and those who told us themselves what they may be sent.

    Args:
        stated_identifiers: `identifiers` as they are compared.
        consents: statements about purposes; only those about e-mail count here.
        country: ISO code; towns of records without a country are looked for there.
        own_consents: what was said to us ourselves about e-mail: numbers `granted` and `refused`, and
            addresses `refused_emails`.
        kept_customers, kept_consents, kept_links, kept_stated_identifiers: what was found before,
            and from what.
        changed_persons, changed_identifiers, changed_consents, changed_links, gone_links,
            gone_stated_identifiers: what has changed since.

    Returns:
        As in the contract of `customers`.
    """
    links = links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")
    told = {way: _told(own_consents[way], customer_merges, engine) for way in WAYS}
    emails = _table("email", own_consents["refused_emails"], engine)
    places = persons.mutate(home=persons["country"].fill_null(country))
    homes = known_homes(places, engine=engine)

    def described(own: ir.Table, people: ir.Table) -> ir.Table:
        records = people.join(own, "person_id")
        contacts = _contacts(identifiers, stated_identifiers, records, engine)
        refused = _refused_addresses(stated_identifiers, consents, links, contacts, engine)
        refused = refused.union(emails)
        return _described(
            engine.keep(_ranked(_in_one_town(records, engine, country, homes))),
            _counted(records, engine),
            contacts,
            _permissions(consents, own, told["granted"]),
            refused.distinct(),
            told["refused"],
        )

    if not is_any(kept_customers, engine):
        return described(links, persons)
    contacts = changed_identifiers.filter(changed_identifiers["kind"].isin(CONTACTS))
    said = (rows.semi_join(changed_consents, "consent_id") for rows in (consents, kept_consents))
    changed = (changed_persons, contacts, changed_links, *said)
    touched = ibis.union(*(rows.select("person_id") for rows in changed), distinct=True)
    touched = engine.keep(touched)
    went = kept_links.select(links.columns).semi_join(gone_links, "person_id")
    unsaid = kept_stated_identifiers.semi_join(gone_stated_identifiers, list(STATED_KEY))
    ties = links.union(went)
    again = ibis.union(
        ties.semi_join(touched, "person_id").select("customer_id"),
        _at_address_of(touched, kept_customers, (stated_identifiers, unsaid)),
        kept_customers.semi_join(emails, "email").select("customer_id"),
        *told.values(),
        distinct=True,
    )
    again = engine.keep(again)
    if not is_any(again, engine):
        return Renewal(kept_customers.limit(0), again)
    own = engine.keep(links.semi_join(again, "customer_id"))
    held = engine.keep(kept_customers.semi_join(again, "customer_id"))
    people = engine.keep(persons.select(DESCRIBING).semi_join(own, "person_id"))
    return Renewal(described(own, people), held.select("customer_id"), held=held)


def _at_address_of(
    touched: ir.Table, customers: ir.Table, statements: Sequence[ir.Table]
) -> ir.Table:
    """The customers with an e-mail address that one of these records states, or stated."""
    every = ibis.union(*(stated.semi_join(touched, "person_id") for stated in statements))
    emails = every.filter(every["kind"] == "email").select(email="value").distinct()
    return customers.semi_join(emails, "email").select("customer_id")


def _described(
    ranked: ir.Table,
    counted: ir.Table,
    contacts: ir.Table,
    permissions: ir.Table,
    refused_emails: ir.Table,
    refused: ir.Table,
) -> ir.Table:
    """The rows of the customers that are `counted`."""
    known = counted
    for part in (_golden(ranked), _latest_contacts(contacts), permissions):
        known = known.left_join(part, "customer_id").drop("customer_id_right")
    known = known.left_join(refused_emails.mutate(is_refused=True), "email").drop("email_right")
    known = known.left_join(refused.mutate(is_refusing=True), "customer_id")
    known = known.drop("customer_id_right")
    said_no = known["is_refused"].notnull() | known["is_refusing"].notnull()
    may_email = known["may_email"] & ~said_no
    is_known = ibis.or_(*(known[name].notnull() for name in ("name", *CONTACTS)))
    return known.mutate(may_email=may_email.fill_null(False), is_known=is_known)


def _counted(records: ir.Table, engine: Engine) -> ir.Table:
    per_source = engine.keep(
        records.group_by("customer_id", "source").aggregate(
            persons=records.count(), created_at=records["created_at"].min()
        )
    )
    return per_source.group_by("customer_id").aggregate(
        persons=per_source["persons"].sum().cast("int64"),
        sources=per_source["source"].collect().sort(),
        created_at=per_source["created_at"].min(),
    )


def _ranked(records: ir.Table) -> ir.Table:
    """Records that say anything, with a number that rises with how recent they are."""
    details = ("first_name", "last_name", "gender", "birth_on", "postcode", "city", "language")
    records = records.mutate(birth_on=told_birth(records["birth_on"]))
    telling = records.filter(ibis.or_(*(records[name].notnull() for name in details)))
    changed_at = ibis.coalesce(telling["updated_at"], telling["created_at"])
    dated = telling.mutate(changed_at=ibis.coalesce(changed_at, LONG_AGO))
    parts = [_part(telling[name]) for name in ("first_name", "prefix", "last_name")]
    spaced = [ibis.ifelse(part.isnull(), "", part + " ") for part in parts]
    return dated.select(
        "customer_id",
        *STATED,
        country=dated["country"],
        postcode=normalised_postcode(dated["postcode"]),
        city=dated["city"],
        name=trimmed(spaced[0] + spaced[1] + spaced[2]).nullif(""),
        is_whole=(parts[0].notnull() & parts[2].notnull()).cast("int64"),
        recency=ibis.row_number().over(order_by=["changed_at", "person_id"]),
    )


def _in_one_town(records: ir.Table, engine: Engine, country: str, homes: Sequence[str]) -> ir.Table:
    """The records with their town in one way of writing."""
    placed = records.mutate(city=_part(records["city"]), home=records["country"].fill_null(country))
    named = placed.left_join(town_spellings(placed, engine=engine, homes=homes), ["city", "home"])
    return named.mutate(city=named["town"]).drop("city_right", "home_right", "home", "town")


def _part(text: ir.StringColumn) -> ir.StringColumn:
    return trimmed(text).nullif("")


def _golden(ranked: ir.Table) -> ir.Table:
    """The most recent of each detail; a whole name goes before half a name."""
    address = ("postcode", "city", "country")
    whole = {"is_whole": ranked["is_whole"], "recency": ranked["recency"], "name": ranked["name"]}
    with_postcode = ranked["postcode"].notnull()
    best = ranked.group_by("customer_id").aggregate(
        name=ibis.struct(whole).max(where=ranked["name"].notnull()),
        address=_latest(ranked, *address, where=with_postcode),
        elsewhere=_latest(ranked, "city", "country", where=~with_postcode),
        **{name: _latest(ranked, name, where=ranked[name].notnull()) for name in STATED},
    )
    return best.select(
        "customer_id",
        name=best["name"]["name"],
        postcode=best["address"]["postcode"],
        city=ibis.coalesce(best["address"]["city"], best["elsewhere"]["city"]),
        country=ibis.coalesce(best["address"]["country"], best["elsewhere"]["country"]),
        **{name: best[name][name] for name in STATED},
    )


def _latest(ranked: ir.Table, *names: str, where: ir.BooleanValue) -> ir.StructValue:
    # Recency is different for every record, so what follows it never decides.
    fields = {"recency": ranked["recency"], **{name: ranked[name] for name in names}}
    return ibis.struct(fields).max(where=where)


def _contacts(
    identifiers: ir.Table, stated_identifiers: ir.Table, records: ir.Table, engine: Engine
) -> ir.Table:
    """Addresses, numbers and cards as they are compared, of records that have a customer."""
    owners = engine.keep(records.select("person_id", "customer_id"))
    fit = stated_identifiers.filter(
        stated_identifiers["stated_kind"].isin(CONTACTS) & ~stated_identifiers["is_junk"]
    )
    written = ("person_id", "stated_kind", "stated_value")
    theirs = engine.keep(fit.join(owners, "person_id").select("customer_id", "value", *written))
    said = identifiers.filter(identifiers["kind"].isin(CONTACTS)).semi_join(owners, "person_id")
    said = said.select(
        "person_id",
        stated_kind="kind",
        stated_value="value",
        said_at=ibis.coalesce(said["last_seen_at"], said["first_seen_at"], LONG_AGO),
    )
    dated = theirs.join(said, list(written))
    return engine.keep(
        dated.select("customer_id", "person_id", "said_at", "value", kind="stated_kind")
    )


def _latest_contacts(contacts: ir.Table) -> ir.Table:
    latest = contacts.group_by("customer_id").aggregate(
        **{
            kind: ibis.struct({"said_at": contacts["said_at"], "value": contacts["value"]}).max(
                where=contacts["kind"] == kind
            )
            for kind in CONTACTS
        }
    )
    return latest.select("customer_id", **{kind: latest[kind]["value"] for kind in CONTACTS})


def _last_statements(consents: ir.Table) -> ir.Table:
    """Each record's latest word on e-mail; of two at the same moment the stricter."""
    about = consents.filter(consents["purpose"] == "email_marketing")
    last = about.group_by("person_id").aggregate(stated_at=about["stated_at"].max())
    latest = about.join(last, ["person_id", "stated_at"])
    return latest.group_by("person_id").aggregate(is_granted=latest["is_granted"].all())


def _permissions(consents: ir.Table, links: ir.Table, granted: ir.Table) -> ir.Table:
    """What all records of a customer, and what they said to us, together allow."""
    theirs = links.select("person_id", "customer_id")
    last = _last_statements(consents.semi_join(theirs, "person_id"))
    stated = last.join(theirs, "person_id")
    stated = stated.select("customer_id", "is_granted").union(granted.mutate(is_granted=True))
    return stated.group_by("customer_id").aggregate(may_email=stated["is_granted"].all())


def _table(name: str, values: Sequence[object], engine: Engine) -> ir.Table:
    kind = pa.string() if name == "email" else pa.int64()
    return engine.table(pa.table({name: pa.array(values, kind)}))


def _told(numbers: Sequence[object], customer_merges: ir.Table, engine: Engine) -> ir.Table:
    """Who said something to us, by the number under which they are known now."""
    told = _table("old_customer_id", numbers, engine)
    moved = told.left_join(
        customer_merges.select("old_customer_id", "customer_id"), "old_customer_id"
    )
    current = ibis.coalesce(moved["customer_id"], moved["old_customer_id"])
    return moved.select(customer_id=current).distinct()


def _refused_addresses(
    stated_identifiers: ir.Table,
    consents: ir.Table,
    links: ir.Table,
    contacts: ir.Table,
    engine: Engine,
) -> ir.Table:
    """The e-mail addresses among these contacts of which any customer's record refuses mail."""
    wanted = contacts.filter(contacts["kind"] == "email").select("value").distinct()
    emails = stated_identifiers.filter(
        (stated_identifiers["stated_kind"] == "email") & ~stated_identifiers["is_junk"]
    ).select("person_id", "value")
    stating = engine.keep(emails.semi_join(engine.keep(wanted), "value"))
    theirs = links.semi_join(stating, "person_id").select("person_id")
    owned = engine.keep(stating.semi_join(theirs, "person_id"))
    last = _last_statements(consents.semi_join(owned, "person_id"))
    refused = owned.semi_join(last.filter(~last["is_granted"]), "person_id")
    return refused.select(email="value")
