"""The same plan writes the same bytes; and never over another workspace."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from klantreis.errors import WorkspaceError
from klantreis.simulate import Plan, simulate

PLAN = Plan(customers=300, seed=2, start=date(2025, 2, 10), months=5)


def fingerprints(folder: Path, plan: Plan) -> dict[str, str]:
    simulate(folder, plan)
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return fingerprints(tmp_path_factory.mktemp("first") / "shop", PLAN)


def test_the_same_plan_writes_the_same_bytes(first: dict[str, str], tmp_path: Path) -> None:
    assert len(first) > 200
    assert fingerprints(tmp_path / "again", PLAN) == first


def test_another_seed_writes_another_shop(first: dict[str, str], tmp_path: Path) -> None:
    other = fingerprints(
        tmp_path / "other", Plan(customers=300, seed=3, start=PLAN.start, months=5)
    )
    same = {path for path in first if other.get(path) == first[path]}
    assert {"klantreis.toml", "mappings/parcels.toml", "mappings/webshop_offers.toml"} <= same
    assert len(same) < 10  # also files in which nothing happened, as the mentions of so few


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shop_may_have_a_single_customer(seed: int, tmp_path: Path) -> None:
    simulate(tmp_path, Plan(customers=1, seed=seed, months=2))
    assert (tmp_path / "truth/humans.parquet").exists()


def test_nothing_temporary_is_left_behind(tmp_path: Path) -> None:
    simulate(tmp_path, Plan(customers=20, months=1))
    assert {path.name for path in tmp_path.iterdir()} == {
        "exports", "klantreis.toml", "mappings", "truth",
    }  # fmt: skip


def test_a_workspace_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "klantreis.toml").touch()
    with pytest.raises(WorkspaceError, match="choose another folder"):
        simulate(tmp_path, PLAN)


def test_progress_names_every_source(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    simulate(tmp_path, Plan(customers=20, months=1), lambda step, done: told.append((step, done)))
    assert told[0] == ("customers", 20)
    folders = {path.name for path in (tmp_path / "exports").iterdir()} - {"google_ads", "meta_ads"}
    assert folders | {"advertising", "truth", "customers"} <= {step for step, _ in told}
