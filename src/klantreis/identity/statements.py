"""Person records with a number, and what they state about themselves, normalised."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.normalise import is_junk, normalised
from klantreis.identity.rules import Reach, kinds

__all__ = [
    "NOT_A_LETTER",
    "mailbox_counts",
    "numbered_persons",
    "statements",
    "states_no_name",
    "tying",
    "without_second_addresses",
]

NOT_A_LETTER = r"[^\p{L}]"
LAST_OF_ALL = datetime(9999, 1, 1)


def numbered_persons(persons: ir.Table, *, engine: Engine) -> ir.Table:
    """All person records with a number: the oldest record has the lowest.

    Returns:
        `person_number`, `person_id`, `source`, `country`, `birth_on`, and the names as they are
        compared: `first` and `last`, in small letters without signs, empty where not stated.
    """
    oldest_first = [ibis.coalesce(persons["created_at"], ibis.literal(LAST_OF_ALL)), "person_id"]
    numbered = persons.select(
        "person_id",
        "source",
        "country",
        "birth_on",
        person_number=ibis.row_number().over(order_by=oldest_first),
        first=_letters(persons["first_name"]),
        last=_letters(persons["last_name"]),
    )
    return engine.keep(numbered)


def states_no_name(numbered: ir.Table) -> ir.BooleanColumn:
    """Whether a record is nothing but its identifiers."""
    return numbered["first"].isnull() & numbered["last"].isnull() & numbered["birth_on"].isnull()


def statements(
    identifiers: ir.Table, numbered: ir.Table, *, engine: Engine, country: str
) -> ir.Table:
    """Which record states which identifier, normalised; each once.

    A hashed e-mail address counts as the address itself where a record states that in clear.

    Returns:
        `person_number`, `source`, `kind`, `value`, `is_junk`.
    """
    stated = identifiers.select("person_id", "kind", raw="value").join(
        numbered.select("person_id", "person_number", "source", "country"), "person_id"
    )
    where = stated["country"].fill_null(country)
    stated = stated.mutate(value=normalised(stated["kind"], stated["raw"], stated["source"], where))
    # Kept before it is judged: else every judgement carries the whole normalisation with it.
    formed = engine.keep(stated.select("person_number", "source", "kind", "raw", "value"))
    judged = formed.select(
        "person_number",
        "source",
        "kind",
        "value",
        is_junk=is_junk(formed["kind"], formed["raw"], formed["value"]),
    )
    return _clear_addresses(engine.keep(judged.distinct()), engine)


def tying(statements: ir.Table, numbered: ir.Table, blocked_identifiers: ir.Table) -> ir.Table:
    """The statements that may tie records together.

    A record without a name under a blocked card, user or customer number is a till's account or
    a system's placeholder, and not someone: nothing that it states ties.
    """
    blocked = blocked_identifiers.select("kind", "value")
    may_tie = statements.filter(
        ~statements["is_junk"] & ~statements["kind"].isin(kinds(Reach.GROUP))
    )
    accounts = statements.filter(statements["kind"].isin(kinds(Reach.ACCOUNT)))
    under_blocked = accounts.semi_join(blocked, ["kind", "value"])
    nobody = numbered.filter(states_no_name(numbered)).semi_join(under_blocked, "person_number")
    return may_tie.anti_join(blocked, ["kind", "value"]).anti_join(nobody, "person_number")


def mailbox_counts(statements: ir.Table) -> ir.Table:
    """How many e-mail addresses each record states that states any."""
    stated = statements.filter((statements["kind"] == "email") & ~statements["is_junk"])
    return stated.group_by("person_number").aggregate(addresses=stated.count())


def without_second_addresses(statements: ir.Table) -> ir.Table:
    """Leave out the e-mail addresses of records that state several: each may be someone else's."""
    counts = mailbox_counts(statements)
    several = counts.filter(counts["addresses"] > 1)
    emails = statements.filter(statements["kind"] == "email").anti_join(several, "person_number")
    return statements.filter(statements["kind"] != "email").union(emails)


def _letters(name: ir.StringColumn) -> ir.StringColumn:
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
    cleared = joined.select(
        "person_number",
        "source",
        kind=ibis.ifelse(joined["address"].notnull(), "email", joined["kind"]),
        value=ibis.coalesce(joined["address"], joined["value"]),
        is_junk=joined["is_junk"],
    )
    return engine.keep(cleared.distinct())
