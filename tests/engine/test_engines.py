from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantreis.engine import Engine, connect
from klantreis.errors import InputError, NotFoundError
from klantreis.tables import check_rows, contract

SPEND = {
    "spend_id": ["b", "a"],
    "source": ["ads", "ads"],
    "file_id": ["f", "f"],
    "channel": ["meta", "meta"],
    "spent_on": ["2026-03-01", "2026-03-02"],
    "cost_amount": ["12.3456", "0.10"],
    "clicks": [3, None],
}


def test_what_is_written_is_read_back_in_the_contract_s_shape(
    any_engine: Engine, tmp_path: Path
) -> None:
    table = contract("spend")
    written = any_engine.write(any_engine.table(pa.table(SPEND)), table, tmp_path / "spend")
    rows = any_engine.read(written.files, table)
    check_rows(rows, table)
    assert written.rows == 2
    assert any_engine.fetch(rows.order_by("spend_id"))["cost_amount"].to_pylist()[
        1
    ].as_tuple().digits == (
        1,
        2,
        3,
        4,
        5,
        6,
    )


def test_one_engine_reads_what_the_other_wrote(
    duckdb_engine: Engine, any_engine: Engine, tmp_path: Path
) -> None:
    table = contract("spend")
    here = duckdb_engine.write(duckdb_engine.table(pa.table(SPEND)), table, tmp_path / "here")
    there = any_engine.write(any_engine.read(here.files, table), table, tmp_path / "there")
    back = duckdb_engine.fetch(duckdb_engine.read(there.files, table).order_by("spend_id"))
    assert (
        back.to_pylist()
        == duckdb_engine.fetch(
            duckdb_engine.read(here.files, table).order_by("spend_id")
        ).to_pylist()
    )


def test_no_files_is_an_empty_table_that_keeps_the_contract(any_engine: Engine) -> None:
    rows = any_engine.read([], contract("orders"))
    check_rows(rows, contract("orders"))
    assert any_engine.fetch(rows).num_rows == 0


def test_an_integer_sum_stays_an_integer_at_rest(any_engine: Engine, tmp_path: Path) -> None:
    table = contract("drop_offs")
    numbers = any_engine.table(pa.table({"phase": ["see", "see"], "n": [1, 2]}))
    sums = numbers.group_by("phase").aggregate(
        phase_model=ibis.literal("m"),
        position=ibis.literal(1),
        value_at_risk_amount=ibis.literal(0),
        **{
            name: numbers["n"].sum()
            for name in ("journeys", "reached", "skipped", "returned", "continued", "stopped")
        },
    )
    written = any_engine.write(sums, table, tmp_path / "drop_offs")
    row = any_engine.fetch(any_engine.read(written.files, table)).to_pylist()[0]
    assert row["stopped"] == 3
    assert isinstance(row["stopped"], int)


def test_a_wrong_query_says_what_is_wrong(any_engine: Engine) -> None:
    rows = any_engine.read([], contract("orders"))
    with pytest.raises(InputError, match="ordr_id"):
        any_engine.query("SELECT ordr_id FROM orders", {"orders": rows})


def test_an_unknown_engine_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="duckdb"):
        connect("oracle")


def components_by_hand(edges: list[tuple[int, int]]) -> dict[int, int]:
    neighbours: dict[int, set[int]] = defaultdict(set)
    for left, right in edges:
        neighbours[left].add(right)
        neighbours[right].add(left)
    component: dict[int, int] = {}
    for start in sorted(neighbours):
        waiting = [] if start in component else [start]
        while waiting:
            node = waiting.pop()
            if node not in component:
                component[node] = start
                waiting.extend(neighbours[node])
    return component


def components_of(engine: Engine, edges: list[tuple[int, int]]) -> dict[int, int]:
    left, right = zip(*edges, strict=True)
    table = engine.table(
        pa.table({"left": pa.array(left, pa.int64()), "right": pa.array(right, pa.int64())})
    )
    return {
        row["node"]: row["component"] for row in engine.fetch(engine.components(table)).to_pylist()
    }


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40))
def test_components_are_those_found_by_walking(edges: list[tuple[int, int]]) -> None:
    engine = connect("duckdb")
    assert components_of(engine, edges) == components_by_hand(edges)
    engine.close()


def test_a_long_chain_is_one_component_on_every_engine(any_engine_at_length: Engine) -> None:
    edges = [(n, n + 1) for n in range(1, 9)] + [(20, 21)]
    assert components_of(any_engine_at_length, edges) == components_by_hand(edges)
