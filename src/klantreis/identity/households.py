"""Customers who live together."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine, is_any
from klantreis.identity.normalise import MOBILE_NUMBER
from klantreis.tables import Renewal

__all__ = ["households"]

WHOLE_POSTCODE = "^[0-9]{4}[A-Za-z]{2}$"  # Dutch: with the number behind it, a home
LARGEST = 10  # customers; more of one name at one address are a home for many, or an office
LONG_AGO = datetime(1900, 1, 1)
NAMES = ("last_a", "last_b", "sound")
ADDRESS = ("street", "number", "postcode", "town")
IN_STREET = ["street", "number", "town"]
STATED = ("changed_at", "record")  # of two at one moment the later record
LIVED = ["customer_id", "home_id"]


def households(
    person_profiles: ir.Table,
    links: ir.Table,
    persons: ir.Table,
    *,
    engine: Engine,
    kept_households: ir.Table,
    kept_links: ir.Table,
    kept_person_profiles: ir.Table,
    changed_links: ir.Table,
    gone_links: ir.Table,
    changed_person_profiles: ir.Table,
    changed_persons: ir.Table,
) -> ir.Table | Renewal:
    """Bring customers together who share an address, and a family name or a landline.

    Of a customer with several addresses the last stated one counts. Identity does not look at
    this: who lives together stays several customers.

    Only the homes are looked at anew where somebody came to live or left, and those of customers
    of whom a record changed.

    Args:
        person_profiles: names, addresses and telephone numbers in one form.
        links: whose each record is.
        persons: when each record was last changed.
        kept_households, kept_links, kept_person_profiles: what was found before, and from what.
        changed_links, gone_links, changed_person_profiles, changed_persons: what has changed since.

    Returns:
        As in the contract of `households`.
    """
    owned = _owned(links)
    homes = engine.keep(
        _homes(_last_addresses(_addresses(person_profiles, owned, engine), persons, engine), engine)
    )
    if not is_any(kept_households, engine):
        return _lived(homes, person_profiles, owned, engine)
    changed = changed_person_profiles
    said = (rows.semi_join(changed, "record") for rows in (person_profiles, kept_person_profiles))
    touched = ibis.union(
        changed_links.select("person_id"), *(rows.select("person_id") for rows in said)
    )
    touched = engine.keep(touched.distinct())
    went = kept_links.semi_join(gone_links, "person_id")
    owners = ibis.union(*(_owned(rows).semi_join(touched, "person_id") for rows in (links, went)))
    # Homes bear the number of who lives there: that of before and that of now tell who moved.
    lived, before = (rows.select("customer_id", "home_id") for rows in (homes, kept_households))
    elsewhere = ibis.union(lived.anti_join(before, LIVED), before.anti_join(lived, LIVED))
    again = elsewhere.select("home_id").union(
        homes.semi_join(owners, "customer_id").select("home_id"), distinct=True
    )
    again = engine.keep(again)
    fresh = _lived(engine.keep(homes.semi_join(again, "home_id")), person_profiles, owned, engine)
    return Renewal(fresh, before.semi_join(again, "home_id").select("customer_id"))


def _owned(links: ir.Table) -> ir.Table:
    return links.filter(links["customer_id"].notnull()).select("person_id", "customer_id")


def _lived(homes: ir.Table, person_profiles: ir.Table, owned: ir.Table, engine: Engine) -> ir.Table:
    """The households of these homes."""
    shared = engine.keep(_shared(_with_others(homes), person_profiles, owned, engine))
    hubs = shared.group_by("home_id", "by", "value").aggregate(right=shared["customer_id"].min())
    edges = shared.join(hubs, ["home_id", "by", "value"]).select(left="customer_id", right="right")
    parts = engine.components(edges.filter(edges["left"] != edges["right"]).distinct())
    placed = homes.left_join(parts, homes["customer_id"] == parts["node"])
    lived = engine.keep(
        placed.select(
            "customer_id",
            "home_id",
            household_id=ibis.coalesce(placed["component"], placed["customer_id"]),
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
    stated = engine.keep(dated.select("customer_id", *STATED))
    last = stated.group_by("customer_id").aggregate(
        last=ibis.struct({name: stated[name] for name in STATED}).max()
    )
    latest = last.select(record=last["last"]["record"])
    earlier = stated.anti_join(latest, "record").select("record")
    return addresses.anti_join(engine.keep(earlier), "record")


def _homes(addresses: ir.Table, engine: Engine) -> ir.Table:
    """`customer_id` and `home_id`: equal for customers at one address, the lowest number of them.

    A postcode that is lacking is taken from others in the same street, where these have but one.
    """
    is_whole = addresses["postcode"].re_search(WHOLE_POSTCODE).fill_null(False)
    own = addresses["postcode"] + "|" + addresses["number"]
    whole, others = addresses.filter(is_whole), engine.keep(addresses.filter(~is_whole))
    streets = others.select(IN_STREET).filter(others["street"].notnull() & others["town"].notnull())
    known = whole.mutate(own=own).semi_join(engine.keep(streets.distinct()), IN_STREET)
    codes = known.group_by(IN_STREET).aggregate(
        lowest=known["own"].min(), highest=known["own"].max()
    )
    only = codes.filter(codes["lowest"] == codes["highest"]).rename(found="lowest")
    placed = others.left_join(only.drop("highest"), IN_STREET)
    written = placed["street"] + "|" + placed["number"] + "|"
    home = ibis.coalesce(placed["found"], written + placed["postcode"], written + placed["town"])
    homes = whole.select("customer_id", home=own).union(placed.select("customer_id", home=home))
    homes = engine.keep(homes.filter(homes["home"].notnull()))
    numbered = homes.group_by("home").aggregate(home_id=homes["customer_id"].min())
    return homes.join(numbered, "home").select("customer_id", "home_id")


def _with_others(homes: ir.Table) -> ir.Table:
    """The homes of more customers than one."""
    counted = homes.group_by("home_id").aggregate(holders=homes.count())
    return homes.semi_join(counted.filter(counted["holders"] > 1), "home_id")


def _shared(
    homes: ir.Table, person_profiles: ir.Table, owned: ir.Table, engine: Engine
) -> ir.Table:
    """What several customers at one address have in common: `customer_id`, `home_id`, `by`, `value`."""
    holders = owned.semi_join(engine.keep(homes), "customer_id")
    told = person_profiles.select("person_id", "phone", *NAMES)
    told = engine.keep(told.join(engine.keep(holders), "person_id"))
    said = [_said(told, name, "name", told[name]) for name in NAMES]
    landline = ibis.ifelse(
        told["phone"].re_search(MOBILE_NUMBER), ibis.null("string"), told["phone"]
    )
    said.append(_said(told, "phone", "phone", landline))
    every = engine.keep(ibis.union(*said).distinct().join(homes, "customer_id"))
    counted = every.group_by("home_id", "by", "value").aggregate(holders=every.count())
    several = counted.filter(counted["holders"] > 1)
    return every.semi_join(several, ["home_id", "by", "value"])


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
