"""Killed at any moment, an erasure is finished by whatever comes next, and nobody comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from klantreis import Workspace
from tests.conftest import ROOT
from tests.copying import copy_workspace
from tests.length import at_length
from tests.workspace.test_privacy import files_with, somebody

pytestmark = pytest.mark.usefixtures("brief_runs")
ERASING = (
    "publishing",
    *(pytest.param(place, marks=at_length) for place in ("fifth_file", "parts", "proof", "proven")),
)
IMPORTING = ("noted", pytest.param("checked", marks=at_length))


def killed(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.workspace.dying", str(folder), *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]


@pytest.mark.parametrize("place", ERASING)
def test_an_erasure_that_was_killed_is_finished_by_the_next_run(
    small_shop_folder: Path, tmp_path: Path, place: str
) -> None:
    folder = copy_workspace(small_shop_folder, tmp_path / "shop")
    with Workspace.open(folder) as shop:
        customer, email = somebody(shop)
    killed(folder, "erase", place, str(customer))
    with Workspace.open(folder) as shop:
        assert shop.privacy.is_erasing
        shop.run()
        (erasure,) = shop.privacy.erasures()
        assert erasure.is_done
        assert erasure.proof
        assert erasure.proof["found"] == []
        assert erasure.proof["identifiers"] >= 2, "the proof looked for the identifiers themselves"
        assert shop.resolve(customer) is None
    assert files_with(folder, email) == []
    assert not list((folder / ".klantreis" / "erasing").glob("*.json"))


@pytest.mark.parametrize("place", IMPORTING)
def test_an_import_killed_before_it_was_looked_through_brings_nobody_back(
    small_shop_folder: Path, tmp_path: Path, place: str
) -> None:
    folder = copy_workspace(small_shop_folder, tmp_path / "shop")
    with Workspace.open(folder) as shop:
        customer, email = somebody(shop)
        old = next(
            folder / name for name in files_with(folder, email) if "shopify/customers" in name
        )
        kept = old.read_bytes()
        assert shop.privacy.erase(customer).proof.is_clean
        customers = shop.fetch(shop.table("customers").count().as_table())[0][0].as_py()
    (old.parent / "customers_old.csv").write_bytes(kept)
    killed(folder, "import", place)
    with Workspace.open(folder) as shop:
        shop.run()
        assert shop.fetch(shop.table("customers").count().as_table())[0][0].as_py() == customers
        shop.import_exports()
        shop.run()
        assert shop.fetch(shop.table("customers").count().as_table())[0][0].as_py() == customers
    assert files_with(folder, email) == []


def test_erasing_again_after_it_was_killed_gives_the_proof(
    small_shop_folder: Path, tmp_path: Path
) -> None:
    folder = copy_workspace(small_shop_folder, tmp_path / "shop")
    with Workspace.open(folder) as shop:
        customer, email = somebody(shop)
    killed(folder, "erase", "parts", str(customer))
    with Workspace.open(folder) as shop:
        assert shop.privacy.erase(customer).proof.is_clean
    assert files_with(folder, email) == []


def test_a_backup_of_an_erasure_under_way_is_finished_after_the_restore(
    small_shop_folder: Path, tmp_path: Path
) -> None:
    folder = copy_workspace(small_shop_folder, tmp_path / "shop")
    with Workspace.open(folder) as shop:
        customer, email = somebody(shop)
    killed(folder, "erase", "tables", str(customer))
    with Workspace.open(folder) as shop:
        shop.back_up(tmp_path / "backup.zip")
    with Workspace.restore(tmp_path / "backup.zip", tmp_path / "again") as shop:
        shop.run()
        assert all(one.is_done for one in shop.privacy.erasures())
    assert files_with(tmp_path / "again", email) == []
