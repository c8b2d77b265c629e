"""Steps give the same tables on Spark as on DuckDB, from the same Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from klantreis import Workspace, journeys, segments
from klantreis.engine import Engine
from klantreis.settings import Settings
from klantreis.tables import TABLES, Column, Renewal, Table, check_rows, contract
from tests.rows import afresh

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

CUSTOMERS = 150


@pytest.fixture(scope="module")
def few_customers(
    shop_folder: Path, duckdb_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Timeline and orders of the first customers who bought, as Parquet files."""
    folder = tmp_path_factory.mktemp("few")
    with Workspace.open(shop_folder) as shop:
        timeline, orders = shop.table("timeline"), shop.table("orders")
        bought = timeline.filter(timeline["event"] == "purchase").select("customer_id").distinct()
        chosen = bought.order_by("customer_id").limit(CUSTOMERS)
        own = timeline.semi_join(chosen, "customer_id")
        files = {}
        for name, rows in (
            ("timeline", own),
            ("orders", orders.semi_join(own.select("order_id").distinct(), "order_id")),
        ):
            written = shop.reading.engine.write(rows, contract(name), folder / name)
            assert written.rows > CUSTOMERS
            files[name] = written.files[0]
    return files


def rows_on(
    engine: Engine, name: str, files: dict[str, Path], folder: Path
) -> list[dict[str, Any]]:
    """Run one step on an engine, write it, and read its rows back in a fixed order."""
    tables = {table: engine.read([file], contract(table)) for table, file in files.items()}
    as_of, settings = datetime(2025, 9, 1), Settings()
    steps: dict[str, Callable[[], ir.Table | Renewal]] = {
        "steps": lambda: journeys.steps(
            tables["timeline"],
            engine.read([], contract("occurrences")),
            engine=engine,
            as_of=as_of,
            lapse_days=settings.lapse_days,
            aftercare_days=settings.aftercare_days,
            **afresh(journeys.steps),
        ),
        "rfm": lambda: segments.rfm(
            tables["timeline"],
            tables["orders"],
            engine.read([], contract("undated_purchases")),
            as_of=as_of,
            rfm_window_days=settings.rfm_window_days,
        ),
    }
    made = steps[name]()
    assert not isinstance(made, Renewal)
    written = engine.write(made, contract(name), folder / name)
    back = engine.read(written.files, contract(name))
    check_rows(back, contract(name))
    rows: list[dict[str, Any]] = engine.fetch(back.order_by(list(contract(name).key))).to_pylist()
    return rows


@pytest.mark.parametrize("name", ["steps", "rfm"])
def test_a_step_gives_the_same_rows_on_spark_as_on_duckdb(
    name: str,
    few_customers: dict[str, Path],
    duckdb_engine: Engine,
    spark_engine: Engine,
    tmp_path: Path,
) -> None:
    here = rows_on(duckdb_engine, name, few_customers, tmp_path / "duckdb")
    there = rows_on(spark_engine, name, few_customers, tmp_path / "spark")
    assert len(here) >= CUSTOMERS
    assert there == here


def _of_every_type(*left_out: str) -> tuple[Table, dict[str, list[Any]]]:
    """A table with a column of each type that contracts know, and ten thousand unlike rows."""
    rows = range(10_000)
    values: dict[str, list[Any]] = {
        "string": [f"{row * 7919:x}@example.com" for row in rows],
        "int64": [row**3 for row in rows],
        "float64": [row / 7 for row in rows],
        "timestamp(6)": [datetime(2025, 1, 1) + timedelta(microseconds=row**2) for row in rows],
        "money": [Decimal(row) / 100 for row in rows],
        "date": [date(1900, 1, 1) + timedelta(days=row) for row in rows],
        "boolean": [row % 3 == 0 for row in rows],
        "array<string>": [[str(row)] * (row % 3) for row in rows],
        "array<int64>": [[row, row**2] for row in rows],
        "array<timestamp(6)>": [
            [datetime(2025, 1, 1) + timedelta(seconds=row)] * (row % 3) for row in rows
        ],
    }
    of_contracts = {one.type for table in TABLES.values() for one in table.columns}
    assert of_contracts <= set(values)
    kept = {type: told for type, told in values.items() if type not in left_out}
    columns = tuple(Column(f"c{place}", type, "a value") for place, type in enumerate(kept))
    table = Table("every_type", "portraits", "a row", key=("c0",), columns=columns)
    return table, {f"c{place}": told for place, told in enumerate(kept.values())}


@pytest.mark.parametrize("left_out", [(), ("float64",)], ids=["with fractions", "without"])
def test_spark_reads_what_duckdb_wrote(
    left_out: tuple[str, ...], duckdb_engine: Engine, spark_engine: Engine, tmp_path: Path
) -> None:
    table, values = _of_every_type(*left_out)
    rows = duckdb_engine.table(pa.table(values))
    files = duckdb_engine.write(rows, table, tmp_path).files
    there = spark_engine.fetch(spark_engine.read(files, table).order_by("c1"))
    for name, told in values.items():
        assert there[name].to_pylist() == told
