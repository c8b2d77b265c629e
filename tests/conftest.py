"""What all tests share: engines to run on, and where the development data is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from klantreis.engine import Engine, connect

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def development_data() -> Path:
    """Real data to develop against; not part of the project, so its tests skip without it."""
    folder = Path(os.environ.get("KLANTREIS_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the development data is not here (set KLANTREIS_DATA to its folder)")
    return folder


@pytest.fixture(scope="session")
def duckdb_engine() -> Iterator[Engine]:
    engine = connect("duckdb")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def spark_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    pytest.importorskip("pyspark", reason="the extra [spark] is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java (scripts/install-test-tools.sh installs it)")
    engine = connect("spark", master="local[2]", temporary=tmp_path_factory.mktemp("spark"))
    yield engine
    engine.close()


@pytest.fixture(
    params=[
        "duckdb",
        pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.xdist_group("spark")]),
    ]
)
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn: what holds on one must hold on all."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    return engine
