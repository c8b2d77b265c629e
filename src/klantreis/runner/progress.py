"""What a run tells while it is at work; the doors turn it into a bar, a log line or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Finished", "Progress", "Quiet"]


@dataclass(frozen=True)
class Finished:
    """One piece of work that is done.

    Attributes:
        name: step, table or file.
        rows: rows in the result.
        seconds: time that it took.
        is_reused: nothing changed since an earlier run, so that run's result was taken.
        peak_bytes: most memory that the process ever held, up to the end of this piece.
    """

    name: str
    rows: int
    seconds: float
    is_reused: bool = False
    peak_bytes: int = 0


class Progress(Protocol):
    """Receives word of each piece of work as it starts and ends."""

    def begin(self, activity: str, pieces: int) -> None:
        """A round of work starts: `import` or `run`, with so many pieces."""
        ...

    def started(self, name: str) -> None: ...

    def finished(self, piece: Finished) -> None: ...


class Quiet:
    """Tells nothing."""

    def begin(self, activity: str, pieces: int) -> None: ...

    def started(self, name: str) -> None: ...

    def finished(self, piece: Finished) -> None: ...
