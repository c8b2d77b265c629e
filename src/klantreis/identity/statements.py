"""What person records state about themselves, normalised, and the values that several share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.normalise import is_junk, normalised, told_birth, trimmed
from klantreis.identity.rules import Reach, kinds

__all__ = [
    "NAMES_OF",
    "UNFIT",
    "Ties",
    "by_age",
    "letters",
    "may_tie",
    "named_records",
    "numbered",
    "of_nobody",
    "statements",
    "ties",
]

A_LETTER, NOT_A_LETTER = r"\p{L}", r"[^\p{L}]"
LAST_OF_ALL = datetime(9999, 1, 1)
NAMES_OF = ["kind", "value"]
UNFIT = ("junk", "shared")  # reasons for which a value says nothing of anybody


@dataclass(frozen=True)
class Ties:
    """What can tie records: identifiers that more than one record states, all in numbers.

    Strings are compared once, here; all that follows joins on whole numbers.

    Attributes:
        values: `value_number`, `kind`, `value`: every value that several records state.
        records: `person_number`, `person_id`, `first`, `last`, `birth_on`: every record that
            states one; the names as they are compared, in small letters without signs.
        stated: `person_number`, `value_number`, `kind`, `source`, each once.
    """

    values: ir.Table
    records: ir.Table
    stated: ir.Table


def statements(
    identifiers: ir.Table, persons: ir.Table, *, engine: Engine, country: str
) -> ir.Table:
    """Which record states which identifier, normalised.

    A hashed e-mail address counts as the address itself where a record states that in clear.

    Returns:
        As in the contract of `stated_identifiers`; a value that a record wrote in two ways stands
        there twice.
    """
    raw = identifiers.select("person_id", "source", "kind", stated_value="value", raw="value")
    raw = raw.filter(~raw["kind"].isin(kinds(Reach.GROUP)))
    on_device = raw["kind"].isin(kinds(Reach.DEVICE))
    devices = raw.filter(on_device).mutate(value=raw["raw"])
    # Kept before they are judged: else every judgement carries the whole normalisation with it.
    others = engine.keep(_formed(raw.filter(~on_device), persons, country))
    both = devices.union(others.select(devices.columns))
    judged = both.select(
        "person_id",
        "source",
        "kind",
        "value",
        "stated_value",
        stated_kind="kind",
        is_junk=is_junk(both["kind"], both["raw"], both["value"]),
    )
    return _clear_addresses(engine.keep(judged), engine)


def ties(stated: ir.Table, persons: ir.Table, *, engine: Engine) -> Ties:
    """Find the values that several records state, and number them and their records.

    Args:
        stated: as `statements` returns them.
        persons: the records that may be tied, with `person_number` or without; without, those
            that share a value are numbered by age.
    """
    fit = stated.filter(~stated["is_junk"])
    counted = fit.group_by(NAMES_OF).aggregate(statements=fit.count())
    several = counted.filter(counted["statements"] > 1).select(NAMES_OF)
    values = engine.keep(
        several.mutate(value_number=ibis.row_number().over(order_by=NAMES_OF).cast("int64"))
    )
    shared = engine.keep(fit.join(values, NAMES_OF).select(*fit.columns, "value_number"))
    sharing = persons.semi_join(shared, "person_id")
    if "person_number" not in persons.columns:
        sharing = by_age(sharing)
    records = engine.keep(
        sharing.select(
            "person_number",
            "person_id",
            birth_on=told_birth(sharing["birth_on"]),
            first=letters(sharing["first_name"]),
            last=letters(sharing["last_name"]),
        )
    )
    numbered = shared.join(records.select("person_id", "person_number"), "person_id")
    once = numbered.select("person_number", "value_number", "kind", "source").distinct()
    return Ties(values, records, engine.keep(once))


def by_age(persons: ir.Table) -> ir.Table:
    """Records with `person_number`: the oldest record has the lowest."""
    oldest_first = [ibis.coalesce(persons["created_at"], ibis.literal(LAST_OF_ALL)), "person_id"]
    return persons.mutate(person_number=ibis.row_number().over(order_by=oldest_first))


def numbered(persons: ir.Table, known: ir.Table, *, after: ir.Table, engine: Engine) -> ir.Table:
    """Records with `person_number`, which each keeps for ever: who was known longest has the lowest.

    Records that are new at the same time are numbered by age.

    Args:
        known: `person_id` and `person_number` of those among them that have one.
        after: `person_number` of all that have one.
    """
    held = known.select("person_id", "person_number").semi_join(persons, "person_id")
    held = engine.keep(held)
    new = by_age(persons.anti_join(held, "person_id"))
    first = after.aggregate(first=after["person_number"].max() + 1)
    placed = new.cross_join(first)
    number = placed["person_number"] + placed["first"].fill_null(0)
    fresh = placed.mutate(person_number=number).drop("first")
    old = persons.join(held, "person_id")
    return engine.keep(old.select(fresh.columns).union(fresh))


def may_tie(
    tied: Ties, stated: ir.Table, persons: ir.Table, blocked_identifiers: ir.Table
) -> ir.Table:
    """The statements that may tie: of `stated` in `tied`, those not blocked and of someone."""
    blocked = tied.values.semi_join(blocked_identifiers, NAMES_OF)
    nobody = tied.records.semi_join(of_nobody(stated, persons, blocked_identifiers), "person_id")
    fit = tied.stated.anti_join(blocked, "value_number")
    return fit.anti_join(nobody, "person_number")


def of_nobody(stated: ir.Table, persons: ir.Table, blocked_identifiers: ir.Table) -> ir.Table:
    """The records that are not someone: without a name, under a blocked account or all junk.

    A till's account for sales without a card, a card of noughts, `test@test.nl`.

    Returns:
        `person_id`, each once.
    """
    accounts = stated.filter(stated["kind"].isin(kinds(Reach.ACCOUNT)))
    under_blocked = accounts.semi_join(blocked_identifiers, NAMES_OF).select("person_id")
    judged = stated.group_by("person_id").aggregate(is_all_junk=stated["is_junk"].all())
    all_junk = judged.filter(judged["is_all_junk"]).select("person_id")
    return under_blocked.union(all_junk, distinct=True).anti_join(
        named_records(persons), "person_id"
    )


def named_records(persons: ir.Table) -> ir.Table:
    """The records of someone: with a name or a birth date."""
    names = (persons["first_name"], persons["last_name"])
    has_letters = (name.re_search(A_LETTER).fill_null(False) for name in names)
    return persons.filter(ibis.or_(*has_letters, persons["birth_on"].notnull()))


def _formed(raw: ir.Table, persons: ir.Table, country: str) -> ir.Table:
    """Statements with their value in normal form; only telephone numbers need a country."""
    countries = persons.filter(persons["country"].notnull()).select("person_id", "country")
    bare = raw.mutate(raw=trimmed(raw["raw"]))
    is_phone = bare["kind"] == "phone"
    phones = bare.filter(is_phone).left_join(countries, "person_id").drop("person_id_right")
    others = bare.filter(~is_phone).mutate(country=ibis.literal(country))
    both = phones.mutate(country=phones["country"].fill_null(country)).union(others)
    form = normalised(both["kind"], both["raw"], both["source"], both["country"])
    return both.select("person_id", "source", "kind", "stated_value", "raw", value=form)


def letters(name: ir.StringColumn) -> ir.StringColumn:
    """A name in small letters, without any other sign."""
    return name.lower().re_replace(NOT_A_LETTER, "").nullif("")


def _clear_addresses(stated: ir.Table, engine: Engine) -> ir.Table:
    hashed = stated.filter((stated["kind"] == "email_sha256") & ~stated["is_junk"])
    # Most shops have none; hashing every address for nothing would be the dearest part.
    if engine.fetch(hashed.limit(1)).num_rows == 0:
        return stated
    emails = stated.filter((stated["kind"] == "email") & ~stated["is_junk"])
    emails = emails.select(address="value").distinct()
    emails = emails.mutate(
        hashed_kind=ibis.literal("email_sha256"),
        hashed=emails["address"].hexdigest("sha256").lower(),
    )
    joined = stated.left_join(
        emails, [stated["kind"] == emails["hashed_kind"], stated["value"] == emails["hashed"]]
    )
    return engine.keep(
        joined.select(
            "person_id",
            "source",
            "stated_kind",
            "stated_value",
            kind=ibis.ifelse(joined["address"].notnull(), "email", joined["kind"]),
            value=ibis.coalesce(joined["address"], joined["value"]),
            is_junk=joined["is_junk"],
        )
    )
