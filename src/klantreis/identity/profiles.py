"""What a record says about who someone is, in a form that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.normalise import normalised_postcode, told_birth
from klantreis.identity.spelling import (
    birth_name,
    first_word,
    house_number,
    last_word,
    plain,
    sound,
    street_name,
    without_prefix,
)
from klantreis.identity.statements import NAMES_OF, UNFIT
from klantreis.identity.town_spellings import town_spellings

__all__ = [
    "COMPARED",
    "CONTACTS",
    "KEYS",
    "described",
    "key_text",
    "key_words",
    "owned_addresses",
    "profiles",
    "telling",
    "told_contacts",
    "usual_domains",
]

COMPARED = (
    "first",
    "last",
    "last_a",
    "last_b",
    "sound",
    "names",
    "birth",
    "street",
    "number",
    "postcode",
    "town",
    "phone",
    "email",
    "mailbox",
)
CONTACTS = ("phone", "email", "email_sha256")  # identifiers that describe someone, too
FACTS = ("first", "last", "birth", "street", "postcode", "town", "phone", "email")
NOT_A_NAME = ("onbekend", "unknown", "anoniem", "anonymous", "test", "nvt", "geen", "none", "null")
USUAL_DOMAIN = 0.001  # share of all addresses from which a domain is anybody's
FEWEST_OWNERS = 10

KEYS: Mapping[str, tuple[str, ...]] = {
    "names": ("first", "last"),
    "names_swapped": ("names",),
    "birth_heard": ("birth", "sound"),
    "birth_first": ("birth", "first"),
    "birth_area": ("birth", "area"),
    "birth_town": ("birth", "town"),
    "postcode": ("postcode",),
    "street": ("street", "number"),
    "town_heard": ("town", "sound"),
    "area_heard": ("area", "sound"),
    "starts": ("first_start", "last_start"),
    "initial_heard": ("initial", "sound"),
    "year_last": ("year", "last"),
    "day_heard": ("day", "sound"),
    "town_year": ("town", "year"),
    "town_first": ("town", "first"),
    "birth": ("birth",),
    "town_day": ("town", "day"),
    "domain": ("domain",),
    "phone": ("phone",),
    "mailbox": ("mailbox",),
}


def profiles(
    records: ir.Table,
    stated: ir.Table,
    blocked_identifiers: ir.Table,
    usual: ir.Table,
    *,
    engine: Engine,
    country: str,
    homes: Sequence[str],
) -> ir.Table:
    """One row a way in which a group of records describes itself, with the keys to look it up by.

    Records of one group that say the same are one profile; those that say too little to compare
    (fewer than two facts, or nothing of a name or a birth date) are left out.

    Args:
        records: what describes someone, with `person_id`, `person_number` and `group`.
        stated: the identifiers of `CONTACTS`, as `statements` returns them.
        blocked_identifiers: what points to many people or to nobody says nothing here either;
            what contradicting people state is weighed with the rest.
        usual: domains at which anybody may have an address, as `usual_domains` returns them.
        country: ISO code; towns of records without a country are looked for there.
        homes: countries of which towns are corrected, as `known_homes` returns them.

    Returns:
        `record` (the lowest number of the records), `group`, the columns of `COMPARED`, and a
        column `key_...` for each of `KEYS`: equal for records that may be worth comparing.
    """
    spelled = _spelled(_in_one_town(records, engine, country, homes), engine)
    contacts = _contacts(records, stated, blocked_identifiers, usual, engine)
    told = spelled.left_join(contacts, "person_id").drop("person_id_right")
    told = _named(told.rename(street="street_form", postcode="postcode_form"))
    told = told.filter(telling(told))
    once = told.group_by("group", *COMPARED).aggregate(record=told["person_number"].min())
    return engine.keep(_with_keys(engine.keep(once)))


def described(records: ir.Table, *, keep: Callable[[ir.Table], ir.Table]) -> ir.Table:
    """What records say in its comparable form, as `profiles` has it; row by row.

    Args:
        records: what describes someone, with `phone`, `address`, `is_usual_domain` (as
            `told_contacts` takes them).
        keep: computes what was made so far, for an engine that would begin anew each time.

    Returns:
        The columns of `COMPARED`.
    """
    told = records.mutate(birth=_birth(records), house=plain(records["house_number"]))
    for forms in FORMS.values():
        for form in forms:
            told = keep(form(told))
    told = told.mutate(
        number=house_number(told["house"], told["street_number"]), **told_contacts(told)
    )
    told = told.drop("street", "postcode")
    told = _named(told.rename(street="street_form", postcode="postcode_form"))
    return told.select(*COMPARED)


def telling(told: ir.Table) -> ir.BooleanValue:
    """Whether enough is said to compare: two facts, of which something of who it is."""
    said = sum((told[name].notnull().cast("int8") for name in FACTS), ibis.literal(0))
    is_someone = told["last"].notnull() | told["first"].notnull() | told["birth"].notnull()
    return is_someone & (said >= 2)


def _named(told: ir.Table) -> ir.Table:
    low, high = (pick(told["first"], told["last"]) for pick in (ibis.least, ibis.greatest))
    both = told["first"].notnull() & told["last"].notnull()
    return told.mutate(names=ibis.ifelse(both, low + "|" + high, ibis.null("string")))


def _birth(records: ir.Table) -> ir.StringValue:
    return told_birth(records["birth_on"]).cast("string")


def _in_one_town(records: ir.Table, engine: Engine, country: str, homes: Sequence[str]) -> ir.Table:
    """The records with their town in one way of writing."""
    placed = records.mutate(home=records["country"].fill_null(country)).drop("country")
    towns = town_spellings(placed, engine=engine, homes=homes)
    named = placed.left_join(towns, ["city", "home"])
    return named.mutate(city=named["town"]).drop("city_right", "home_right", "home", "town")


def _spelled(persons: ir.Table, engine: Engine) -> ir.Table:
    """The records with every detail in its comparable form.

    A form is made once for each way of writing: names and towns are few beside records.
    """
    spelled = persons.select(
        "person_number",
        "person_id",
        "group",
        *FORMS,
        birth=_birth(persons),
        house=plain(persons["house_number"]),
    )
    for column, forms in FORMS.items():
        ways = engine.keep(spelled.select(column).filter(spelled[column].notnull()).distinct())
        for form in forms:
            ways = engine.keep(form(ways))
        spelled = spelled.left_join(ways, column).drop(f"{column}_right", column)
    number = house_number(spelled["house"], spelled["street_number"])
    return engine.keep(spelled.mutate(number=number).drop("house", "street_number"))


def _given(ways: ir.Table) -> ir.Table:
    return ways.mutate(first=_unless(first_word(plain(ways["first_name"])), NOT_A_NAME))


def _family(ways: ir.Table) -> ir.Table:
    last = _unless(without_prefix(plain(ways["last_name"])), NOT_A_NAME)
    # Of `Maria V.` nothing is known but the first name: half the country is called V.
    return ways.mutate(last=ibis.ifelse(last.length() > 1, last, ibis.null("string")))


def _parts(ways: ir.Table) -> ir.Table:
    last = ways["last"]
    return ways.mutate(last=last.replace(" ", ""), last_a=birth_name(last), last_b=last_word(last))


def _heard(ways: ir.Table) -> ir.Table:
    return ways.mutate(sound=sound(ways["last_b"]))


def _street(ways: ir.Table) -> ir.Table:
    street = plain(ways["street"])
    return ways.mutate(street_form=street_name(street), street_number=street)


def _postcode(ways: ir.Table) -> ir.Table:
    code = normalised_postcode(ways["postcode"]).re_replace("[^0-9A-Z]", "").nullif("")
    return ways.mutate(postcode_form=code)


def _town(ways: ir.Table) -> ir.Table:
    return ways.mutate(town=plain(ways["city"]).replace(" ", ""))


FORMS: Mapping[str, tuple[Callable[[ir.Table], ir.Table], ...]] = {
    "first_name": (_given,),
    "last_name": (_family, _parts, _heard),
    "street": (_street,),
    "postcode": (_postcode,),
    "city": (_town,),
}


def _unless(text: ir.StringValue, values: tuple[str, ...]) -> ir.StringValue:
    return ibis.ifelse(text.isin(values), ibis.null("string"), text)


def _contacts(
    records: ir.Table,
    stated: ir.Table,
    blocked_identifiers: ir.Table,
    usual: ir.Table,
    engine: Engine,
) -> ir.Table:
    """The telephone number and the e-mail address of each record, if they are somebody's.

    An address that is made up of its owner's name says nothing that the name does not, unless its
    domain is a rare one; its user part does so only with a number of its own.
    """
    named = owned_addresses(records, stated, blocked_identifiers, engine)
    judged = named.left_join(usual.mutate(is_usual=True), "domain").drop("domain_right")
    judged = judged.mutate(is_usual_domain=judged["is_usual"].notnull())
    return judged.select("person_id", "phone", **told_contacts(judged))


def owned_addresses(
    records: ir.Table, stated: ir.Table, blocked_identifiers: ir.Table, engine: Engine
) -> ir.Table:
    """The telephone number and the e-mail address of each record, with its names.

    Returns:
        `person_id`, `phone`, `address`, `domain`, `first_name`, `last_name`.
    """
    fit = stated.filter(stated["kind"].isin(("phone", "email")) & ~stated["is_junk"])
    nobodys = blocked_identifiers.filter(blocked_identifiers["reason"].isin(UNFIT))
    fit = fit.anti_join(nobodys, NAMES_OF)
    one = fit.group_by("person_id").aggregate(
        phone=fit["value"].min(where=fit["kind"] == "phone"),
        address=fit["value"].min(where=fit["kind"] == "email"),
    )
    named = one.join(records, "person_id")
    return engine.keep(
        named.select(
            "person_id",
            "phone",
            "address",
            "first_name",
            "last_name",
            domain=named["address"].re_replace("^.*@", ""),
        )
    )


def usual_domains(stated: ir.Table) -> ir.Table:
    """The domains at which anybody may have an address, of all that are stated: `domain`.

    Args:
        stated: as `statements` returns them.
    """
    emails = stated.filter(stated["kind"] == "email")
    stated = emails.select(domain=emails["value"].re_replace("^.*@", ""))
    sizes = stated.group_by("domain").aggregate(owners=stated.count())
    judged = sizes.cross_join(stated.aggregate(addresses=stated.count()))
    usual = ibis.greatest(judged["addresses"] * USUAL_DOMAIN, FEWEST_OWNERS)
    return judged.filter(judged["owners"] > usual).select("domain")


def told_contacts(judged: ir.Table) -> Mapping[str, ir.StringValue]:
    """What an address says beside the name: `email` and `mailbox`.

    Args:
        judged: with `address`, `is_usual_domain`, `first_name`, `last_name`.
    """
    user = judged["address"].re_replace("@.*$", "").re_replace(r"[+].*$", "")
    letters = user.re_replace("[^a-z]", "")
    names = [last_word(plain(judged[f"{part}_name"])) for part in ("first", "last")]
    is_named = ibis.or_(
        *(((name.length() >= 3) & letters.contains(name)).fill_null(False) for name in names)
    )
    is_own = ~is_named | ~judged["is_usual_domain"]
    has_number = user.re_search("[0-9].*[0-9].*[0-9]")
    is_long = user.length() >= 6
    nothing = ibis.null("string")
    return {
        "email": ibis.ifelse(is_own, judged["address"], nothing),
        "mailbox": ibis.ifelse(is_long & (is_own | has_number), user, nothing),
    }


def _with_keys(told: ir.Table) -> ir.Table:
    words = key_words(told)
    keys = {f"key_{name}": key_text(words, parts).hash() for name, parts in KEYS.items()}
    return words.select("record", "group", *COMPARED, **keys)


def key_words(told: ir.Table) -> ir.Table:
    """What is compared, with the parts of it that keys are made of."""
    return told.mutate(
        initial=told["first"].substr(0, 1),
        first_start=told["first"].substr(0, 3),
        last_start=told["last"].substr(0, 3),
        area=told["postcode"].substr(0, 3),
        year=told["birth"].substr(0, 4),
        day=told["birth"].substr(5),
        domain=told["email"].re_replace("^.*@", ""),
    )


def key_text(words: ir.Table, parts: tuple[str, ...]) -> ir.StringValue:
    """What must be equal: words with a stripe between, empty as soon as one is."""
    text = words[parts[0]]
    for part in parts[1:]:
        text = text + "|" + words[part]
    return text
