"""Customers who live together."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.normalise import MOBILE_NUMBER

__all__ = ["households"]

WHOLE_POSTCODE = "^[0-9]{4}[A-Za-z]{2}$"  # Dutch: with the number behind it, a home
LARGEST = 10  # customers; more of one name at one address are a home for many, or an office
LONG_AGO = datetime(1900, 1, 1)
NAMES = ("last_a", "last_b", "sound")
ADDRESS = ("street", "number", "postcode", "town")


def households(
    person_profiles: ir.Table, links: ir.Table, persons: ir.Table, *, engine: Engine
) -> ir.Table:
    """Bring customers together who share an address, and a family name or a landline.

    Of a customer with several addresses the last stated one counts. Identity does not look at
    this: who lives together stays several customers.

    Args:
        person_profiles: names, addresses and telephone numbers in one form.
        links: whose each record is.
        persons: when each record was last changed.

    Returns:
        As in the contract of `households`.
    """
    owned = links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")
    homes = engine.keep(
        _homes(_last_addresses(_addresses(person_profiles, owned, engine), persons, engine), engine)
    )
    shared = engine.keep(_shared(_with_others(homes), person_profiles, owned, engine))
    hubs = shared.group_by("home", "by", "value").aggregate(right=shared["customer_id"].min())
    edges = shared.join(hubs, ["home", "by", "value"]).select(left="customer_id", right="right")
    parts = engine.components(edges.filter(edges["left"] != edges["right"]).distinct())
    placed = homes.left_join(parts, homes["customer_id"] == parts["node"])
    lived = engine.keep(
        placed.select(
            "customer_id", household_id=ibis.coalesce(placed["component"], placed["customer_id"])
        )
    )
    sizes = lived.group_by("household_id").aggregate(customers=lived.count())
    together = lived.join(sizes.filter(sizes["customers"] <= LARGEST), "household_id")
    return _with_reasons(together, shared)


def _addresses(person_profiles: ir.Table, owned: ir.Table, engine: Engine) -> ir.Table:
    """The whole addresses of customers, with the record that states each."""
    told = person_profiles.filter(
        person_profiles["number"].notnull()
        & (person_profiles["postcode"].notnull() | person_profiles["town"].notnull())
        & (
            person_profiles["street"].notnull()
            | person_profiles["postcode"].re_search(WHOLE_POSTCODE)
        )
    )
    addresses = told.select("person_id", "record", *ADDRESS).join(owned, "person_id")
    return engine.keep(addresses)


def _last_addresses(addresses: ir.Table, persons: ir.Table, engine: Engine) -> ir.Table:
    """One row a customer: the address that was stated last."""
    counted = addresses.group_by("customer_id").aggregate(addresses=addresses.count())
    several = engine.keep(counted.filter(counted["addresses"] > 1).select("customer_id"))
    contesting = addresses.semi_join(several, "customer_id")
    changed_at = ibis.coalesce(persons["updated_at"], persons["created_at"], LONG_AGO)
    dated = contesting.join(persons.select("person_id", changed_at=changed_at), "person_id")
    parts = ("changed_at", "record", *ADDRESS)
    last = dated.group_by("customer_id").aggregate(
        address=ibis.struct({name: dated[name] for name in parts}).max()
    )
    last = last.select("customer_id", **{name: last["address"][name] for name in ADDRESS})
    only = addresses.anti_join(several, "customer_id").select(last.columns)
    return only.union(last)


def _homes(addresses: ir.Table, engine: Engine) -> ir.Table:
    """`customer_id` and `home`: equal for customers at one address.

    A postcode that is lacking is taken from others in the same street, where these have but one.
    """
    is_whole = addresses["postcode"].re_search(WHOLE_POSTCODE).fill_null(False)
    written = engine.keep(
        addresses.mutate(
            by_postcode=ibis.ifelse(
                is_whole, addresses["postcode"] + "|" + addresses["number"], ibis.null("string")
            ),
            by_street=addresses["street"] + "|" + addresses["number"] + "|" + addresses["town"],
        )
    )
    known = written.filter(written["by_postcode"].notnull() & written["by_street"].notnull())
    codes = known.group_by("by_street").aggregate(
        lowest=known["by_postcode"].min(), highest=known["by_postcode"].max()
    )
    only = codes.filter(codes["lowest"] == codes["highest"]).select("by_street", found="lowest")
    placed = written.left_join(only, "by_street")
    abroad = placed["street"] + "|" + placed["number"] + "|" + placed["postcode"]
    home = ibis.coalesce(placed["by_postcode"], placed["found"], abroad, placed["by_street"])
    homes = placed.select("customer_id", home=home)
    return homes.filter(homes["home"].notnull())


def _with_others(homes: ir.Table) -> ir.Table:
    """The homes of more customers than one."""
    counted = homes.group_by("home").aggregate(holders=homes.count())
    return homes.semi_join(counted.filter(counted["holders"] > 1), "home")


def _shared(
    homes: ir.Table, person_profiles: ir.Table, owned: ir.Table, engine: Engine
) -> ir.Table:
    """What several customers at one address have in common: `customer_id`, `home`, `by`, `value`."""
    holders = owned.semi_join(engine.keep(homes), "customer_id")
    told = person_profiles.select("person_id", "phone", *NAMES)
    told = engine.keep(told.join(engine.keep(holders), "person_id"))
    said = [_said(told, name, "name", told[name]) for name in NAMES]
    landline = ibis.ifelse(
        told["phone"].re_search(MOBILE_NUMBER), ibis.null("string"), told["phone"]
    )
    said.append(_said(told, "phone", "phone", landline))
    every = engine.keep(ibis.union(*said).distinct().join(homes, "customer_id"))
    counted = every.group_by("home", "by", "value").aggregate(holders=every.count())
    several = counted.filter(counted["holders"] > 1)
    return every.semi_join(several, ["home", "by", "value"])


def _said(told: ir.Table, column: str, by: str, value: ir.StringValue) -> ir.Table:
    """A sound is told from a name that is written the same."""
    said = told.select(
        "customer_id", by=ibis.literal(by), value=ibis.literal(f"{column[:4]}:") + value
    )
    return said.filter(said["value"].notnull())


def _with_reasons(together: ir.Table, shared: ir.Table) -> ir.Table:
    reasons = shared.group_by("customer_id").aggregate(
        **{f"shares_{by}": (shared["by"] == by).any() for by in ("name", "phone")}
    )
    told = together.left_join(reasons, "customer_id").drop("customer_id_right")
    return told.mutate(
        **{name: told[name].fill_null(False) for name in ("shares_name", "shares_phone")}
    )
