"""A real PostgreSQL for the tests, from the system's packages, gone when they are done."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["programs", "running"]

UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root


def programs() -> Path | None:
    """Folder with `initdb` and `postgres`, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    named = shutil.which("initdb")
    return found[0].parent if found else Path(named).parent if named else None


def running() -> Iterator[str]:
    """Start a server of our own; gives the address of its first database."""
    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL on this machine (scripts/install-test-tools.sh installs it)")
    user = _user()
    data = Path(tempfile.mkdtemp(prefix="klantreis-postgres-"))
    if user:
        shutil.chown(data, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = str(data / "db")
    initdb = [
        str(folder / "initdb"),
        "-D",
        database,
        "-U",
        "klantreis",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    subprocess.run([*initdb, "--no-sync"], user=user, check=True, capture_output=True, cwd="/")
    quick = ("-c", "fsync=off", "-c", f"unix_socket_directories={data}")
    command = [str(folder / "postgres"), "-D", database, "-h", "127.0.0.1", "-p", str(port), *quick]
    server = subprocess.Popen(
        command, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(folder / "pg_isready", port)
        yield f"postgresql+pg8000://klantreis@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # fast: does not wait for who is connected
        server.wait(20)
        shutil.rmtree(data, ignore_errors=True)


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _wait_for(is_ready: Path, port: int) -> None:
    """Until it answers: an open port alone may still be starting up."""
    asked = [str(is_ready), "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(200):
        if subprocess.run(asked, check=False).returncode == 0:
            return
        time.sleep(0.05)
    pytest.fail("PostgreSQL did not start")
