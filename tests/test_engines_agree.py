"""Steps give the same tables on Spark as on DuckDB, from the same Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from klantreis import Workspace, journeys, segments
from klantreis.engine import Engine
from klantreis.settings import Settings
from klantreis.tables import Renewal, check_rows, contract
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
