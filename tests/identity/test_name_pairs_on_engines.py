"""Records with nothing but a name are weighed on Spark as on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest

from klantreis import identity
from klantreis.engine import Engine
from klantreis.pipeline import Step
from klantreis.tables import TABLES, contract
from tests.identity.people import Shop
from tests.identity.test_name_pairs import CUSTOMERS, SPECIAL, STATED, customer, subscribers
from tests.length import at_length
from tests.rows import made, stored

pytestmark = [at_length, pytest.mark.spark, pytest.mark.xdist_group("spark")]


def test_names_alone_say_the_same_on_spark(
    duckdb_engine: Engine, spark_engine: Engine, tmp_path: Path
) -> None:
    shop = Shop(duckdb_engine)
    shop.match([*map(customer, range(CUSTOMERS)), *subscribers(), *SPECIAL], STATED)
    asked = {"engine": spark_engine, "identifier_rules": {}, "own_decisions": shop.decided}
    for name in ("name_doubles", "matches"):
        step = Step(getattr(identity, name))
        read = {*step.reads, *step.reads_changed}
        there = {one: stored(one, shop.tables[one], spark_engine, tmp_path / name) for one in read}
        none = {one: spark_engine.read([], contract(one)) for one in TABLES}
        rows = step.function(
            **{one: there[one] for one in step.reads},
            **{f"kept_{one}": none[one] for one in step.reads_kept},
            **{
                f"changed_{one}": there[one].select(contract(one).key) for one in step.reads_changed
            },
            **{one: asked[one] for one in step.asks},
        )
        found, here = made(name, rows, spark_engine), shop.tables[name]
        assert here
        assert len(found) == len(here)
        for one, other in zip(found, here, strict=True):
            assert set(one) == set(other)
            for column, value in other.items():
                close = pytest.approx(value) if isinstance(value, float) else value
                assert one[column] == close, column
