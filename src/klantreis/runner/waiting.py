"""What the next import would read, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from klantreis.runner.archives import all_files, content_of
from klantreis.runner.exports import Found
from klantreis.runner.readings import CHANGES, Readings
from klantreis.runner.taken_files import Key
from klantreis.settings import Settings
from klantreis.state import ImportedFile

__all__ = ["WAITS", "WaitingFile", "files_there", "waiting_files"]

# New; of the same name but other content than before; tried and not taken in; to be read again.
WAITS = ("new", "changed", "failed", *CHANGES)


@dataclass(frozen=True)
class WaitingFile:
    """A file that the next import would read.

    Attributes:
        path: relative to the workspace; of a file in a zip file also its name in there.
        size_bytes: unpacked where it is in a zip file.
        why: one of `WAITS`.
        file_id: content that was taken in before; empty where it is not read again.
    """

    source: str
    path: str
    size_bytes: int
    why: str
    file_id: str = ""


def waiting_files(
    folder: Path,
    taken: Sequence[ImportedFile],
    settings: Settings,
    failed: frozenset[str] = frozenset(),
) -> Iterator[WaitingFile]:
    """The files that the next import would read, in the order of their names.

    Args:
        taken: what was taken in.
        failed: paths that the last import could not take in.
    """
    readings = Readings(settings, folder)
    paths = {one.path for one in taken}
    seen: set[Key] = set()
    for found, known in files_there(folder, taken):
        if known is None:
            is_failed = found.shown_path in failed
            why = "failed" if is_failed else "changed" if found.shown_path in paths else "new"
            yield WaitingFile(found.source, found.shown_path, found.size_bytes, why)
            continue
        key = known.source, known.file_id
        why = readings.why_again(known.source, known.reading)
        if why and key not in seen:
            seen.add(key)
            yield WaitingFile(known.source, found.shown_path, found.size_bytes, why, known.file_id)


def files_there(
    folder: Path, taken: Sequence[ImportedFile]
) -> Iterator[tuple[Found, ImportedFile | None]]:
    """The exports that are there, each with what it was taken in as; None for one that was not.

    Only a file that has the size of one that was taken in has to be looked into to know whether it
    is that file under another name, or touched.
    """
    by_facts = {(one.path, one.size_bytes, one.changed_at): one for one in taken}
    by_size: dict[tuple[str, int], dict[str, ImportedFile]] = defaultdict(dict)
    for one in taken:
        by_size[one.source, one.size_bytes][one.file_id] = one
    for found in all_files(folder):
        known = by_facts.get((found.shown_path, found.size_bytes, found.changed_at))
        yield found, known or _by_content(found, by_size.get((found.source, found.size_bytes)))


def _by_content(found: Found, same_size: Mapping[str, ImportedFile] | None) -> ImportedFile | None:
    return same_size.get(content_of(found)) if same_size else None
