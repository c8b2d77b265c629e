from __future__ import annotations

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantreis.engine import Engine
from klantreis.runner.portions import portions
from klantreis.tables import EVERYONE


@given(
    customers=st.lists(st.integers(1, 5_000), max_size=40),
    pieces=st.integers(min_value=1, max_value=6),
)
def test_every_customer_is_in_exactly_one_portion(
    duckdb_engine: Engine, customers: list[int], pieces: int
) -> None:
    rows = ibis.memtable({"customer_id": customers}, schema={"customer_id": "int64"})
    made = portions(rows, pieces, engine=duckdb_engine)
    assert 1 <= len(made) <= pieces
    held = [
        row["customer_id"]
        for portion in made
        for row in duckdb_engine.fetch(portion.of(rows)).to_pylist()
    ]
    assert sorted(held) == sorted(customers)


def test_portions_have_about_equally_many_rows(duckdb_engine: Engine) -> None:
    # The first tenth of the customers has half of the rows.
    numbers = [*range(1, 101)] * 10 + [*range(101, 1_001)] + [None]
    rows = ibis.memtable({"customer_id": numbers}, schema={"customer_id": "int64"})
    made = portions(rows, 2, engine=duckdb_engine)
    counts = [duckdb_engine.fetch(portion.of(rows)).num_rows for portion in made]
    assert counts[0] == pytest.approx(950, abs=15)
    assert made[0].first is None
    assert made[-1].beyond is None


def test_few_rows_are_one_portion(duckdb_engine: Engine) -> None:
    rows = ibis.memtable({"customer_id": [1]}, schema={"customer_id": "int64"})
    assert portions(rows, 1, engine=duckdb_engine) == (EVERYONE,)
