"""What all tests share: engines to run on, and where the development data is."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from filelock import FileLock
from sqlalchemy import create_engine, text

from klantreis import Workspace
from klantreis.engine import Engine, connect
from klantreis.litter import OFTEN_ENOUGH
from klantreis.simulate import Plan, simulate
from tests.brief import run_briefly
from tests.copying import copy_workspace
from tests.length import at_length
from tests.postgres import running

ROOT = Path(__file__).parent.parent

# What imports and runs do, for all tests.
gc.set_threshold(*OFTEN_ENOUGH)

# A machine that does other things too may take its time.
hypothesis.settings.register_profile("without_deadline", deadline=None)
hypothesis.settings.load_profile("without_deadline")


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


# Of tables of some rows compiling costs Java more than it brings.
JAVA_FOR_SMALL_TABLES = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(scope="session")
def spark_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    pytest.importorskip("pyspark", reason="the extra [spark] is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java (scripts/install-test-tools.sh installs it)")
    with pytest.MonkeyPatch.context() as own:
        own.setenv("JAVA_TOOL_OPTIONS", JAVA_FOR_SMALL_TABLES)
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


@pytest.fixture(
    params=[
        "duckdb",
        pytest.param(
            "spark", marks=[pytest.mark.spark, pytest.mark.xdist_group("spark"), at_length]
        ),
    ]
)
def any_engine_at_length(request: pytest.FixtureRequest) -> Engine:
    """As `any_engine`, where the other engine takes long: with each change on the first alone."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    return engine


SHOP_CUSTOMERS = 1_500
SMALL_SHOP_CUSTOMERS = 60


def made_once(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    plan: Plan,
    run: Callable[[Workspace], object],
) -> Path:
    """A simulated shop, taken in and run, for all test processes together."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            simulate(folder, plan)
            with Workspace.open(folder) as workspace:
                workspace.import_exports()
                run(workspace)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated shop, taken in and run, made once for all test processes. Do not change it."""
    plan = Plan(customers=SHOP_CUSTOMERS, seed=7, months=8)
    return made_once(tmp_path_factory, "shop", plan, Workspace.run)


@pytest.fixture
def shop(shop_folder: Path) -> Iterator[Workspace]:
    """The simulated shop, opened for reading."""
    with Workspace.open(shop_folder) as workspace:
        yield workspace


@pytest.fixture
def own_shop(shop_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the simulated shop that a test may change."""
    with Workspace.open(copy_workspace(shop_folder, tmp_path / "shop")) as workspace:
        yield workspace


@pytest.fixture(scope="session")
def small_shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated shop of a few people with only the first tables. Copy it before you change it."""
    plan = Plan(customers=SMALL_SHOP_CUSTOMERS, seed=5, months=2)
    return made_once(tmp_path_factory, "small_shop", plan, run_briefly)


@pytest.fixture
def small_shop_run_whole(small_shop_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the small shop with all tables, that a test may change."""
    with Workspace.open(copy_workspace(small_shop_folder, tmp_path / "shop")) as workspace:
        workspace.run()
        yield workspace


@pytest.fixture
def brief_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run only makes who is who and the portraits, and so takes a second."""
    monkeypatch.setattr(Workspace, "_make_tables", run_briefly)


@pytest.fixture
def small_shop(small_shop_folder: Path, tmp_path: Path, brief_runs: None) -> Iterator[Workspace]:
    """A copy of the small shop that a test may change."""
    with Workspace.open(copy_workspace(small_shop_folder, tmp_path / "shop")) as workspace:
        yield workspace


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a real PostgreSQL server's first database."""
    yield from running()


@pytest.fixture
def new_postgres(postgres: str) -> Callable[[], str]:
    """Makes empty databases; gives the address of each."""
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")

    def new() -> str:
        name = f"t{uuid4().hex[:12]}"
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return postgres.rpartition("/")[0] + f"/{name}"

    return new
