"""The towns of the Netherlands and Belgium, by every name that they go by."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import hypot, log10

from klantreis.identity.town_words import heard, key, words

__all__ = ["COUNTRIES", "Gazetteer", "Town", "gazetteer"]

COUNTRIES = ("NL", "BE")
NEIGHBOURS = 15.0  # kilometres; people name the city that their village lies at
SHORTEST_HEARD = 5  # letters; shorter ones sound like too many others
KM_PER_DEGREE = (111.2, 69.0)  # of latitude, and of longitude in these parts


@dataclass(frozen=True)
class Town:
    """A town as it is written.

    Attributes:
        name: with its province behind it where a larger town bears the same name.
        country: ISO code.
        province: as in the list; empty where unknown.
        inhabitants: in about; 0 where it has fewer than some hundreds, or unknown.
        place: latitude and longitude in degrees; empty where unknown.
        also: other names and ways of writing.
    """

    name: str
    country: str
    province: str
    inhabitants: int
    place: tuple[float, float] | None
    also: tuple[str, ...]

    @property
    def plain_name(self) -> str:
        return self.name.split(" (")[0]

    @property
    def renown(self) -> float:
        """From 2 for a hamlet to 6 for a city of a million."""
        return log10(self.inhabitants + 100)

    def lies_near(self, other: Town) -> bool:
        if self.place is None or other.place is None:
            return False
        north, east = (
            (one - two) * km
            for one, two, km in zip(self.place, other.place, KM_PER_DEGREE, strict=True)
        )
        return hypot(north, east) <= NEIGHBOURS


class Gazetteer:
    """The towns of one country.

    Attributes:
        named: towns by the key of each of their names: those whose own name it is first, and of
            these the largest.
        heard: the same by how the name sounds.
        keys: all keys, in the order of the alphabet.
    """

    def __init__(self, towns: Iterable[Town]) -> None:
        named: dict[str, set[Town]] = defaultdict(set)
        sounding: dict[str, set[Town]] = defaultdict(set)
        for town in towns:
            for name in (town.plain_name, *town.also):
                for form in _forms(name):
                    named[form].add(town)
                    if len(form) >= SHORTEST_HEARD:
                        sounding[heard(form)].add(town)
        self.named: Mapping[str, Sequence[Town]] = {k: _by_right(k, v) for k, v in named.items()}
        self.heard: Mapping[str, Sequence[Town]] = {k: _by_right(k, v) for k, v in sounding.items()}
        self.keys: Sequence[str] = sorted(self.named)
        self._around: dict[str, Sequence[tuple[str, Town]]] = {}

    def around(self, town: Town) -> Sequence[tuple[str, Town]]:
        """The names of smaller towns near by, with the town."""
        if town.name not in self._around:
            self._around[town.name] = [
                (name, largest)
                for name, (largest, *_) in self.named.items()
                if largest.renown < town.renown and largest.lies_near(town)
            ]
        return self._around[town.name]


def _forms(name: str) -> set[str]:
    """The keys of a name, also without the `'s` or `'t` that many leave out."""
    parts = words(name)
    forms = {key(parts)}
    if len(parts) > 1 and parts[0] in ("s", "t"):
        forms.add(key(parts[1:]))
    return {form for form in forms if form}


def _by_right(form: str, towns: Iterable[Town]) -> Sequence[Town]:
    def order(town: Town) -> tuple[bool, int, str]:
        return key(words(town.plain_name)) != form, -town.inhabitants, town.name

    return sorted(towns, key=order)


@cache
def gazetteer(country: str) -> Gazetteer:
    """The towns of a country of `COUNTRIES`; of any other country none."""
    return Gazetteer(town for town in _towns() if town.country == country)


@cache
def _towns() -> tuple[Town, ...]:
    text = files("klantreis.identity").joinpath("data", "towns.csv").read_text(encoding="utf-8")
    return tuple(_town(row) for row in csv.DictReader(text.splitlines(), delimiter=";"))


def _town(row: Mapping[str, str]) -> Town:
    is_placed = bool(row["latitude"])
    return Town(
        name=row["town"],
        country=row["country"],
        province=row["province"],
        inhabitants=int(row["inhabitants"] or 0),
        place=(float(row["latitude"]), float(row["longitude"])) if is_placed else None,
        also=tuple(name for name in row["also"].split("|") if name),
    )
