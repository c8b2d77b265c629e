"""What waits to be imported, as pages say it, and importing it at once when that is not much."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from klantreis.errors import KlantreisError
from klantreis.web.problems import AT_ONCE_BYTES, sent
from klantreis.workspace import SinceRun, WaitingFile, Workspace

__all__ = ["ImportedNow", "Waits", "WhyWaits", "import_waiting", "since_run", "waits"]

SHOWN = 20  # files that are named at most


@dataclass(frozen=True)
class WhyWaits:
    """How many files wait for one reason, a code of `waits`."""

    why: str
    files: int


@dataclass(frozen=True)
class Waits:
    """What the next import would read.

    Attributes:
        files, size_bytes: how many and about how much.
        reasons: the most files first.
        shown: the first files.
        is_small: whether it can be imported while somebody waits; more takes the command.
    """

    files: int
    size_bytes: int
    reasons: tuple[WhyWaits, ...]
    shown: tuple[WaitingFile, ...]
    is_small: bool


@dataclass(frozen=True)
class ImportedNow:
    """What came of importing at once.

    Attributes:
        rows, aside: taken in, and put aside.
        again: files that were read again.
        later: files that still wait, because it was too much or something else was at work.
        problem: what went wrong, on its way through an address; empty when nothing did.
    """

    rows: int = 0
    aside: int = 0
    again: int = 0
    later: int = 0
    problem: str = ""


def waits(workspace: Workspace, source: str = "") -> Waits:
    """What waits, of one source or of all."""
    found = [one for one in workspace.files.waiting() if source in ("", one.source)]
    size = sum(one.size_bytes for one in found)
    counts = Counter(one.why for one in found)
    return Waits(
        len(found),
        size,
        tuple(WhyWaits(why, files) for why, files in counts.most_common()),
        tuple(found[:SHOWN]),
        size <= AT_ONCE_BYTES,
    )


def since_run(workspace: Workspace, source: str = "") -> SinceRun:
    """What happened to files since the tables were published, of one source or of all."""
    published = workspace.published
    if published is None:
        return SinceRun(0, 0, 0)
    imports = workspace.table("imports").select("source", "file_id").distinct()
    known = [(row["source"], row["file_id"]) for row in workspace.rows(imports)]
    return workspace.files.since_run(known, published.published_at, source)


def import_waiting(workspace: Workspace) -> ImportedNow:
    """Import all that waits, when that is not much."""
    waiting = waits(workspace)
    if not waiting.files or not waiting.is_small:
        return ImportedNow(later=waiting.files)
    try:
        taken = workspace.import_exports()
    except KlantreisError as error:
        return ImportedNow(later=waiting.files, problem=sent(error))
    problem = sent(taken.problems[0].error) if taken.problems else ""
    return ImportedNow(taken.rows, taken.quarantined, taken.again, len(taken.problems), problem)
