"""Time and memory of a piece of work, and of a function in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

PAGE = os.sysconf("SC_PAGE_SIZE")


def memory_now() -> int:
    """Resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@dataclass
class Measured:
    """What a piece of work took: wall seconds, and the most memory resident meanwhile."""

    seconds: float = 0.0
    peak_bytes: int = 0


@contextmanager
def measured() -> Iterator[Measured]:
    """Measure a piece of work; memory is looked at every 20 ms."""
    result = Measured(peak_bytes=memory_now())
    done = Event()

    def watch() -> None:
        while not done.wait(0.02):
            result.peak_bytes = max(result.peak_bytes, memory_now())

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    begun = time.perf_counter()
    try:
        yield result
    finally:
        result.seconds = time.perf_counter() - begun
        done.set()
        watcher.join()


def in_own_process(script: Path, *arguments: str) -> dict[str, Any]:
    """Run a benchmark script by itself; it prints one JSON object as its last line."""
    answer = subprocess.run(
        [sys.executable, str(script), *arguments], capture_output=True, text=True, check=False
    )
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:] or [f"exit code {answer.returncode}"]
        return {"failed": last[0]}
    result: dict[str, Any] = json.loads(answer.stdout.strip().splitlines()[-1])
    return result
