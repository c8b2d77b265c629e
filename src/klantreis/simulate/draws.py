"""Chance, set by set: seeded streams and draws for whole columns at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Choice", "Floats", "Ints", "Mask", "chance", "group_order", "mixed", "spread", "stream"]

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]


def stream(seed: int, *path: int) -> np.random.Generator:
    """A stream of chance of its own for one part of the simulation.

    Parts draw from separate streams, so that a change in one leaves the others as they were.
    """
    return np.random.default_rng(np.random.SeedSequence([seed, *path]))


class Choice:
    """Draws one of several options by weight, for each row from its own group's weights.

    Args:
        weights: one row a group, one column an option; not negative, each row with some weight.
    """

    def __init__(self, weights: npt.ArrayLike) -> None:
        table = np.atleast_2d(np.asarray(weights, dtype=np.float64))
        shares = np.cumsum(table, axis=1)
        shares /= shares[:, -1:]
        shares[:, -1] = 1.0
        self._options = table.shape[1]
        # Each group's shares lie in a unit interval of its own: one search serves all groups.
        self._steps = (shares + np.arange(len(table))[:, None]).ravel()

    def draw(self, rng: np.random.Generator, groups: Ints) -> Ints:
        """One option's number for every row of `groups`."""
        places: Ints = np.searchsorted(self._steps, groups + rng.random(len(groups)), side="right")
        chosen: Ints = np.minimum(places - groups * self._options, self._options - 1)
        return chosen

    def draw_many(self, rng: np.random.Generator, count: int) -> Ints:
        """`count` options' numbers from the only group."""
        return self.draw(rng, np.zeros(count, dtype=np.int64))


def chance(rng: np.random.Generator, probability: Floats | float, count: int) -> Mask:
    """True with the given probability, row by row."""
    return np.less(rng.random(count), probability)


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """Rows for counts: the owner of each row, and the row's number within its owner.

    >>> owner, number = spread(np.array([2, 0, 1]))
    >>> owner.tolist(), number.tolist()
    ([0, 0, 2], [0, 1, 0])
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - first[owner]


def group_order(sorted_groups: Ints) -> Ints:
    """The number of each row within its group, for groups that lie together.

    >>> group_order(np.array([5, 5, 7])).tolist()
    [0, 1, 0]
    """
    if not len(sorted_groups):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    return np.arange(len(sorted_groups)) - np.repeat(
        starts, np.diff(np.r_[starts, len(sorted_groups)])
    )


def mixed(*columns: npt.ArrayLike) -> npt.NDArray[np.uint64]:
    """A number that looks like chance but always is the same for the same columns (splitmix64)."""
    state: npt.NDArray[np.uint64] = np.asarray(0x9E3779B97F4A7C15, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for values in columns:
            z = np.asarray(values).astype(np.uint64) + state
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = (z ^ (z >> np.uint64(31))) + np.uint64(0x9E3779B97F4A7C15)
    return state
