"""Records that tell no more than a name, and the customers of that name of whom more is known."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.statements import NAMES_OF, UNFIT

__all__ = [
    "BORN",
    "MOMENTS",
    "Bearers",
    "Records",
    "bearers",
    "known_to",
    "namesakes_of",
    "with_evidence",
]

MORE_THAN_A_NAME = ("birth", "street", "postcode", "town", "phone")
# A name that more bear than this says so little of each that nothing else can make up for it.
MOST_BEARERS = 12
DAY = 86_400  # seconds
# How many days after the other record a record was made, at most; longer is the last level.
MOMENTS = (
    ("over_a_year_before", -365),
    ("year_before", -91),
    ("season_before", -30),
    ("month_before", -7),
    ("week_before", -1),
    ("day", 1),
    ("week_after", 7),
    ("month_after", 30),
    ("season_after", 91),
    ("year_after", 365),
)
# Whether the figures in the e-mail address are those of the other's year of birth.
BORN = ("same",)
LAST_FIGURES = r"(?:^|[^0-9])([0-9]{4}|[0-9]{2})[^0-9]*$"
FULL_NAME = ["first", "last"]


@dataclass(frozen=True)
class Records:
    """What is told of all records, each table as in its contract."""

    person_profiles: ir.Table
    identifier_groups: ir.Table
    persons: ir.Table
    stated_identifiers: ir.Table
    blocked_identifiers: ir.Table


@dataclass(frozen=True)
class Bearers:
    """Groups of records with a full name.

    Attributes:
        bare: `group`, `record`, `first`, `last`, `source`: that tell nothing else to compare.
        others: `group`, `record`, `first`, `last`: of which more is known.
    """

    bare: ir.Table
    others: ir.Table


def bearers(records: Records, *, engine: Engine, names: ir.Table | None = None) -> Bearers:
    """Tell the records with nothing but a name from the others.

    An e-mail address does not count as more: had anybody else stated it, it would have tied them.

    Args:
        names: `first` and `last` of the bare records that are asked for; None for all.
    """
    told = records.person_profiles
    more = ibis.or_(*(told[name].notnull() for name in MORE_THAN_A_NAME))
    every = told.group_by("group").aggregate(is_more=more.any())
    is_named = (told["first"].length() > 1) & told["last"].notnull()
    once = told.filter(is_named).group_by("group", *FULL_NAME)
    named = once.aggregate(record=told["record"].min()).join(every, "group")
    named = engine.keep(named.select("group", "record", *FULL_NAME, "is_more"))
    bare = named.filter(~named["is_more"]).drop("is_more")
    bare = engine.keep(bare if names is None else bare.semi_join(names, FULL_NAME))
    placed = records.identifier_groups.select("person_id", record="person_number")
    sources = _with_source(engine.keep(placed.semi_join(bare, "record")), records)
    return Bearers(
        engine.keep(bare.join(sources.select("record", "source"), "record")),
        engine.keep(named.filter(named["is_more"]).drop("is_more")),
    )


def known_to(groups: ir.Table, records: Records, *, engine: Engine) -> ir.Table:
    """Which sources know some groups: `group` and `source`."""
    placed = records.identifier_groups.select("person_id", "group")
    sources = _with_source(engine.keep(placed.semi_join(groups, "group")), records)
    return sources.select("group", "source").distinct()


def _with_source(placed: ir.Table, records: Records) -> ir.Table:
    return placed.join(records.persons.select("person_id", "source"), "person_id")


def namesakes_of(known: Bearers, units: ir.Table, records: Records, *, engine: Engine) -> ir.Table:
    """The customers with the full name of each bare record, unless too many bear it.

    Args:
        units: `group` and `unit` of the others: groups of one unit are one customer.

    Returns:
        `bare` (a group), `unit`, `source` (of the bare record), `is_known` (whether that source
        knows the customer, too), `first` and `last`, `first_share` and `last_share` (part of the
        others that bear each); a row for each bare record and unit.
    """
    alike = known.others.semi_join(known.bare, FULL_NAME)
    named = engine.keep(alike.join(units, "group").select("unit", *FULL_NAME).distinct())
    counted = named.group_by(FULL_NAME).aggregate(bearers=named.count())
    few = counted.filter(counted["bearers"] <= MOST_BEARERS).select(FULL_NAME)
    wanted = engine.keep(known.bare.semi_join(few, FULL_NAME))
    pairs = wanted.select(*FULL_NAME, "source", bare="group").join(named, FULL_NAME)
    pairs = engine.keep(pairs.select("bare", "unit", "source", *FULL_NAME))
    theirs = engine.keep(units.semi_join(pairs, "unit"))
    knowing = known_to(theirs, records, engine=engine).join(theirs, "group")
    knowing = knowing.select("unit", "source", is_known=True)
    told = pairs.left_join(knowing.distinct(), ["unit", "source"])
    told = told.mutate(is_known=told["is_known"].fill_null(False))
    for name in FULL_NAME:
        told = told.join(_shares(known.others, pairs, name), name)
    shares = (f"{name}_share" for name in FULL_NAME)
    return engine.keep(told.select("bare", "unit", "source", *FULL_NAME, *shares, "is_known"))


def _shares(others: ir.Table, wanted: ir.Table, name: str) -> ir.Table:
    """The part of the others that bears each name of those wanted."""
    every = others.aggregate(every=others.count())
    bearing = others.semi_join(wanted, name)
    counted = bearing.group_by(name).aggregate(bearers=bearing.count()).cross_join(every)
    return counted.select(name, **{f"{name}_share": counted["bearers"] / counted["every"]})


def with_evidence(
    pairs: ir.Table,
    units: ir.Table,
    records: Records,
    *,
    engine: Engine,
) -> ir.Table:
    """What else speaks for or against each pair: moments, and figures in an e-mail address.

    Args:
        pairs: with `bare` (a group) and `unit`.
        units: `group` and `unit`.

    Returns:
        The pairs with `moment` and `born`, each the place of the level in `MOMENTS` and `BORN`, one
        more when it is further off, and empty where one of the two lacks it.
    """
    once = engine.keep(pairs.select("bare", "unit").distinct())
    placed = _placed(once, units, records.identifier_groups, engine)
    persons = records.persons.semi_join(placed, "person_id")
    made = persons.filter(persons["created_at"].notnull()).join(placed, "person_id")
    made = engine.keep(made.select("group", made_at=made["created_at"].epoch_seconds()))
    theirs = made.join(units, "group").select("unit", other_made_at="made_at")
    gaps = once.join(made.rename(bare="group"), "bare").join(theirs, "unit")
    days = (gaps["made_at"] - gaps["other_made_at"]) / DAY
    nearest = gaps.group_by("bare", "unit").aggregate(days=days.argmin(days.abs()))
    levels = ((nearest["days"] < most, place) for place, (_, most) in enumerate(MOMENTS))
    moment = nearest.select("bare", "unit", moment=ibis.cases(*levels, else_=len(MOMENTS)))
    figures = _figures(once, placed, records.stated_identifiers, records.blocked_identifiers)
    profiles = records.person_profiles
    births = profiles.filter(profiles["birth"].notnull()).join(units, "group")
    dated = once.join(figures, "bare").join(births.select("unit", "birth").distinct(), "unit")
    year = dated["birth"].substr(0, 4)
    agrees = (dated["figures"] == year) | (dated["figures"] == year.substr(2, 2))
    born = dated.group_by("bare", "unit").aggregate(agrees=agrees.any())
    born = born.select("bare", "unit", born=ibis.ifelse(born["agrees"], 0, len(BORN)))
    told = once.left_join(engine.keep(moment), ["bare", "unit"])
    told = told.drop("bare_right", "unit_right").left_join(engine.keep(born), ["bare", "unit"])
    told = engine.keep(told.select("bare", "unit", "moment", "born"))
    return engine.keep(pairs.join(told, ["bare", "unit"]))


def _placed(
    pairs: ir.Table, units: ir.Table, identifier_groups: ir.Table, engine: Engine
) -> ir.Table:
    """The records of both sides of the pairs, `person_id` and `group`: few where few are new."""
    either = pairs.select(group="bare").union(units.semi_join(pairs, "unit").select("group"))
    wanted = engine.keep(either.distinct())
    return engine.keep(identifier_groups.select("person_id", "group").semi_join(wanted, "group"))


def _figures(
    pairs: ir.Table, placed: ir.Table, stated: ir.Table, blocked_identifiers: ir.Table
) -> ir.Table:
    """Two or four figures at the end of the e-mail address of each bare group: `bare`, `figures`."""
    emails = stated.semi_join(placed, "person_id")
    emails = emails.filter((emails["kind"] == "email") & ~emails["is_junk"])
    unfit = blocked_identifiers.filter(blocked_identifiers["reason"].isin(UNFIT))
    own = emails.anti_join(unfit, NAMES_OF).join(placed, "person_id")
    own = own.semi_join(pairs, own["group"] == pairs["bare"])
    told = own.select(
        bare="group", figures=own["value"].re_replace("@.*$", "").re_extract(LAST_FIGURES, 1)
    )
    return told.filter(told["figures"] != "").distinct()
