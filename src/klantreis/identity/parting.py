"""Groups that people said are of different human beings, taken apart where they hang together least."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import ibis.expr.types as ir
import pyarrow as pa

from klantreis.engine import Engine

__all__ = ["parted"]

Numbers = tuple[int, int]


def parted(
    groups: ir.Table,
    used: ir.Table,
    same: ir.Table,
    records: ir.Table,
    *,
    engine: Engine,
    order: Mapping[str, int],
    own_decisions: Mapping[str, Sequence[tuple[str, str]]],
) -> ir.Table:
    """Take apart the groups in which two records are decided to be different human beings.

    The parts grow anew from each record, along the surest ties first, and never bring such two
    together, also not through others. Groups without such a decision are not looked at.

    Args:
        groups: `person_number` and `group`.
        used: `person_number`, `value_number` and `kind` of the statements that tie.
        same: pairs of namesakes: `left`, `right` and `kind`.
        records: `person_number` and `person_id`.
        order: the place of each kind in the order in which they tie, the surest first.
        own_decisions: pairs of records that people said are `same`, and that are `different`.

    Returns:
        As `groups`; a part is named after its lowest number.
    """
    if not own_decisions["different"]:
        return groups
    decided = {way: _numbers(own_decisions[way], records, engine) for way in ("same", "different")}
    told = sorted({number for pair in decided["different"] for number in pair})
    own = engine.table(pa.table({"person_number": pa.array(told, pa.int64())}))
    touched = groups.semi_join(own, "person_number").select("group").distinct()
    members = engine.keep(groups.semi_join(touched, "group"))
    numbers = [row["person_number"] for row in engine.fetch(members).to_pylist()]
    ties = _ties(
        engine.fetch(used.semi_join(members, "person_number")).to_pylist(),
        engine.fetch(same.semi_join(members.select(left="person_number"), "left")).to_pylist(),
        order,
    )
    parts = _parts(sorted(numbers), [*decided["same"], *ties], decided["different"])
    rows = {"person_number": list(parts), "group": list(parts.values())}
    fresh = engine.table(
        pa.table({name: pa.array(column, pa.int64()) for name, column in rows.items()})
    )
    others = groups.anti_join(members, "person_number").select("person_number", "group")
    return engine.keep(others.union(fresh))


def _numbers(
    pairs: Iterable[tuple[str, str]], records: ir.Table, engine: Engine
) -> Sequence[Numbers]:
    """Decisions about records that are still there, in numbers."""
    wanted = sorted({person_id for pair in pairs for person_id in pair})
    ids = engine.table(pa.table({"person_id": pa.array(wanted, pa.string())}))
    known = records.select("person_id", "person_number").semi_join(ids, "person_id")
    number_of = {row["person_id"]: row["person_number"] for row in engine.fetch(known).to_pylist()}
    return [
        (number_of[one], number_of[other])
        for one, other in sorted(pairs)
        if one in number_of and other in number_of
    ]


def _ties(
    used: Iterable[Mapping[str, int]],
    same: Iterable[Mapping[str, int]],
    order: Mapping[str, int],
) -> Sequence[Numbers]:
    """Pairs of records that something ties, the surest kind first."""
    holders: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in used:
        holders[order[str(row["kind"])], row["value_number"]].append(row["person_number"])
    ranked = [
        (rank, one, two)
        for (rank, _), persons in holders.items()
        for one, two in combinations(sorted(persons), 2)
    ]
    ranked += [(order[str(row["kind"])], row["left"], row["right"]) for row in same]
    return [(one, two) for _, one, two in sorted(set(ranked))]


def _parts(
    numbers: Sequence[int], ties: Iterable[Numbers], different: Iterable[Numbers]
) -> Mapping[int, int]:
    """The part of each record, by its lowest number; the first tie that may join, joins."""
    part = {number: number for number in numbers}
    members = {number: {number} for number in numbers}
    apart: dict[int, set[int]] = defaultdict(set)
    for one, two in different:
        apart[one].add(two)
        apart[two].add(one)
    for one, two in ties:
        if one not in part or two not in part or part[one] == part[two]:
            continue
        low, high = sorted((part[one], part[two]))
        if any(apart[number] & members[high] for number in members[low]):
            continue
        for number in members[high]:
            part[number] = low
        members[low] |= members.pop(high)
    return part
