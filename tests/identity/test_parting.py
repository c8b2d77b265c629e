from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.identity.parting import parted
from klantreis.identity.rules import RULES, ranks

Pairs = Sequence[tuple[int, int]]
CARD, EMAIL, PHONE = "loyalty_card", "email", "phone"


def column(values: Sequence[int]) -> pa.Array:
    return pa.array(values, pa.int64())


def parts(
    engine: Engine,
    stated: Sequence[tuple[int, int, str]],
    *,
    same: Pairs = (),
    different: Pairs = (),
    records: int = 5,
) -> set[frozenset[int]]:
    """Part one group of records 1 to n: who states which value of which kind."""
    numbers = list(range(1, records + 1))
    groups = pa.table({"person_number": column(numbers), "group": column([1] * records)})
    used = pa.table(
        {
            "person_number": column([one for one, _, _ in stated]),
            "value_number": column([value for _, value, _ in stated]),
            "kind": pa.array([kind for _, _, kind in stated], pa.string()),
        }
    )
    none = {"left": column([]), "right": column([]), "kind": pa.array([], pa.string())}
    ids = pa.table({"person_number": column(numbers), "person_id": [f"r:{n}" for n in numbers]})
    told: Mapping[str, Sequence[tuple[str, str]]] = {
        way: [(f"r:{one}", f"r:{two}") for one, two in pairs]
        for way, pairs in (("same", same), ("different", different))
    }
    made = parted(
        ibis.memtable(groups),
        ibis.memtable(used),
        ibis.memtable(pa.table(none)),
        ibis.memtable(ids),
        engine=engine,
        order=ranks(RULES),
        own_decisions=told,
    )
    together: dict[int, set[int]] = {}
    for row in engine.fetch(made).to_pylist():
        together.setdefault(row["group"], set()).add(row["person_number"])
    return {frozenset(members) for members in together.values()}


def test_who_hangs_between_two_that_are_different_goes_with_the_surest_tie(
    duckdb_engine: Engine,
) -> None:
    stated = [(1, 1, EMAIL), (3, 1, EMAIL), (2, 2, CARD), (3, 2, CARD)]
    found = parts(duckdb_engine, stated, different=[(1, 2)], records=3)
    assert found == {frozenset({1}), frozenset({2, 3})}


def test_what_people_said_is_one_goes_before_what_systems_say(duckdb_engine: Engine) -> None:
    stated = [(1, 1, EMAIL), (3, 1, EMAIL), (2, 2, CARD), (3, 2, CARD)]
    found = parts(duckdb_engine, stated, same=[(1, 3)], different=[(1, 2)], records=3)
    assert found == {frozenset({1, 3}), frozenset({2})}


def test_two_that_are_different_stay_so_also_when_they_state_the_same(
    duckdb_engine: Engine,
) -> None:
    stated = [(number, 1, EMAIL) for number in (1, 2, 3)]
    found = parts(duckdb_engine, stated, different=[(2, 3)], records=3)
    assert found == {frozenset({1, 2}), frozenset({3})}


def test_a_decision_about_a_record_that_is_gone_changes_nothing(duckdb_engine: Engine) -> None:
    stated = [(1, 1, EMAIL), (2, 1, EMAIL)]
    assert parts(duckdb_engine, stated, different=[(1, 99)], records=2) == {frozenset({1, 2})}


pairs = st.tuples(st.integers(1, 5), st.integers(1, 5)).filter(lambda pair: pair[0] < pair[1])
statements = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 3), st.sampled_from([CARD, EMAIL, PHONE])),
    max_size=10,
    unique_by=lambda one: (one[0], one[1]),
)


@settings(max_examples=10)
@given(stated=statements, different=st.lists(pairs, min_size=1, max_size=3, unique=True))
def test_always_everyone_once_and_nobody_with_whom_they_differ_from(
    duckdb_engine: Engine, stated: list[tuple[int, int, str]], different: list[tuple[int, int]]
) -> None:
    found = parts(duckdb_engine, stated, different=different)
    assert sorted(number for members in found for number in members) == [1, 2, 3, 4, 5]
    for one, two in different:
        assert not any({one, two} <= members for members in found)
