"""A real collection server, `klantreis collect`, in a process of its own, which tests may kill."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from pathlib import Path

import httpx

__all__ = ["Server"]

# What a server needs is loaded once; each server is a fresh process forked from there.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["klantreis.cli.collect", "klantreis.collect", "uvicorn"])


class Server:
    """On a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._process: multiprocessing.process.BaseProcess | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = PROCESSES.Process(target=_serve, args=(self.folder, self.port))
        self._process.start()
        for _ in range(400):
            try:
                httpx.get(f"{self.url}/healthz", timeout=1).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """As a loss of power would: no time to finish anything."""
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()

    def stop(self) -> None:
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(20)


def _serve(folder: Path, port: int) -> None:
    from klantreis.cli import collect

    collect.command(folder, port, "127.0.0.1")
