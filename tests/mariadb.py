"""A real MariaDB for the tests, from the system's packages, gone when they are done."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["running"]

PLACES = "/usr/sbin:/usr/bin:/usr/local/bin"


def running() -> Iterator[str]:
    """Start a server of our own; gives the address of its first database, with user `reader`."""
    server, install = (_program(name) for name in ("mariadbd", "mariadb-install-db"))
    if not server or not install:
        pytest.skip("no MariaDB on this machine (scripts/install-test-tools.sh installs it)")
    folder = Path(tempfile.mkdtemp(prefix="klantreis-mariadb-"))
    data, user = folder / "db", _user()
    if user:
        shutil.chown(folder, user)
    own = ["--no-defaults", f"--datadir={data}"]
    _install(
        [install, *own, "--auth-root-authentication-method=normal", "--skip-test-db"], user, data
    )
    start = folder / "start.sql"
    start.write_text(
        "CREATE DATABASE shop CHARACTER SET utf8mb4;\n"
        "CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY 's3cret@:/';\n"
        "GRANT ALL ON shop.* TO 'reader'@'127.0.0.1';\n",
        encoding="utf-8",
    )
    start.chmod(0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quick = ["--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", f"--init-file={start}"]
    listens = [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 'socket'}"]
    process = subprocess.Popen(
        [server, *own, *quick, *listens, f"--pid-file={folder / 'pid'}"],
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"mariadb://reader:${{SHOP_PASSWORD}}@127.0.0.1:{port}/shop"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _install(command: list[str], user: str | None, data: Path) -> None:
    """Lay the tables down; again when the machine was too busy for it."""
    for _ in range(3):
        done = subprocess.run(command, user=user, check=False, capture_output=True, cwd="/")
        if done.returncode == 0:
            return
        shutil.rmtree(data, ignore_errors=True)
        time.sleep(2)
    pytest.fail((done.stdout + done.stderr).decode(errors="replace")[-2000:])


def _program(name: str) -> str | None:
    return shutil.which(name, path=PLACES)


def _user() -> str | None:
    known = {entry.pw_name for entry in pwd.getpwall()}
    wanted = [name for name in ("mysql", "nobody") if name in known]
    return wanted[0] if os.geteuid() == 0 else None


def _wait_for(port: int) -> None:
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("MariaDB did not start")
