"""Which town people mean, whatever they wrote."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from klantreis.identity.gazetteer import COUNTRIES, Gazetteer, Town, gazetteer
from klantreis.identity.town_words import heard, is_part_of_town, key, province_of, words

__all__ = ["is_named", "town_names"]

SHORTENED = re.compile(r"^\W*([a-z])\s*['’`´.]\s*([a-z]{2,})\W*$")  # A'dam
SIDE_BEHIND = re.compile(r"^(.{5,}?)((noord|zuid)(oost|west)|noord|zuid|oost|west|centrum)$")
MOST_WORDS = 7
SHORTEST_NEAR = 5  # letters; shorter names are all near one another
SHORTEST_GLUED = 6
SURELY_BEGUN = 8  # letters from which a name that was cut off is told by its beginning
MOST_SLIPS = ((13, 3), (8, 2), (5, 1))  # from so many letters on, so many may be wrong
HEARD = 0.25  # what goes against a town, in slips of the pen: that it is written as it sounds,
CUT_OFF = 1.25  # that only its beginning is there,
OTHER_FIRST_LETTER = 0.5  # that the first letter differs, which people seldom get wrong,
UNKNOWN_LETTER = 0.3  # each letter beside it that is not understood;
RENOWN = 0.15  # and what goes for it: its size, which never outweighs a whole slip
AT_A_TIME = 2_000  # texts weighed against all names in one piece


@dataclass(frozen=True)
class Found:
    """A town that some words of a text may mean; `against` counts in slips of the pen."""

    town: Town
    against: float
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Written:
    """A text as it is looked up: its words, and the province that stands behind them."""

    parts: tuple[str, ...]
    province: str | None

    @cached_property
    def spans(self) -> Mapping[tuple[int, int], str]:
        """The key of every row of words, the longest first."""
        ends = sorted(combinations(range(len(self.parts) + 1), 2), key=lambda e: e[0] - e[1])
        return {(first, last): key(self.parts[first:last]) for first, last in ends}

    def beside(self, first: int, last: int) -> Sequence[str]:
        return (*self.parts[:first], *self.parts[last:])


def town_names(texts: Sequence[str], country: str) -> list[str | None]:
    """The name of the town that each text means; nothing where none is near.

    A name as it stands, or another one for the same town; a name that sounds the same; a village
    beside the city that it lies at; the name with the fewest slips of the pen, of several the
    largest town. Provinces, countries, postcodes and parts of a town that stand beside a name are
    understood.

    Args:
        country: ISO code; of other countries than those of `COUNTRIES` nothing is known.

    >>> town_names(["A'DAM", "s-Gravenhage (ZH)", "Utrehct", "Hoogvliet/Rotterdam", "Paris"], "NL")
    ['Amsterdam', 'Den Haag', 'Utrecht', 'Hoogvliet', None]
    """
    if country not in COUNTRIES:
        return [None] * len(texts)
    towns = gazetteer(country)
    found = [_whole(text, towns) for text in texts]
    left = [place for place, town in enumerate(found) if town is None]
    written = [_split(_written(texts[place]), towns) for place in left]
    for start in range(0, len(left), AT_A_TIME):
        some = written[start : start + AT_A_TIME]
        for place, town in zip(left[start:], _in_part(some, towns), strict=False):
            found[place] = town
    return [town.name if town else None for town in found]


def is_named(text: str, country: str) -> bool:
    """Whether a text is the name of a town, without a slip, or with no more than its province."""
    if country not in COUNTRIES:
        return False
    named = gazetteer(country).named
    return key(words(text)) in named or key(_written(text).parts) in named


def _written(text: str) -> Written:
    parts = words(text)[:MOST_WORDS]
    for length in (2, 1):
        province = province_of(key(parts[-length:]))
        if province and len(parts) > length:
            return Written(parts[:-length], province)
    return Written(parts, None)


def _whole(text: str, towns: Gazetteer) -> Town | None:
    """The town whose name, or an abbreviation of it, is all that a text says."""
    whole = towns.named.get(key(words(text)))
    if whole:
        return whole[0]
    short = SHORTENED.match(text.lower())
    if short:
        return _shortened(short[1], short[2], towns)
    written = _written(text)
    form = key(written.parts)
    known = towns.named.get(form) or towns.heard.get(heard(form))
    return _of_province(known, written.province) if known else None


def _of_province(known: Sequence[Town], province: str | None) -> Town:
    return next((town for town in known if province and town.province == province), known[0])


def _shortened(start: str, end: str, towns: Gazetteer) -> Town | None:
    """The largest town that begins and ends as an abbreviation does: `A'dam`, `Z'meer`."""
    held = (
        named[0]
        for form, named in towns.named.items()
        if form.startswith(start) and form.endswith(end) and len(form) > len(end) + 1
    )
    return max(held, key=lambda town: (town.inhabitants, town.name), default=None)


def _split(written: Written, towns: Gazetteer) -> Written:
    """With words taken apart that were written as one: `amsterdamdiemen`, `utrehctnoord`."""
    parts: list[str] = []
    for part in written.parts:
        parts.extend(_unglued(part, towns) or (part,))
    return Written(tuple(parts[:MOST_WORDS]), written.province)


def _unglued(part: str, towns: Gazetteer) -> tuple[str, str] | None:
    if key([part]) in towns.named:
        return None
    for length in range(len(part) - 2, SHORTEST_GLUED - 1, -1):
        for name, rest in ((part[:length], part[length:]), (part[-length:], part[:-length])):
            if key([name]) in towns.named and _may_be_glued(name, rest, towns):
                return (name, rest) if part.startswith(name) else (rest, name)
    side = SIDE_BEHIND.match(part)
    return (side[1], side[2]) if side else None


def _may_be_glued(name: str, rest: str, towns: Gazetteer) -> bool:
    """Whether what is written to a name is no more than a slip, a repetition or a place."""
    is_repeated = name.endswith(rest) or name.startswith(rest)
    return len(rest) <= 3 or is_repeated or is_part_of_town(rest) or key([rest]) in towns.named


def _in_part(written: Sequence[Written], towns: Gazetteer) -> list[Town | None]:
    """The town that some of the words name, or else the one that they come nearest to."""
    named = [list(_named(text, towns)) for text in written]
    forms = {
        form
        for text, sure in zip(written, named, strict=True)
        for form in ([key(text.parts)] if sure else text.spans.values())
    }
    near = _near(sorted(forms), towns)
    found = []
    for text, sure in zip(written, named, strict=True):
        best = _best([*sure, *_nearest(text, near, towns)])
        found.append(_village(text, best, towns) if best else None)
    return found


def _named(text: Written, towns: Gazetteer) -> Iterable[Found]:
    for (first, last), form in text.spans.items():
        known = towns.named.get(form)
        is_side = is_part_of_town(form) or province_of(form) is not None
        if known and len(form) > 2 and not (is_side and len(text.parts) > 1 and len(form) < 6):
            unknown = _unknown(text.beside(first, last), towns)
            town = _of_province(known, text.province)
            yield Found(town, UNKNOWN_LETTER * unknown, first, last)


def _nearest(text: Written, near: Mapping[str, Found], towns: Gazetteer) -> Iterable[Found]:
    for (first, last), form in text.spans.items():
        found = near.get(form)
        unknown = _unknown(text.beside(first, last), towns)
        if found and unknown <= len(form):
            yield Found(found.town, found.against + UNKNOWN_LETTER * unknown, first, last)


def _best(found: Iterable[Found]) -> Found | None:
    def order(one: Found) -> tuple[float, str]:
        return one.against - RENOWN * one.town.renown, one.town.name

    return min(found, key=order, default=None)


def _unknown(beside: Sequence[str], towns: Gazetteer) -> int:
    """How many letters beside a name are no part of a town, no province and no other town."""
    return sum(
        len(part)
        for part in beside
        if not is_part_of_town(part) and not province_of(part) and key([part]) not in towns.named
    )


def _near(forms: Sequence[str], towns: Gazetteer) -> Mapping[str, Found]:
    """The town that each form comes nearest to, of those that are near enough."""
    found: dict[str, list[Found]] = {form: _begun(form, towns) for form in forms}
    names = [name for name in towns.keys if len(name) >= SHORTEST_NEAR]
    long = [form for form in forms if len(form) >= SHORTEST_NEAR]
    most = MOST_SLIPS[0][1]
    for start in range(0, len(long), AT_A_TIME):
        some = long[start : start + AT_A_TIME]
        slips = cdist(some, names, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)
        for row, column in np.argwhere(slips <= most).tolist():
            form, name = some[row], names[column]
            if slips[row, column] <= _most_slips(form, name):
                against = float(slips[row, column]) + _first_letter(form, name)
                found[form].append(Found(towns.named[name][0], against))
    for form in long:
        found[form] += [Found(town, HEARD) for town in towns.heard.get(heard(form), ())[:1]]
    best = {form: _best(some) for form, some in found.items()}
    return {form: one for form, one in best.items() if one}


def _begun(form: str, towns: Gazetteer) -> list[Found]:
    """The largest town of which a form is the beginning; of a short one, the only one."""
    if len(form) < SHORTEST_NEAR:
        return []
    begun: set[Town] = set()
    for place in range(bisect_left(towns.keys, form), len(towns.keys)):
        if not towns.keys[place].startswith(form):
            break
        begun.update(towns.named[towns.keys[place]][:1])
    if len(begun) > 1 and len(form) < SURELY_BEGUN:
        return []
    return [Found(town, CUT_OFF) for town in begun]


def _most_slips(form: str, name: str) -> int:
    letters = max(len(form), len(name))
    return next((slips for length, slips in MOST_SLIPS if letters >= length), 0)


def _first_letter(form: str, name: str) -> float:
    return 0.0 if form[0] == name[0] else OTHER_FIRST_LETTER


def _village(text: Written, best: Found, towns: Gazetteer) -> Town:
    """The smaller town near by that stands beside a city: who lives there names both."""
    beside = [
        form
        for (first, last), form in text.spans.items()
        if (last <= best.first or first >= best.last)
        and len(form) >= SHORTEST_NEAR
        and best.town not in towns.named.get(form, ())
    ]
    near = (
        Found(town, _slips(form, name))
        for form in beside
        if not is_part_of_town(form)
        for name, town in towns.around(best.town)
    )
    village = _best(one for one in near if one.against < np.inf)
    return village.town if village else best.town


def _slips(form: str, name: str) -> float:
    if name.startswith(form):
        return CUT_OFF if len(form) < len(name) else 0.0
    most = _most_slips(form, name)
    slips = OSA.distance(form, name, score_cutoff=most)
    return slips + _first_letter(form, name) if slips <= most else np.inf
