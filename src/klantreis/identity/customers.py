"""Customers: the best that is known of each human being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine
from klantreis.identity.normalise import (
    is_junk,
    normalised,
    normalised_postcode,
    trimmed,
)
from klantreis.identity.town_spellings import town_spellings

__all__ = ["customers"]

STATED = ("gender", "birth_on", "language")
CONTACTS = ("email", "phone", "loyalty_card")
WAYS = ("granted", "refused")
LONG_AGO = ibis.timestamp("1900-01-01")


def customers(
    persons: ir.Table,
    identifiers: ir.Table,
    consents: ir.Table,
    links: ir.Table,
    customer_merges: ir.Table,
    *,
    engine: Engine,
    country: str,
    own_consents: Mapping[str, Sequence[object]],
) -> ir.Table:
    """Make one row a customer from the records behind it: the most recent statement holds.

    Name and address each come from one record, so that they fit together. Consent is the
    strictest of the latest statements of all records, and of all records with the same e-mail
    address: who unsubscribed an address is not mailed there under another name.

    Args:
        consents: statements about purposes; only those about e-mail count here.
        country: ISO code; national telephone numbers and towns of records without a country are
            meant so.
        own_consents: what was said to us ourselves about e-mail: numbers `granted` and `refused`, and
            addresses `refused_emails`.

    Returns:
        As in the contract of `customers`.
    """
    links = links.filter(links["customer_id"].notnull())
    records = persons.join(links.select("person_id", "customer_id"), "person_id")
    ranked = engine.keep(_ranked(_in_one_town(records, engine, country)))
    contacts = _contacts(identifiers, records, engine, country)
    granted, refused = (_told(own_consents[way], customer_merges, engine) for way in WAYS)
    known = (
        _counted(records, engine)
        .left_join(_golden(ranked), "customer_id")
        .drop("customer_id_right")
        .left_join(_latest_contacts(contacts), "customer_id")
        .drop("customer_id_right")
        .left_join(_permissions(consents, links, granted), "customer_id")
        .drop("customer_id_right")
    )
    emails = _table("email", own_consents["refused_emails"], engine)
    addresses = _refused_addresses(consents, contacts, emails).mutate(is_refused=True)
    known = known.left_join(addresses, "email").drop("email_right")
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


def _in_one_town(records: ir.Table, engine: Engine, country: str) -> ir.Table:
    """The records with their town in one way of writing."""
    placed = records.mutate(city=_part(records["city"]), home=records["country"].fill_null(country))
    named = placed.left_join(town_spellings(placed, engine=engine), ["city", "home"])
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


def _contacts(identifiers: ir.Table, records: ir.Table, engine: Engine, country: str) -> ir.Table:
    """Addresses, numbers and cards as they are compared, of records that have a customer."""
    stated = identifiers.filter(identifiers["kind"].isin(CONTACTS)).select(
        "person_id",
        "kind",
        raw=trimmed(identifiers["value"]),
        said_at=ibis.coalesce(identifiers["last_seen_at"], identifiers["first_seen_at"], LONG_AGO),
    )
    owned = stated.join(
        records.select("person_id", "customer_id", "source", "country"), "person_id"
    )
    where = owned["country"].fill_null(country)
    form = normalised(owned["kind"], owned["raw"], owned["source"], where)
    formed = engine.keep(
        owned.select("customer_id", "person_id", "kind", "raw", "said_at", value=form)
    )
    is_of_nobody = is_junk(formed["kind"], formed["raw"], formed["value"])
    return engine.keep(formed.filter(~is_of_nobody).drop("raw"))


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
    stated = _last_statements(consents).join(links.select("person_id", "customer_id"), "person_id")
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


def _refused_addresses(consents: ir.Table, contacts: ir.Table, told: ir.Table) -> ir.Table:
    """The e-mail addresses of which any record refuses mail, and those told to us ourselves."""
    last = _last_statements(consents)
    emails = contacts.filter(contacts["kind"] == "email")
    refused = emails.semi_join(last.filter(~last["is_granted"]), "person_id")
    return refused.select(email="value").union(told).distinct()
