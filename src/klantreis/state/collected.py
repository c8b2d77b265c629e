"""The log of collected events: on disk before the sender is told so, each message once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

__all__ = ["CollectedEvent", "CollectedLog"]

# Secure delete: what was deleted does not stay behind in free pages.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "secure_delete=ON")
SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  message_id TEXT NOT NULL,
  received_at TEXT NOT NULL,
  is_fit INTEGER NOT NULL,
  line BLOB NOT NULL,
  UNIQUE (source, message_id)
) STRICT;
CREATE TABLE IF NOT EXISTS laid_down (
  source TEXT PRIMARY KEY,
  number INTEGER NOT NULL
) STRICT;
"""


@dataclass(frozen=True)
class CollectedEvent:
    """One event as it was collected.

    Attributes:
        source: folder below `exports/` that it belongs to.
        message_id: the sender's own name for it; a second one of the same source is a repeat.
        received_at: UTC, naive.
        is_fit: whether it can be taken in; what cannot is kept to be put aside by name.
        line: JSON on one line, in UTF-8.
    """

    source: str
    message_id: str
    received_at: datetime
    is_fit: bool
    line: bytes


class CollectedLog:
    """One SQLite file; what `append` returned from survives a crash of the machine.

    Args:
        file: made when it is not there.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA)
        self._lock = Lock()

    def append(self, events: Sequence[CollectedEvent]) -> list[bool]:
        """Keep events for good, in one transaction.

        Returns:
            For each event whether it was new; False for a repeat, which is not kept again.
        """
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                news = [self._insert(event) for event in events]
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
            return news

    def _insert(self, event: CollectedEvent) -> bool:
        inserted = self._connection.execute(
            "INSERT INTO events (source, message_id, received_at, is_fit, line)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                event.source,
                event.message_id,
                event.received_at.isoformat(),
                event.is_fit,
                event.line,
            ),
        )
        return inserted.rowcount > 0

    def waiting(self, source: str, *, limit: int) -> list[tuple[int, CollectedEvent]]:
        """The oldest events of a source that were not laid down yet, with their numbers."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT number, source, message_id, received_at, is_fit, line FROM events"
                " WHERE source = ? AND number > coalesce("
                "  (SELECT number FROM laid_down WHERE source = ?), 0)"
                " ORDER BY number LIMIT ?",
                (source, source, limit),
            ).fetchall()
        return [(row[0], _event(*row[1:])) for row in rows]

    def note_laid_down(self, source: str, number: int) -> None:
        """Remember that a source's events up to this number are in files."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO laid_down VALUES (?, ?)"
                " ON CONFLICT (source) DO UPDATE SET number = excluded.number",
                (source, number),
            )

    def sources(self) -> list[str]:
        """The sources that events were ever collected for."""
        with self._lock:
            rows = self._connection.execute("SELECT DISTINCT source FROM events ORDER BY source")
            return [row[0] for row in rows]

    def since(self, number: int) -> Iterator[tuple[int, CollectedEvent]]:
        """All events after a number, oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT number, source, message_id, received_at, is_fit, line FROM events"
                " WHERE number > ? ORDER BY number",
                (number,),
            ).fetchall()
        return ((row[0], _event(*row[1:])) for row in rows)

    def newest(self) -> int:
        """Number of the newest event; 0 when there is none."""
        with self._lock:
            row = self._connection.execute("SELECT max(number) FROM events").fetchone()
        return row[0] or 0

    def lines_from(self, source: str, number: int) -> list[bytes]:
        """Lines of a source's events that can be taken in, from a number on, oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT line FROM events WHERE source = ? AND number >= ? AND is_fit"
                " ORDER BY number",
                (source, number),
            ).fetchall()
        return [row[0] for row in rows]

    def erase(self, is_theirs: Callable[[str, bytes], bool]) -> int:
        """Drop the events for whose source and line this is so, from free pages too.

        Returns:
            How many.
        """
        with self._lock:
            rows = self._connection.execute("SELECT number, source, line FROM events")
            gone = [(number,) for number, source, line in rows if is_theirs(source, line)]
            self._connection.executemany("DELETE FROM events WHERE number = ?", gone)
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return len(gone)

    def forget_before(self, moment: datetime) -> int:
        """Drop events that are in files and were received before a moment; returns how many.

        A repeat that comes later than that is only known by the import, which keeps each key once.
        """
        with self._lock:
            dropped = self._connection.execute(
                "DELETE FROM events WHERE received_at < ? AND number <= coalesce("
                " (SELECT number FROM laid_down WHERE laid_down.source = events.source), 0)",
                (moment.isoformat(),),
            )
            return dropped.rowcount

    def count_waiting(self) -> int:
        """How many events are not in files yet."""
        with self._lock:
            found = self._connection.execute(
                "SELECT count(*) FROM events LEFT JOIN laid_down USING (source)"
                " WHERE events.number > coalesce(laid_down.number, 0)"
            )
            return int(found.fetchone()[0])

    def lines_with(self, is_wanted: Callable[[str, bytes], bool]) -> list[str]:
        """The events for whose source and line this is so, as they were collected."""
        with self._lock:
            rows = self._connection.execute("SELECT source, line FROM events ORDER BY number")
            return [
                line.decode("utf-8", "replace") for source, line in rows if is_wanted(source, line)
            ]

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _event(
    source: str, message_id: str, received_at: str, is_fit: int, line: bytes
) -> CollectedEvent:
    return CollectedEvent(
        source, message_id, datetime.fromisoformat(received_at), bool(is_fit), line
    )
