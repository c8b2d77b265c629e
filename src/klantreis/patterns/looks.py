"""Every look that the scan takes: a group beside the others, a channel beside the others, a course in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from klantreis.patterns.estimates import Difference, Sums, difference, is_enough
from klantreis.patterns.joined_measure import CHANNELS_ARE_MADE_OF, JoinedMeaning
from klantreis.patterns.joined_measures import ALL, BY_NEED, BY_ORIENTATION
from klantreis.patterns.trends import FEWEST_MONTHS, trend

__all__ = ["UNKNOWN", "Look", "Place", "looks"]

# What the groups of a segmentation are made of. One that is not here may be made of anything, and
# is not compared. Who buys more often is recognised more often on other channels, so that groups by
# purchases differ in `recognition` too; and who never bought is a group of its own in most.
BY_PURCHASES = frozenset({"frequency", "recency", "recognition"})
MADE_OF: Mapping[str, frozenset[str]] = {
    "rfm": BY_PURCHASES | {"revenue"},
    "value": BY_PURCHASES | {"revenue"},
    "channel": BY_PURCHASES | {"purchase_channel"},
    "category": BY_PURCHASES | {"category"},
    "rhythm": BY_PURCHASES | {"history"},
    "discount": BY_PURCHASES | {"discount"},
    "tenure": BY_PURCHASES | {"history"},
    "age": frozenset(),
    "household": frozenset(),
    "language": frozenset(),
    "daypart": frozenset({"purchase_channel", "recognition"}),  # stores have opening hours
    BY_NEED: frozenset({"voice"}),
    BY_ORIENTATION: frozenset({"orientation"}),
}
UNKNOWN = "_unknown"  # a group of whom we know less, not of whom something is different
MOST_MONTHS = 24
MONTHS_OF_JUMP = 3
YEAR = 12


@dataclass(frozen=True, order=True)
class Place:
    """Where a measure is looked at: of which group, in which channel."""

    measure: str
    segmentation: str = ALL
    segment: str = ALL
    at_channel: str = ALL


@dataclass(frozen=True)
class Look:
    """One comparison.

    Attributes:
        kind: `segment`, `channel`, `trend` or `jump`.
        place: what is looked at.
        value, rest: the measure there, and of what it is held against: the other groups or
            channels, or the months before; of a trend the ends of the fitted line.
        one, other: the sums of both sides; of a trend those of its later and earlier half.
        difference: None where there is too little for a comparison.
        starts, ends: first and last month that it is about, as `2026-05`; empty for the whole period.
        rest_starts, rest_ends: those of the months before, of a jump.
    """

    kind: str
    place: Place
    one: Sums
    other: Sums
    value: float | None
    rest: float | None
    difference: Difference | None
    starts: str = ""
    ends: str = ""
    rest_starts: str = ""
    rest_ends: str = ""


Months = Mapping[str, Sums]


def looks(
    rows: Iterable[Mapping[str, object]], meanings: Mapping[str, JoinedMeaning]
) -> Iterator[Look]:
    """Take every look that is not a matter of definition.

    Args:
        rows: of table `joined_measures`.
        meanings: of the measures, by code.
    """
    cells = _cells(rows)
    groups = _groups(cells)
    sums = {
        name: reduce(add, (cells[place][ALL] for place in places))
        for name, places in groups.items()
    }
    for place, months in cells.items():
        meaning = meanings.get(place.measure)
        if meaning is None or _is_by_definition(place, meaning):
            continue
        is_share = meaning.unit == "share"
        beside = groups.get(_group_of(place), ())
        # Of two the look at the first says it all.
        if place in beside[:1] or (place in beside and len(beside) > 2):
            kind = "channel" if place.segmentation == ALL else "segment"
            others = sums[_group_of(place)] - months[ALL]
            yield _beside(kind, place, months[ALL], others, is_share=is_share)
        if meaning.is_steady:
            yield from _over_time(place, months, cells, is_share=is_share)


def _cells(rows: Iterable[Mapping[str, object]]) -> Mapping[Place, Months]:
    cells: dict[Place, dict[str, Sums]] = defaultdict(dict)
    names = ("customers", "top", "bottom", "top_squared", "bottom_squared", "cross")
    for row in rows:
        place = Place(*(str(row[name]) for name in Place.__dataclass_fields__))
        cells[place][str(row["month"])] = Sums(*(row[name] for name in names))  # type: ignore[arg-type]  # the contract's types
    return dict(cells)


def _is_by_definition(place: Place, meaning: JoinedMeaning) -> bool:
    """Whether a difference there would only say what the group or the measure is."""
    made_of: frozenset[str] = frozenset()
    if place.segmentation != ALL:
        if place.segmentation not in MADE_OF or place.segment.endswith(UNKNOWN):
            return True
        made_of |= MADE_OF[place.segmentation]
    if place.at_channel != ALL:
        made_of |= CHANNELS_ARE_MADE_OF
    return bool(made_of & set(meaning.rests_on))


def _group_of(place: Place) -> Place:
    """What a place is one of: the segments of a segmentation in a channel, or the channels."""
    if place.segmentation == ALL:
        return Place(place.measure)
    return Place(place.measure, place.segmentation, ALL, place.at_channel)


def _groups(cells: Mapping[Place, Months]) -> Mapping[Place, Sequence[Place]]:
    """The places that are held against each other."""
    groups: dict[Place, list[Place]] = defaultdict(list)
    for place, months in sorted(cells.items()):
        if ALL in months and place != Place(place.measure) and not place.segment.endswith(UNKNOWN):
            groups[_group_of(place)].append(place)
    return groups


def _beside(kind: str, place: Place, one: Sums, other: Sums, *, is_share: bool) -> Look:
    enough = is_enough(one, other, is_share=is_share)
    return Look(
        kind,
        place,
        one,
        other,
        one.value if one.bottom else None,
        other.value if other.bottom else None,
        difference(one, other, is_share=is_share) if enough else None,
    )


def _over_time(
    place: Place, months: Months, cells: Mapping[Place, Months], *, is_share: bool
) -> Iterator[Look]:
    whole = _whole_months(cells.get(Place(place.measure), {}))
    course = [(month, months.get(month, Sums())) for month in whole[-MOST_MONTHS:]]
    if len(course) < FEWEST_MONTHS or ALL not in months or len(months) == 1:
        return
    yield _trend(place, course, is_share=is_share)
    yield _jump(place, course, is_share=is_share)


def _whole_months(months: Months) -> Sequence[str]:
    """The months of a measure without the first and the last, which may be half seen."""
    return sorted(month for month in months if month != ALL)[1:-1]


def _trend(place: Place, course: Sequence[tuple[str, Sums]], *, is_share: bool) -> Look:
    sums = [one for _, one in course]
    found = trend(sums, is_share=is_share)
    half = len(sums) // 2
    return Look(
        "trend",
        place,
        reduce(add, sums[half:]),
        reduce(add, sums[:half]),
        found.last if found else None,
        found.first if found else None,
        found.change if found else None,
        course[0][0],
        course[-1][0],
    )


def _jump(place: Place, course: Sequence[tuple[str, Sums]], *, is_share: bool) -> Look:
    """The last three months beside the same ones a year before, else beside those before them."""
    back = YEAR if len(course) >= MONTHS_OF_JUMP + YEAR else MONTHS_OF_JUMP
    now = course[-MONTHS_OF_JUMP:]
    before = course[-MONTHS_OF_JUMP - back : len(course) - back]
    one, other = (reduce(add, (sums for _, sums in part)) for part in (now, before))
    look = _beside("jump", place, one, other, is_share=is_share)
    return Look(
        look.kind, place, one, other, look.value, look.rest, look.difference,
        now[0][0], now[-1][0], before[0][0], before[-1][0],
    )  # fmt: skip
