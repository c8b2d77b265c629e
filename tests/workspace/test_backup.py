from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from klantreis import Workspace
from klantreis.errors import UnreadableFileError, WorkspaceBusyError, WorkspaceError
from klantreis.settings import read_settings
from tests.web.shop import make_workspace


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    workspace = make_workspace(tmp_path / "shop", customers=40)
    export = workspace.folder / "exports" / "till" / "bonnen.csv"
    export.parent.mkdir(parents=True)
    export.write_text("Bonnummer;E-mail\nB1;ann@voorbeeld.nl\n", encoding="utf-8")
    workspace.accounts.add("ann", "admin")
    workspace.note("ann", "export", "rfm", address="::1")
    return workspace


def customers(workspace: Workspace) -> list[dict[str, object]]:
    return workspace.rows(workspace.table("customers").order_by("customer_id"))


def test_what_is_restored_is_what_was_there(shop: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    shop.back_up(file)
    assert file.stat().st_mode & 0o077 == 0, "only its owner may read it"
    with Workspace.restore(file, tmp_path / "again") as again:
        assert customers(again) == customers(shop)
        assert again.accounts.users() == shop.accounts.users()
        assert again.state.audit.lines() == shop.state.audit.lines()
        for name in ("klantreis.toml", "exports/till/bonnen.csv"):
            was, now = shop.folder / name, again.folder / name
            assert now.read_bytes() == was.read_bytes()
            assert now.stat().st_mtime_ns == was.stat().st_mtime_ns
        again.accounts.add("bob", "viewer")


def test_nothing_is_ever_overwritten(shop: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    shop.back_up(file)
    with pytest.raises(WorkspaceError, match="new file"):
        shop.back_up(file)
    with pytest.raises(WorkspaceError, match="new file outside"):
        shop.back_up(shop.folder / "shop.backup")
    with pytest.raises(WorkspaceError, match="not empty"):
        Workspace.restore(file, shop.folder)


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    shop: Workspace, tmp_path: Path, place: float
) -> None:
    file = tmp_path / "shop.backup"
    shop.back_up(file)
    content = bytearray(file.read_bytes())
    at = int(len(content) * place)
    content[at : at + 64] = bytes(64)
    file.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="damaged"):
        Workspace.restore(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert list(tmp_path.glob(".restore-*")) == []


def test_a_backup_does_not_write_outside_its_folder(shop: Workspace, tmp_path: Path) -> None:
    file, evil = tmp_path / "shop.backup", tmp_path / "evil.backup"
    shop.back_up(file)
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(evil, "w") as made:
        for name in good.namelist():
            moved = name.replace("exports/till/bonnen.csv", "../../outside")
            content = good.read(name).replace(b"exports/till/bonnen.csv", b"../../outside")
            made.writestr(moved, content)
    with pytest.raises(UnreadableFileError, match="outside"):
        Workspace.restore(evil, tmp_path / "deep" / "again")
    assert not (tmp_path / "outside").exists()


def test_a_run_and_a_backup_do_not_meet(shop: Workspace, tmp_path: Path) -> None:
    with shop.store.writing(), pytest.raises(WorkspaceBusyError):
        shop.back_up(tmp_path / "shop.backup")
    assert not list(tmp_path.glob("shop.backup*"))


def test_people_go_on_working_while_a_backup_is_made(shop: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            shop.note("ann", "export", "rfm", address="::1")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(3):
            shop.back_up(tmp_path / f"{number}.backup")
    finally:
        stop.set()
        worker.join()
    counts = []
    for number in range(3):
        with Workspace.restore(tmp_path / f"{number}.backup", tmp_path / str(number)) as again:
            counts.append(again.state.audit.count())
    assert counts == sorted(counts)


def with_postgres(folder: Path, url: str) -> None:
    file = folder / "klantreis.toml"
    address = url.replace("klantreis@", "klantreis:${KLANTREIS_TEST_PASSWORD}@")
    text = file.read_text(encoding="utf-8")
    file.write_text(f'{text}\n[state]\nurl = "{address}"\n', encoding="utf-8")


def test_a_state_in_postgresql_comes_back_too(
    tmp_path: Path, new_postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLANTREIS_TEST_PASSWORD", "p@ss/word")
    Workspace.create(tmp_path / "shop").close()
    url = new_postgres()
    with_postgres(tmp_path / "shop", url)
    with Workspace.open(tmp_path / "shop") as shop:
        assert "p%40ss%2Fword" in shop.settings.state_url
        assert "p%40ss" not in repr(shop.settings)
        shop.accounts.add("ann", "admin")
        shop.note("ann", "export", "rfm", address="::1")
        shop.back_up(tmp_path / "shop.backup")
        with pytest.raises(WorkspaceError, match="in use"):
            Workspace.restore(tmp_path / "shop.backup", tmp_path / "again")
    assert not (tmp_path / "again").exists()
    with create_engine(url).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    with Workspace.restore(tmp_path / "shop.backup", tmp_path / "again") as again:
        assert [user.name for user in again.accounts.users()] == ["ann"]
        again.note("ann", "restore", "x", address="::1")
        assert again.state.audit.count() == 2
        assert not (again.folder / ".klantreis" / "state.sqlite").exists()


def test_a_password_that_is_not_there_is_named(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "shop").close()
    with_postgres(tmp_path / "shop", "postgresql+pg8000://klantreis@db/x")
    with pytest.raises(Exception, match="set KLANTREIS_TEST_PASSWORD"):
        read_settings(tmp_path / "shop")
