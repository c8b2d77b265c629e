"""What must always hold of how customers grow along pairs that look alike."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.identity.clustering import Described, Grown, Pairs, Sureness, grown

GROUPS = 7
MATCH = 4.0
# Names of which any two of one initial are alike, and others are not.
FIRSTS = st.sampled_from(["", "a", "ann", "anna", "b", "bob", "bobby"])
CARDS = st.sampled_from(["", "1", "2"])
NUMBERS = st.integers(0, GROUPS - 1)
TWO = st.tuples(NUMBERS, NUMBERS).filter(lambda two: two[0] < two[1])
WEIGHTS = st.sampled_from([-3.0, 1.0, 4.0, 6.5, 9.0, 12.0])
WEIGHED = st.dictionaries(TWO, WEIGHTS, max_size=16)
SAID = st.lists(st.tuples(FIRSTS, CARDS), min_size=GROUPS, max_size=GROUPS)
DECIDED = st.lists(TWO, max_size=3, unique=True)


def described(said: list[tuple[str, str]]) -> list[Described]:
    return [
        Described(
            firsts=frozenset({first} if first else ()),
            accounts=frozenset({("loyalty_card", card)} if card else ()),
        )
        for first, card in said
    ]


def arrays(pairs: list[tuple[int, int, float]], nameless: frozenset[int] = frozenset()) -> Pairs:
    low, high, weights = zip(*pairs, strict=True) if pairs else ((), (), ())
    ends = [np.array(end, dtype=np.int64) for end in (low, high)]
    weighed = np.array(weights, dtype=np.float64)
    lacks_a_name = [not nameless.isdisjoint(two) for two in zip(low, high, strict=True)]
    return Pairs(ends[0], ends[1], weighed, np.where(lacks_a_name, -np.inf, weighed))


def clusters(made: Grown) -> set[frozenset[int]]:
    members: dict[int, set[int]] = defaultdict(set)
    for group, root in enumerate(made.roots):
        members[root].add(group)
    return {frozenset(some) for some in members.values()}


@given(WEIGHED, SAID, DECIDED, DECIDED, st.randoms(use_true_random=False))
def test_customers_grow_alike_in_any_order_and_never_against_a_guard(
    weighed: dict[tuple[int, int], float],
    said: list[tuple[str, str]],
    same: list[tuple[int, int]],
    different: list[tuple[int, int]],
    random: Random,
) -> None:
    pairs = [(low, high, weight) for (low, high), weight in weighed.items()]
    told = described(said)
    made = grown(arrays(pairs), told, lowest_weight=MATCH, same=same, different=different)
    found = clusters(made)
    assert sorted(group for some in found for group in some) == list(range(GROUPS))
    assert all(made.roots[root] == root for root in made.roots)

    random.shuffle(pairs)
    random.shuffle(same)
    random.shuffle(different)
    again = grown(arrays(pairs), told, lowest_weight=MATCH, same=same, different=different)
    assert clusters(again) == found

    together = {two for some in found for two in combinations(sorted(some), 2)}
    assert together.isdisjoint(different)
    if not same:
        for left, right in together:
            assert not told[left].contradicts(told[right])
        stopped = {pairs[place][:2] for place in again.stopped}
        tying = {(left, right) for left, right, weight in pairs if weight >= MATCH}
        assert tying - together == stopped, "what does not tie has a reason"


def test_first_names_alike_in_part_contradict_unless_slips_in_them_are_usual() -> None:
    one, other = Described(frozenset({"zachary"})), Described(frozenset({"zahdxy"}))
    assert one.contradicts(other)
    assert not one.contradicts(other, sure=Sureness(names=False))
    assert one.contradicts(Described(frozenset({"bob"})), sure=Sureness(names=False))


@pytest.mark.parametrize(("one", "other"), [("oliver", "pliver"), ("pia", "pai"), ("emma", "elma")])
def test_one_slip_in_a_first_name_contradicts_nobody(one: str, other: str) -> None:
    assert not Described(frozenset({one})).contradicts(Described(frozenset({other})))


def test_of_three_letters_one_other_letter_is_another_name() -> None:
    assert Described(frozenset({"tim"})).contradicts(Described(frozenset({"kim"})))


def test_a_record_without_a_first_name_does_not_bring_twins_together() -> None:
    born = frozenset({"1987-07-09"})
    told = [Described(frozenset(name), born) for name in ({"emma"}, (), {"anna"})]
    bridge = [(0, 1, 9.0), (1, 2, 8.0)]
    twins = grown(arrays([*bridge, (0, 2, 2.0)], frozenset({1})), told, lowest_weight=MATCH)
    assert clusters(twins) == {frozenset({0, 1}), frozenset({2})}
    assert twins.stopped == {1: "weak_link"}
    # The pair that says both names ties by itself: somebody of two names.
    alias = grown(arrays([*bridge, (0, 2, 5.0)], frozenset({1})), told, lowest_weight=MATCH)
    assert clusters(alias) == {frozenset({0, 1, 2})}
