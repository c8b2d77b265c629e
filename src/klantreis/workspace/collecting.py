"""Collected events on their way to the tables: from the log into files that an import reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from klantreis.runner.store import FOLDER
from klantreis.state import CollectedEvent, CollectedLog

__all__ = ["Collecting"]

EVENTS_A_FILE = 200_000
REPEATS_KNOWN_FOR = timedelta(days=7)


class Collecting:
    """The log of a workspace; opened when something is first asked of it.

    Args:
        folder: the workspace's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / FOLDER / "collected.sqlite"
        self._log: CollectedLog | None = None

    @property
    def log(self) -> CollectedLog:
        if self._log is None:
            self._log = CollectedLog(self._file)
        return self._log

    @property
    def newest(self) -> int:
        """Number of the newest event in the log; 0 when nothing was ever collected."""
        return self.log.newest() if self._file.exists() else 0

    def lay_down(self, now: datetime) -> int:
        """Write what was collected since the last time as export files; returns how many events.

        A crash between a file and its note does no harm: the same file is written again, and an
        import keeps each event once.

        Args:
            now: UTC, naive; older repeats than a week are forgotten.
        """
        if not self._file.exists():
            return 0
        count = 0
        for source in self.log.sources():
            while waiting := self.log.waiting(source, limit=EVENTS_A_FILE):
                self._write(source, waiting)
                self.log.note_laid_down(source, waiting[-1][0])
                count += len(waiting)
        self.log.forget_before(now - REPEATS_KNOWN_FOR)
        return count

    def _write(self, source: str, events: list[tuple[int, CollectedEvent]]) -> None:
        folder = self._folder / "exports" / source
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"collected-{events[0][0]:012}.jsonl"
        unfinished = file.with_suffix(".unfinished")
        unfinished.write_bytes(b"".join(event.line + b"\n" for _, event in events))
        unfinished.replace(file)

    def erase(self, is_theirs: Callable[[str, bytes], bool]) -> int:
        """Drop the collected events for whose source and line this is so; returns how many."""
        return self.log.erase(is_theirs) if self._file.exists() else 0

    def lines_with(self, is_wanted: Callable[[str, bytes], bool]) -> list[str]:
        """The collected events for whose source and line this is so, as they came."""
        return self.log.lines_with(is_wanted) if self._file.exists() else []

    def count_waiting(self) -> int:
        """How many events are not in files yet."""
        return self.log.count_waiting() if self._file.exists() else 0

    def close(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None
