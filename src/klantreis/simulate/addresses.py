"""Dutch addresses: towns by inhabitants, and one street for each full postcode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from klantreis.simulate.draws import Choice, Ints, mixed
from klantreis.simulate.reference import rows

__all__ = ["ADDITIONS", "Addresses", "draw_addresses", "letters"]

ADDITIONS = ("", "A", "B", "C", "a", "bis", "-2", "II", "HS", "3")
ADDITION_WEIGHTS = [88, 4, 2.5, 1, 1, 0.8, 0.9, 0.7, 0.6, 0.5]
ALPHABET = "ABCDEGHJKLMNPRSTVWXZ"  # postcodes avoid F, I, O, Q, U and Y
BLOCKS = 120  # full postcodes in use for each four digits


@dataclass(frozen=True)
class Addresses:
    """One entry an address; `letters` counts the pairs of letters, see the function."""

    town: Ints
    postcode: Ints
    letters: Ints
    street: Ints
    number: Ints
    addition: Ints

    def taken(self, places: Ints) -> Addresses:
        """The addresses at these places, in their order."""
        return Addresses(
            self.town[places],
            self.postcode[places],
            self.letters[places],
            self.street[places],
            self.number[places],
            self.addition[places],
        )


def draw_addresses(
    rng: np.random.Generator, count: int, towns: Sequence[dict[str, str]]
) -> Addresses:
    """Draw addresses; the same postcode is always in the same street."""
    town = Choice([float(row["inhabitants_thousand"]) for row in towns]).draw_many(rng, count)
    starts, postcodes = _postcodes()
    width = starts[town + 1] - starts[town]
    postcode = postcodes[starts[town] + (rng.random(count) * width).astype(np.int64)]
    pair = rng.integers(0, BLOCKS, count)
    block = mixed(postcode, pair)
    first_number = (block >> np.uint64(20)).astype(np.int64) % 60 * 2
    return Addresses(
        town=town,
        postcode=postcode,
        letters=pair,
        street=_street_of(block),
        number=first_number + rng.integers(1, 41, count),
        addition=Choice(ADDITION_WEIGHTS).draw_many(rng, count),
    )


def letters(pair: int) -> str:
    """The two letters of a postcode."""
    return ALPHABET[pair // len(ALPHABET)] + ALPHABET[pair % len(ALPHABET)]


@cache
def _postcodes() -> tuple[Ints, Ints]:
    """All four-digit postcodes, town after town, and where each town starts."""
    lists = []
    for row in rows("towns"):
        ranges = [part.split("-") for part in row["postcodes"].split()]
        lists.append([code for part in ranges for code in range(int(part[0]), int(part[-1]) + 1)])
    starts = np.cumsum([0, *(len(codes) for codes in lists)])
    return starts, np.array([code for codes in lists for code in codes])


def _street_of(block: npt.NDArray[np.uint64]) -> Ints:
    weights = np.cumsum([float(row["weight"]) for row in rows("streets")])
    point = (block % np.uint64(1_000_003)).astype(np.float64) / 1_000_003 * weights[-1]
    streets: Ints = np.searchsorted(weights, point, side="right").astype(np.int64)
    return streets
