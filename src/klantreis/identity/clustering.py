"""Who becomes one customer by matches: groups grow from the surest pair down, guarded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from klantreis.identity.call_names import are_called_alike

__all__ = ["GENERATION", "SURE", "Described", "Grown", "Pairs", "Sureness", "grown"]

# A pair that was not even compared, or that fell below what is kept, says this much, in bits.
UNSEEN = -4.0
WEAKEST = -2.0  # least that all pairs between two groups say on average
ALIKE_FIRST_NAMES = 0.85
ALIKE_IN_PART = 0.75  # as the level `alike` of first names
SHORTEST_SLIP = 4  # letters; in Tim and Tom one letter is another name
GENERATION = 12  # years; fewer do not lie between parent and child


@dataclass(frozen=True)
class Pairs:
    """Pairs of groups, each once: arrays of one length.

    Attributes:
        low, high: the two groups of each, the lower number first.
        weights: in bits.
        named: the same of the heaviest pair of records of which both say a first name.
    """

    low: np.ndarray[Any, np.dtype[np.int64]]
    high: np.ndarray[Any, np.dtype[np.int64]]
    weights: np.ndarray[Any, np.dtype[np.float64]]
    named: np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Sureness:
    """What is a contradiction of its own, as far as was learnt.

    Attributes:
        dates: whether a birth date that is quite another tells people apart of whom nothing else
            does.
        names: whether first names do that are alike in part.
    """

    dates: bool = True
    names: bool = True

    @property
    def alike_first_names(self) -> float:
        """From which likeness two first names are one and the same, misspelt."""
        return ALIKE_FIRST_NAMES if self.names else ALIKE_IN_PART


SURE = Sureness()
NO_PAIR = (0.0, 0, -inf)


@dataclass(frozen=True, slots=True)
class Described:
    """What the records of a group say that may contradict another group.

    Attributes:
        firsts: first names.
        lasts: family names.
        births: birth dates, as `1980-05-31`.
        accounts: kind and value of identifiers of which a customer has one.
    """

    firsts: frozenset[str] = frozenset()
    births: frozenset[str] = frozenset()
    accounts: frozenset[tuple[str, str]] = frozenset()
    lasts: frozenset[str] = frozenset()

    def together(self, other: Described) -> Described:
        if self == other:
            return self
        return Described(
            self.firsts | other.firsts,
            self.births | other.births,
            self.accounts | other.accounts,
            self.lasts | other.lasts,
        )

    def contradicts(self, other: Described, *, sure: Sureness = SURE) -> bool:
        """Whether the two cannot be one human being."""
        are_dated = bool(self.births and other.births)
        was_born_alike = are_dated and (
            not self.births.isdisjoint(other.births)
            or _any(_born_about_alike, self.births, other.births)
        )
        if are_dated and not was_born_alike and sure.dates:
            # Father and son bear one name, brothers do not: within a generation it is a slip.
            of_one_age = _any(_of_one_generation, self.births, other.births)
            if self.firsts.isdisjoint(other.firsts) or not of_one_age:
                return True
        is_named_otherwise = self.is_named_otherwise(other, sure=sure)
        return (is_named_otherwise and not was_born_alike) or self._has_other_account(other)

    def is_named_otherwise(self, other: Described, *, sure: Sureness = SURE) -> bool:
        """Whether both say a first name, and none of one is any of the other."""
        if not (self.firsts and other.firsts) or not self.firsts.isdisjoint(other.firsts):
            return False
        alike = partial(_named_alike, least=sure.alike_first_names)
        return not _any(alike, self.firsts, other.firsts) and not (
            _any(alike, self.firsts, other.lasts) and _any(alike, self.lasts, other.firsts)
        )

    def _has_other_account(self, other: Described) -> bool:
        if not self.accounts or not other.accounts:
            return False
        kinds = {kind for kind, _ in self.accounts} & {kind for kind, _ in other.accounts}
        shared = {kind for kind, _ in self.accounts & other.accounts}
        return bool(kinds - shared)


@dataclass(frozen=True)
class Grown:
    """What came of the growing.

    Attributes:
        roots: for each group, the group that stands for its customer.
        stopped: why the two of a pair stayed apart, by the place of the pair.
    """

    roots: list[int]
    stopped: dict[int, str]


class _Growing:
    """The customers so far; groups are numbered from 0.

    `between` holds of each customer what the pairs with each other one say together: the sum of
    their weights, how many they are, and the heaviest of those of which both say a first name.
    """

    def __init__(
        self,
        described: Sequence[Described],
        pairs: Pairs,
        *,
        lowest_weight: float,
        sure: Sureness,
    ) -> None:
        self.lowest_weight = lowest_weight
        self.sure = sure
        count = len(described)
        self.parents = list(range(count))
        self.members = [[group] for group in range(count)]
        self.said = list(described)
        self.between: list[dict[int, tuple[float, int, float]]] = [{} for _ in range(count)]
        self.apart: dict[int, set[int]] = {}
        columns = (pairs.low, pairs.high, pairs.weights, pairs.named)
        for low, high, weight, named in zip(*(each.tolist() for each in columns), strict=True):
            self.between[low][high] = self.between[high][low] = (weight, 1, named)

    def keep_apart(self, left: int, right: int) -> None:
        self.apart.setdefault(left, set()).add(right)
        self.apart.setdefault(right, set()).add(left)

    def find(self, group: int) -> int:
        parents = self.parents
        while parents[group] != group:
            parents[group] = parents[parents[group]]
            group = parents[group]
        return group

    def join(self, one: int, other: int) -> None:
        small, large = sorted((one, other), key=lambda root: (len(self.members[root]), -root))
        self.members[large].extend(self.members[small])
        self.members[small] = []
        self.parents[small] = large
        self.said[large] = self.said[large].together(self.said[small])
        self._hand_over_pairs(small, large)

    def _hand_over_pairs(self, small: int, large: int) -> None:
        theirs = self.between[large]
        theirs.pop(small, None)
        for other, (weights, count, named) in self.between[small].items():
            if other == large:
                continue
            before, pairs, heaviest = theirs.get(other, NO_PAIR)
            both = (before + weights, pairs + count, max(heaviest, named))
            theirs[other] = self.between[other][large] = both
            del self.between[other][small]
        self.between[small] = {}

    def reason_against(self, one: int, other: int) -> str | None:
        if self.is_decided_apart(one, other):
            return "decision"
        if self.said[one].contradicts(self.said[other], sure=self.sure):
            return "conflict"
        if self._is_weak(one, other):
            return "weak_link"
        return None

    def is_decided_apart(self, one: int, other: int) -> bool:
        if not self.apart:
            return False
        decided = (member for member in self.members[one] if member in self.apart)
        return any(self.find(foe) == other for member in decided for foe in self.apart[member])

    def _is_weak(self, one: int, other: int) -> bool:
        """Whether all pairs between the two together say no, whatever the best of them says."""
        every = len(self.members[one]) * len(self.members[other])
        if every == 1:
            return False  # there is no other pair than the one that says yes
        weights, seen, named = self.between[one].get(other, NO_PAIR)
        if named < self.lowest_weight and self._is_named_otherwise(one, other):
            return True  # a record that says no first name cannot tell whose of the two it is
        return weights + UNSEEN * (every - seen) < WEAKEST * every

    def _is_named_otherwise(self, one: int, other: int) -> bool:
        return self.said[one].is_named_otherwise(self.said[other], sure=self.sure)


def grown(
    pairs: Pairs,
    described: Sequence[Described],
    *,
    lowest_weight: float,
    same: Iterable[tuple[int, int]] = (),
    different: Iterable[tuple[int, int]] = (),
    sure: Sureness = SURE,
) -> Grown:
    """Join groups along pairs, the heaviest first, where nothing stands in the way.

    A decision of a person goes before all: `same` always joins, `different` never, also not
    through others. Two groups that contradict each other stay apart; and so do two of which one
    pair says yes and the other pairs between them say no.

    Args:
        pairs: two groups and what they weigh.
        described: what each group says; groups are numbered by their place here.
        lowest_weight: pairs below it join nobody, but count as evidence.
        sure: what is a contradiction of its own.
    """
    growing = _Growing(described, pairs, lowest_weight=lowest_weight, sure=sure)
    for left, right in different:
        growing.keep_apart(left, right)
    for left, right in sorted(same):
        one, other = growing.find(left), growing.find(right)
        if one != other and not growing.is_decided_apart(one, other):
            growing.join(one, other)
    stopped: dict[int, str] = {}
    for place, low, high in _surest_first(pairs, lowest_weight):
        one, other = growing.find(low), growing.find(high)
        if one == other:
            continue
        reason = growing.reason_against(one, other)
        if reason:
            stopped[place] = reason
        else:
            growing.join(one, other)
    return Grown([growing.find(group) for group in range(len(described))], stopped)


def _surest_first(pairs: Pairs, lowest_weight: float) -> Iterable[tuple[int, int, int]]:
    """The pairs that tie with their places, the heaviest first; of equals that of the lowest groups."""
    order = np.lexsort((pairs.high, pairs.low, -pairs.weights))
    places = order[pairs.weights[order] >= lowest_weight]
    ends = (pairs.low[places], pairs.high[places])
    return zip(places.tolist(), *(end.tolist() for end in ends), strict=True)


def _any(alike: Callable[[str, str], bool], ones: Iterable[str], others: Iterable[str]) -> bool:
    return any(alike(one, other) for one in ones for other in others)


def _born_about_alike(one: str, other: str) -> bool:
    """At most two figures differ, or day and month changed places."""
    if one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]:
        return True
    return DamerauLevenshtein.distance(one, other) <= 2


def _of_one_generation(one: str, other: str) -> bool:
    return abs(int(one[:4]) - int(other[:4])) < GENERATION


def _named_alike(one: str, other: str, *, least: float) -> bool:
    """The same, an initial, a short form or a call name of it, or nearly the same letters."""
    if one[0] == other[0] and min(len(one), len(other)) == 1:
        return True
    return (
        one.startswith(other)
        or other.startswith(one)
        or are_called_alike(one, other)
        or JaroWinkler.similarity(one, other) >= least
        or _is_one_slip(one, other)
    )


def _is_one_slip(one: str, other: str) -> bool:
    """One letter differs, or two changed places; of three letters only the latter is a slip."""
    is_slip = min(len(one), len(other)) >= SHORTEST_SLIP or sorted(one) == sorted(other)
    return is_slip and DamerauLevenshtein.distance(one, other) == 1
