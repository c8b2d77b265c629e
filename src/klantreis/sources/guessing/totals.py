"""Totals of purchases in one line a customer: which columns make them, and why some do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

from klantreis.sources.guessing.kinds import Kinds
from klantreis.sources.guessing.naming import Assigned, meanings
from klantreis.sources.guessing.samples import Sample

__all__ = [
    "FIRST",
    "NO_TOTALS",
    "SIDES",
    "TOTALS",
    "are_one_line_each",
    "of_side",
    "sides_told",
    "with_totals",
]

# What a total cannot do without, and what the guess says when it is not there.
NEEDED: Mapping[str, str] = {
    "orders_count": "totals_without_number",
    "orders_amount": "totals_without_amount",
    "last_ordered_at": "totals_without_last",
}
FIRST = "first_ordered_at"
SIDES = ("web", "store")
ALL = ""  # sides together
WHO = ("customer_number", "loyalty_card", "email", "phone", "mobile", "cookie")
WITHOUT_PERSON, REPEATED = "totals_without_person", "totals_repeated"
NO_TOTALS = (*NEEDED.values(), WITHOUT_PERSON, REPEATED)
NEARLY_ALL = 0.9
REPEATING = 0.01  # of the people have several totals, or their rows are parts of one
AT_LEAST = 2


def of_side(side: str, means: str) -> str:
    """What a column means that tells of one side only, as `web_orders_count`."""
    return f"{side}_{means}" if side else means


TOTALS = frozenset(of_side(side, one) for side in (ALL, *SIDES) for one in (*NEEDED, FIRST))


def sides_told(given: Set[str]) -> tuple[str, ...]:
    """The sides of which columns tell a whole total: `web`, `store`, or one empty text for all
    together. Never the same purchases twice."""
    told = [side for side in (ALL, *SIDES) if not _lacking(side, given)]
    if ALL in told and len(told) <= len(SIDES):
        return (ALL,)
    return tuple(side for side in told if side)


def with_totals(
    sample: Sample,
    kinds: Mapping[str, Kinds],
    assigned: Assigned,
    said: Mapping[str, str],
) -> tuple[Assigned, tuple[str, ...]]:
    """Of what columns of a list of people mean, the totals that can be used, and why others cannot.

    Args:
        assigned: by column what it means and how sure.
        said: what somebody said of columns; that stays.

    Returns:
        Without the columns of totals that are not used, and codes of doubts.
    """
    column_of = {means: column for column, (means, _) in assigned.items()}
    if not _is_of_channels(kinds, column_of) and column_of.get("channel") not in said:
        column_of.pop("channel", None)
    doubts = _doubts(sample, column_of)
    sides = sides_told(column_of.keys()) if not {WITHOUT_PERSON, REPEATED} & set(doubts) else ()
    used = {of_side(side, one) for side in sides for one in (*NEEDED, FIRST)}
    if any(of_side(side, FIRST) not in column_of for side in sides):
        used.add(FIRST)
    if sides == (ALL,) and "channel" in column_of:
        used.add("channel")
    kept = {
        column: (means, sureness)
        for column, (means, sureness) in assigned.items()
        if means in used or means not in (*TOTALS, "channel") or column in said
    }
    return kept, doubts


def are_one_line_each(sample: Sample, column_of: Mapping[str, str]) -> bool:
    """Whether hardly any person stands in more than one row."""
    people = [person for person in _people(sample, column_of) if person]
    return bool(people) and len(set(people)) >= NEARLY_ALL * len(people)


def _doubts(sample: Sample, column_of: Mapping[str, str]) -> tuple[str, ...]:
    """Why totals that are there, or a part of them, are not used."""
    given = column_of.keys()
    begun = [
        side
        for side in (ALL, *SIDES)
        if {of_side(side, "orders_count"), of_side(side, "orders_amount")} & given
    ]
    if not begun:
        return ()
    if not given & set(WHO):
        return (WITHOUT_PERSON,)
    if _is_repeated(sample, column_of):
        return (REPEATED,)
    told = sides_told(given)
    if told in ((ALL,), SIDES):
        return ()  # what else is there is part of them
    if told and len(_lacking(ALL, given)) > 1:
        begun = [side for side in begun if side]  # what is there of all tells nothing of the rest
    lacking = {one for side in begun for one in _lacking(side, given)}
    return tuple(code for one, code in NEEDED.items() if one in lacking)


def _lacking(side: str, given: Set[str]) -> tuple[str, ...]:
    return tuple(one for one in NEEDED if of_side(side, one) not in given)


def _people(sample: Sample, column_of: Mapping[str, str]) -> list[str | None]:
    """By row the surest that it says of who it is."""
    columns = [sample.columns[column_of[means]] for means in WHO if means in column_of]
    return [next(filter(None, row), None) for row in zip(*columns, strict=True)]


def _is_repeated(sample: Sample, column_of: Mapping[str, str]) -> bool:
    """Whether people have several totals, as of each year; those of a channel are apart."""
    numbers = [
        sample.columns[column]
        for means, column in column_of.items()
        if means in TOTALS and not means.endswith("_at")
    ]
    channels = sample.columns[column_of["channel"]] if "channel" in column_of else None
    seen: dict[tuple[str, str | None], set[tuple[str | None, ...]]] = defaultdict(set)
    for row, person in enumerate(_people(sample, column_of)):
        if person:
            channel = channels[row] if channels else None
            seen[person, channel].add(tuple(values[row] for values in numbers))
    several = sum(len(own) > 1 for own in seen.values())
    return several >= max(AT_LEAST, REPEATING * len(seen))


def _is_of_channels(kinds: Mapping[str, Kinds], column_of: Mapping[str, str]) -> bool:
    """Whether a column tells where was bought, in words that are known, and not how they came."""
    if "channel" not in column_of:
        return False
    words = [word.lower() for word in kinds[column_of["channel"]].words]
    return bool(words) and all(word in meanings()["channel"] for word in words)
