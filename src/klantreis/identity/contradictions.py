"""When two named records cannot be one human being."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from klantreis.engine import Engine
from klantreis.identity.call_names import BETWEEN, call_names
from klantreis.identity.clustering import GENERATION

__all__ = [
    "OTHER",
    "alike_groups",
    "are_not_namesakes",
    "are_others",
    "are_strangers",
    "contradictions",
    "named_people",
    "namesakes",
]

OTHER = "other_"


def named_people(records: ir.Table, groups: ir.Table) -> ir.Table:
    """What the records of each group say about who they are.

    Returns:
        `group`, `first`, `last`, `birth_on`; records without any name are left out.
    """
    named = records.filter(records["first"].notnull() | records["last"].notnull())
    placed = named.join(groups, "person_number")
    return placed.select("group", "first", "last", "birth_on")


def contradictions(
    bundles: ir.Table,
    people: ir.Table,
    *,
    by: str,
    contradict: Callable[[ir.Table], ir.BooleanColumn],
    engine: Engine,
) -> ir.Table:
    """The bundles that would bring together two people who contradict each other.

    Args:
        bundles: columns `by`, `group` and `is_personal`: which groups would be joined by what.
        people: as `named_people` returns them.
        by: column that numbers a bundle.
        contradict: from a pair (the second's columns begin with `other_`) to whether they differ.

    Returns:
        Column `by`, each bundle once.
    """
    members = engine.keep(bundles.join(people, "group").distinct())
    pairs = _pairs(members.semi_join(_varied(members, by), by), by, "group")
    return engine.keep(pairs.filter(contradict(pairs)).select(by).distinct())


def namesakes(contesting: ir.Table, records: ir.Table, *, engine: Engine) -> ir.Table:
    """The records that state the same contested value and bear the same name.

    Args:
        contesting: `person_number`, `value_number`, `kind` and `is_personal` of the values in
            conflict.
        records: names and birth dates of the records.

    Returns:
        Pairs of record numbers, `left` and `right`, and the `kind` that ties them.
    """
    named = records.drop("person_id")
    people = engine.keep(contesting.join(named, "person_number"))
    pairs = _pairs(people, "value_number", "person_number")
    same = pairs.filter(are_namesakes(pairs))
    return engine.keep(
        same.select("kind", left="person_number", right=f"{OTHER}person_number").distinct()
    )


def alike_groups(bundles: ir.Table, people: ir.Table, *, by: str, engine: Engine) -> ir.Table:
    """The groups in one bundle that bear the same name.

    Args:
        bundles: columns `by` and `group`.
        people: as `named_people` returns them.

    Returns:
        Pairs of groups, `left` and `right`, each once.
    """
    members = bundles.select(by, "group").mutate(is_personal=False)
    named = engine.keep(members.join(people, "group").distinct())
    pairs = _pairs(named, by, "group")
    same = pairs.filter(are_namesakes(pairs))
    return engine.keep(same.select(left="group", right=f"{OTHER}group").distinct())


def _varied(members: ir.Table, by: str) -> ir.Table:
    """Bundles in which names or birth dates differ at all: pairs are dear, and most agree."""
    said = {name: members[name] for name in ("first", "last", "birth_on")}
    ranges = members.group_by(by).aggregate(
        **{f"{name}_low": value.min() for name, value in said.items()},
        **{f"{name}_high": value.max() for name, value in said.items()},
        shortest=members["first"].length().min(),
    )
    differ = [ranges[f"{name}_low"] != ranges[f"{name}_high"] for name in said]
    return ranges.filter(ibis.or_(ranges["shortest"] == 1, *differ))


def _pairs(people: ir.Table, by: str, member: str) -> ir.Table:
    """Every two members of a bundle, the second's columns with `other_` before them."""
    other = people.rename({f"{OTHER}{name}": name for name in people.columns})
    return people.join(
        other,
        [
            people[by] == other[f"{OTHER}{by}"],
            people[member] < other[f"{OTHER}{member}"],
        ],
    )


def are_others(pair: ir.Table) -> ir.BooleanColumn:
    """Two people: another first name, and not the same birth date.

    With an equal birth date it is a matter of spelling, or of a given name beside the name in
    daily use. Two names in each other's place are no other names.
    """
    was_born_alike = (pair["birth_on"] == pair[f"{OTHER}birth_on"]).fill_null(False)
    first, last = pair["first"] == pair[f"{OTHER}last"], pair["last"] == pair[f"{OTHER}first"]
    are_exchanged = (first & last).fill_null(False)
    return _other_first_name(pair) & ~was_born_alike & ~are_exchanged


def are_strangers(pair: ir.Table) -> ir.BooleanColumn:
    """Two people, as far as a mailbox goes, which a household may share.

    Those who are others; those of whom one does not say a first name, when both the family names and
    the birth dates are others (a single word alone may be what somebody calls themselves under a
    review); and those with birth dates a generation apart.
    """
    one, two = pair["birth_on"], pair[f"{OTHER}birth_on"]
    was_born_alike = ((one == two) | _born_about_alike(pair)).fill_null(False)
    lacks_a_name = pair["first"].isnull() | pair[f"{OTHER}first"].isnull()
    are_dated = one.notnull() & two.notnull()
    is_of_another_name = lacks_a_name & are_dated & _other_last_name(pair)
    is_of_another_name &= ~_names_are_exchanged(pair)
    older = (one.year() >= two.year() + GENERATION) | (two.year() >= one.year() + GENERATION)
    are_unlike = is_of_another_name | older.fill_null(False)
    return are_others(pair) | (are_unlike & ~was_born_alike)


def are_namesakes(pair: ir.Table) -> ir.BooleanColumn:
    """The same first and family name, and birth dates that differ by a slip of the pen at most.

    Where a birth date is lacking an initial is too little to go by, save for a mobile number,
    which hardly anyone shares.
    """
    one, two = pair["first"], pair[f"{OTHER}first"]
    born = pair["birth_on"] == pair[f"{OTHER}birth_on"]
    is_misspelled = (born & (one.substr(0, 1) == two.substr(0, 1))).fill_null(False)
    agree = (~_other_first_name(pair) | is_misspelled) & ~_other_last_name(pair)
    are_named = ibis.and_(
        *(pair[name].notnull() for name in ("first", "last", f"{OTHER}first", f"{OTHER}last"))
    )
    is_told = (one.length() > 1) & (two.length() > 1) | pair["is_personal"]
    return (are_named & agree & _born_about_alike(pair).fill_null(is_told)).fill_null(False)


def are_not_namesakes(pair: ir.Table) -> ir.BooleanColumn:
    """Not surely the same name: enough where the tie is only a household's."""
    return ~are_namesakes(pair)


def _born_about_alike(pair: ir.Table) -> ir.BooleanValue:
    """At most one of day, month and year differs, or day and month changed places."""
    one, two = pair["birth_on"], pair[f"{OTHER}birth_on"]
    same_year, same_month, same_day = (
        one.year() == two.year(),
        one.month() == two.month(),
        one.day() == two.day(),
    )
    swapped = same_year & (one.month() == two.day()) & (one.day() == two.month())
    one_differs = (same_year & same_month) | (same_year & same_day) | (same_month & same_day)
    return swapped | one_differs


def _other_first_name(pair: ir.Table) -> ir.BooleanColumn:
    one, two = pair["first"], pair[f"{OTHER}first"]
    is_short_form = one.startswith(two) | two.startswith(one)
    other_initial = one.substr(0, 1) != two.substr(0, 1)
    is_unlike = ~is_short_form & (other_initial | _spelled_otherwise(one, two))
    # As one text: thousands take longer to be written down than to be looked through, and they are
    # looked through for names that are unlike only.
    pairs = ibis.literal(" ".join(sorted(call_names()))).split(" ")
    is_call_name = pairs.contains(one + BETWEEN + two)
    return ibis.ifelse(is_unlike.fill_null(False), ~is_call_name, False)


def _other_last_name(pair: ir.Table) -> ir.BooleanColumn:
    one, two = pair["last"], pair[f"{OTHER}last"]
    # Some systems keep `van der` apart, others do not.
    has_prefix = one.endswith(two) | two.endswith(one)
    return (~has_prefix & _spelled_otherwise(one, two)).fill_null(False)


def _names_are_exchanged(pair: ir.Table) -> ir.BooleanValue:
    """Whether the family name of one is the first name of the other."""
    one = pair["last"] == pair[f"{OTHER}first"]
    two = pair["first"] == pair[f"{OTHER}last"]
    return one.fill_null(False) | two.fill_null(False)


def _spelled_otherwise(one: ir.StringValue, two: ir.StringValue) -> ir.BooleanValue:
    """More than a third of the letters differ: more than a slip of the finger."""
    return one.levenshtein(two) * 3 > ibis.greatest(one.length(), two.length())
