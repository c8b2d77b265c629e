"""Why two records, or two customers, are one or are not: asked of the steps' own judgement."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, count, product

from klantreis.state import State
from klantreis.workspace.identity_facts import (
    Obstacle,
    SharedValue,
    Tie,
    Why,
    field_pairs,
    match_told,
)
from klantreis.workspace.identity_gathering import Gathered, Gathering, Pair, in_order

__all__ = ["Explaining"]

# Of two chains of the same length the surer one is told.
COSTS = {"decision": 1.0, "identifier": 1.01, "namesakes": 1.05, "match": 1.2}


class Explaining:
    """Answers why two are one customer, and why not.

    Args:
        gathering: finds what is known of records.
        state: what people decided.
    """

    def __init__(self, gathering: Gathering, state: State) -> None:
        self._gathering, self._state = gathering, state

    def why(self, left: str | int, right: str | int) -> Why:
        """See `Identity.why`."""
        mine, theirs = self._gathering.records(left), self._gathering.records(right)
        gathered = self._gathering.gather({*mine, *theirs})
        one, two = _closest(mine, theirs, gathered)
        customers = gathered.customers[one], gathered.customers[two]
        is_one = one == two or (customers[0] is not None and customers[0] == customers[1])
        chain = _chain(one, two, gathered) if is_one else ()
        shared = _shared(one, two, gathered)
        told = gathered.told(one), gathered.told(two)
        match = gathered.matches.get(in_order(one, two))
        return Why(
            left_asked=str(left),
            right_asked=str(right),
            left=told[0],
            right=told[1],
            is_one=is_one,
            chain=chain,
            shared=shared,
            obstacles=() if is_one else _obstacles(one, two, shared, gathered),
            fields=field_pairs(*told),
            match=match_told(match) if match and match["probability"] is not None else None,
            decisions=tuple(
                decision
                for decision in self._state.identity.about([one])
                if decision.pair == in_order(one, two)
            ),
            records=len(gathered.persons),
        )


def _closest(mine: Sequence[str], theirs: Sequence[str], gathered: Gathered) -> Pair:
    """Of all pairs of two customers' records the one that most speaks for one human being."""

    def nearness(pair: Pair) -> tuple[bool, float, int, int]:
        match = gathered.matches.get(in_order(*pair))
        both = gathered.stated.get(pair[0], frozenset()) & gathered.stated.get(pair[1], frozenset())
        filled = sum(len(gathered.told(one).values) for one in pair)
        return (
            in_order(*pair) in gathered.decided,
            (match and match["match_weight"]) or -1e9,
            len(both),
            filled,
        )

    others = [pair for pair in product(mine, theirs) if pair[0] != pair[1]]
    return max(others, key=nearness) if others else (mine[0], theirs[0])


def _chain(one: str, two: str, gathered: Gathered) -> tuple[Tie, ...]:
    """The shortest way from one record to another over ties; the surest of those (Dijkstra)."""
    ties: dict[str, list[Tie]] = defaultdict(list)
    for tie in _ties(gathered):
        ties[tie.left_person_id].append(tie)
        ties[tie.right_person_id].append(tie)
    reached: set[str] = set()
    found = count()  # of two equally good ways the one that was found first
    waiting: list[tuple[float, int, str, tuple[Tie, ...]]] = [(0.0, next(found), one, ())]
    while waiting:
        cost, _, here, chain = heapq.heappop(waiting)
        if here == two:
            return chain
        if here in reached:
            continue
        reached.add(here)
        for tie in ties[here]:
            there = tie.right_person_id if tie.left_person_id == here else tie.left_person_id
            if there not in reached:
                step = Tie(here, there, tie.way, tie.kind, tie.value, tie.probability, tie.by)
                way = (cost + COSTS[tie.way], next(found), there, (*chain, step))
                heapq.heappush(waiting, way)
    return ()


def _ties(gathered: Gathered) -> Iterable[Tie]:
    holders: dict[Pair, list[str]] = defaultdict(list)
    for person_id, values in sorted(gathered.used.items()):
        for value in values:
            holders[value].append(person_id)
    for value, persons in sorted(holders.items()):
        for one, two in combinations(persons, 2):
            yield Tie(one, two, "identifier", *value)
    for pair, stated in sorted(gathered.namesakes.items()):
        yield Tie(*pair, "namesakes", *stated)
    for pair, row in sorted(gathered.matches.items()):
        if row["is_used"] and row["probability"] is not None:
            yield Tie(*pair, "match", probability=row["probability"])
        elif row["is_used"]:  # tied by a decision of before the last run, taken back since
            yield Tie(*pair, "decision")
    for pair, decision in sorted(gathered.decided.items()):
        if decision.verdict == "same":
            yield Tie(*pair, "decision", by=decision.decided_by)


def _shared(one: str, two: str, gathered: Gathered) -> tuple[SharedValue, ...]:
    nothing: frozenset[Pair] = frozenset()
    both = gathered.stated.get(one, nothing) & gathered.stated.get(two, nothing)
    tying = gathered.used.get(one, nothing) & gathered.used.get(two, nothing)
    by_name = gathered.namesakes.get(in_order(one, two))
    found = []
    for kind, value in sorted(both):
        barred = gathered.blocked.get((kind, value))
        reason = barred["reason"] if barred else ""
        if not barred and (kind, value) not in tying:
            reason = "nobody" if {one, two} & gathered.nobody else "doubtful"
        ties = (kind, value) in tying or by_name == (kind, value)
        found.append(SharedValue(kind, value, ties, reason, barred["persons"] if barred else None))
    return tuple(found)


def _obstacles(
    one: str, two: str, shared: Sequence[SharedValue], gathered: Gathered
) -> tuple[Obstacle, ...]:
    decision = gathered.decided.get(in_order(one, two))
    match = gathered.matches.get(in_order(one, two))
    found = []
    if decision and decision.verdict != "unsure":
        found.append(Obstacle("decision" if decision.verdict == "different" else "waits"))
    found += [Obstacle(s.reason, s.kind, s.value, s.persons) for s in shared if not s.ties]
    if match and match["stopped_by"] == "conflict":
        found += _second_values(one, two, gathered) or [Obstacle("conflict_of_match")]
    elif match and match["stopped_by"] == "weak_link":
        found.append(Obstacle("weak_link"))
    elif match and match["band"] == "doubtful":
        found.append(Obstacle("doubtful_match"))
    if not found:
        found.append(Obstacle("nothing_shared"))
    return tuple(found)


def _second_values(one: str, two: str, gathered: Gathered) -> list[Obstacle]:
    """The kinds of which a customer has one, and of which the two customers have different ones."""
    mine, theirs = (_own_values(person_id, gathered) for person_id in (one, two))
    return [
        Obstacle("two_values", kind.split(":")[0], " / ".join(sorted(mine[kind] | theirs[kind])))
        for kind in sorted(mine.keys() & theirs.keys())
        if mine[kind].isdisjoint(theirs[kind])
    ]


def _own_values(person_id: str, gathered: Gathered) -> dict[str, set[str]]:
    """By kind, of the customer of a record."""
    customer = gathered.customers[person_id]
    found: dict[str, set[str]] = defaultdict(set)
    for record, values in gathered.own.items():
        if record == person_id or (customer and gathered.customers[record] == customer):
            for kind, value in values:
                found[kind].add(value)
    return found
