"""Step `customers`: the best known facts of each customer."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from klantreis.identity.normalise import normalised_identifiers

__all__ = ["customers"]

STATED_FACTS = ("gender", "birth_on", "postcode", "city", "country", "language", "name")


def customers(
    persons: ir.Table,
    identifiers: ir.Table,
    consents: ir.Table,
    blocked_identifiers: ir.Table,
    links: ir.Table,
    *,
    country: str,
) -> ir.Table:
    """One row a customer: for each fact the value that was stated last.

    Consent is the strictest: every person record that stated something must have said yes last,
    and at least one must have. Junk and shared identifiers are nobody's.

    Args:
        persons: as in the contract.
        identifiers: as in the contract.
        consents: as in the contract.
        blocked_identifiers: from the step of that name.
        links: from the step of that name.
        country: for telephone numbers without a country.

    Returns:
        As in the contract.
    """
    found = _counted(persons, links)
    for part in (
        _described(persons, links),
        _reached(identifiers, blocked_identifiers, links, country=country),
        _consented(consents, links),
    ):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    return found.mutate(
        is_known=ibis.coalesce(
            found["name"], found["email"], found["phone"], found["loyalty_card"]
        ).notnull(),
        may_email=found["may_email"].fill_null(False),
    )


def _counted(persons: ir.Table, links: ir.Table) -> ir.Table:
    # The source stands before the colon of every person_id, also for records without a person row.
    sourced = links.mutate(source=links["person_id"].re_extract("^([^:]*):", 1))
    dated = sourced.left_join(persons.select("person_id", "created_at"), "person_id")
    by_source = dated.group_by(["customer_id", "source"]).aggregate(
        persons=dated.count(), created_at=dated["created_at"].min()
    )
    return by_source.group_by("customer_id").aggregate(
        persons=by_source["persons"].sum(),
        created_at=by_source["created_at"].min(),
        sources=by_source["source"].collect().sort(),
    )


def _described(persons: ir.Table, links: ir.Table) -> ir.Table:
    given = ["first_name", "prefix", "last_name"]
    parts = [persons[name].strip().nullif("") for name in given]
    spaced = [(part + " ").fill_null("") for part in parts]
    named = persons.mutate(name=(spaced[0] + spaced[1] + spaced[2]).strip().nullif(""))
    named = named.mutate(postcode=named["postcode"].upper().re_replace("[^0-9A-Z]", ""))
    named = named.mutate(
        **{
            fact: named[fact].strip().nullif("")
            for fact in STATED_FACTS
            if named[fact].type().is_string()
        }
    )
    told = named.filter(ibis.or_(*(named[fact].notnull() for fact in STATED_FACTS)))
    told = told.join(links.select("person_id", "customer_id"), "person_id")
    # A number of its own for each record: equally old ones are taken in the order of their ids.
    told = told.mutate(
        recency=ibis.row_number().over(
            order_by=[
                ibis.coalesce(told["updated_at"], told["created_at"]).notnull(),
                ibis.coalesce(told["updated_at"], told["created_at"]),
                told["person_id"],
            ]
        )
    )
    return told.group_by("customer_id").aggregate(
        **{
            fact: told[fact].argmax(told["recency"], where=told[fact].notnull())
            for fact in STATED_FACTS
        }
    )


def _reached(
    identifiers: ir.Table, blocked: ir.Table, links: ir.Table, *, country: str
) -> ir.Table:
    kinds = ("email", "phone", "loyalty_card")
    stated = normalised_identifiers(identifiers, country=country)
    stated = stated.filter(stated["kind"].isin(kinds))
    nobodys = blocked.filter(blocked["reason"] != "conflict").select("kind", "value")
    own = stated.anti_join(nobodys, ["kind", "value"])
    own = own.join(links.select("person_id", "customer_id"), "person_id")
    once = own.group_by(["customer_id", "kind", "value"]).aggregate(
        last_seen_at=own["last_seen_at"].max()
    )
    ranked = once.mutate(
        place=ibis.row_number().over(
            group_by=["customer_id", "kind"],
            order_by=[
                once["last_seen_at"].isnull(),
                once["last_seen_at"].desc(),
                once["value"],
            ],
        )
    )
    last = ranked.filter(ranked["place"] == 0)
    return last.group_by("customer_id").aggregate(
        **{kind: last["value"].max(where=last["kind"] == kind) for kind in kinds}
    )


def _consented(consents: ir.Table, links: ir.Table) -> ir.Table:
    asked = consents.filter(consents["purpose"] == "email_marketing")
    ranked = asked.mutate(
        # Of a yes and a no at the same moment the no counts.
        place=ibis.row_number().over(
            group_by="person_id", order_by=[asked["stated_at"].desc(), asked["is_granted"]]
        )
    )
    latest = ranked.filter(ranked["place"] == 0)
    latest = latest.join(links.select("person_id", "customer_id"), "person_id")
    return latest.group_by("customer_id").aggregate(may_email=latest["is_granted"].all())
