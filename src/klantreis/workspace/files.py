"""The files that were taken in: what each gave, what waits, and taking one back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from klantreis.errors import InputError, NotFoundError, message
from klantreis.runner import TakenBack, take_back
from klantreis.runner.going import TableGoing, tables_going
from klantreis.runner.readings import ASKED, Readings
from klantreis.runner.store import Store
from klantreis.runner.taken_files import Key, held_as
from klantreis.runner.taking_back import copies_of, is_alone
from klantreis.runner.waiting import WaitingFile, files_there, waiting_files
from klantreis.settings import Settings
from klantreis.state import ImportedFile, State

__all__ = ["Files", "Going", "SinceRun", "TakenFile"]

COUNTS = ("rows_read", "rows_loaded", "rows_quarantined", "rows_doubled")


@dataclass(frozen=True)
class TakenFile:
    """A file that was taken in.

    Attributes:
        source, file_id: as the table `imports` knows it.
        path: relative to the workspace.
        connector, file_kind: what read it, and as which kind.
        rows_read, rows_loaded, rows_quarantined, rows_doubled: over all tables.
        first_at, last_at: period of its rows (UTC); None where they have no dates.
        imported_at: when it was taken in (UTC).
        read_again_at: when it was last read again (UTC); None when it never was.
        why_again: code of why it was; empty when it never was, or that is not known.
        waits: code of why it should be read again, of `WAITS`; empty when it should not.
        is_there: whether it is below `exports/` with this content, so that it can be read again.
    """

    source: str
    file_id: str
    path: str
    connector: str
    file_kind: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_doubled: int
    first_at: datetime | None
    last_at: datetime | None
    imported_at: datetime
    read_again_at: datetime | None
    why_again: str
    waits: str
    is_there: bool

    @property
    def name(self) -> str:
        """Without the folders that all files of the source are in."""
        return self.path.removeprefix(f"exports/{self.source}/")


@dataclass(frozen=True)
class Going:
    """What taking a file back would do.

    Attributes:
        tables: rows that go; what was put aside as `quarantine`.
        beside: other files, read together with it, that the next import reads again.
        copies: where its content is below `exports/`; put aside with it.
        zipped: the zip files that hold it beside other files; it cannot be taken back before it
            is out of them.
    """

    tables: tuple[TableGoing, ...]
    beside: int
    copies: tuple[str, ...]
    zipped: tuple[str, ...]


@dataclass(frozen=True)
class SinceRun:
    """What happened to files after the tables were last made, so that they do not show it.

    Attributes:
        fresh, gone, again: files that were taken in, taken back, and read again.
    """

    fresh: int
    gone: int
    again: int

    def __bool__(self) -> bool:
        return bool(self.fresh or self.gone or self.again)


class Files:
    """Tells of the files that were taken in, and takes them back.

    Args:
        folder: the workspace.
        state: what was imported.
        store: where its rows are.
        settings: as they are now.
    """

    def __init__(
        self, folder: Path, state: State, store: Store, settings: Callable[[], Settings]
    ) -> None:
        self._folder, self._state, self._store = folder, state, store
        self._settings = settings

    def taken(self, source: str = "") -> tuple[TakenFile, ...]:
        """The files that were taken in, the newest first.

        Args:
            source: only of this one; empty for all.
        """
        parts, files = self._state.import_parts(), self._state.imported_files()
        held = held_as(files, parts)
        known = {(one.source, held[one.source, one.file_id]): one for one in files}
        readings = Readings(self._settings(), self._folder)
        there = {(one.source, one.file_id) for _, one in files_there(self._folder, files) if one}
        lines: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for part in parts:
            if source in ("", part.source):
                for line in part.log:
                    lines[part.source, str(line["file_id"])].append(line)
        found = [_taken(own, known.get(key), readings, there) for key, own in lines.items()]
        return tuple(sorted(found, key=lambda one: (one.imported_at, one.path), reverse=True))

    def one(self, source: str, file_id: str) -> TakenFile:
        """One file that was taken in.

        Raises:
            NotFoundError: there is none that is known so, or not any more.
        """
        for file in self.taken(source):
            if file.file_id == file_id:
                return file
        raise NotFoundError(
            message(
                "The file was not taken in",
                where=source,
                got=file_id,
                allowed="a file that an import took in and nobody took back",
                next_step="klantreis files DIR lists them all",
            )
        )

    def waiting(self) -> tuple[WaitingFile, ...]:
        """What the next import would read, and why."""
        failed = frozenset(one.path for one in self._state.problems.all())
        taken = self._state.imported_files()
        return tuple(waiting_files(self._folder, taken, self._settings(), failed))

    def waiting_bytes(self) -> int:
        """About how much the next import would have to read."""
        return sum(one.size_bytes for one in self.waiting())

    def since_run(self, known: Collection[Key], at: datetime, source: str = "") -> SinceRun:
        """What happened to the files since a run.

        Args:
            known: source and `file_id` of the files that its tables tell of.
            at: when it began or was published (UTC).
            source: only of this one; empty for all.
        """
        parts = self._state.import_parts()
        now = {(part.source, str(line["file_id"])) for part in parts for line in part.log}
        before = set(known)
        again = [
            one
            for one in self._state.imported_files()
            if one.read_again_at and one.read_again_at > at
        ]

        def count(keys: Iterable[Key]) -> int:
            return sum(source in ("", key[0]) for key in keys)

        return SinceRun(
            count(now - before),
            count(before - now),
            count((one.source, one.file_id) for one in again),
        )

    def going(self, source: str, file_id: str) -> Going:
        """What taking a file back would do; changes nothing.

        Raises:
            NotFoundError: there is none that is known so.
        """
        self.one(source, file_id)
        parts = self._state.import_parts()
        beside = {
            str(line["file_id"])
            for part in parts
            if part.source == source and any(line["file_id"] == file_id for line in part.log)
            for line in part.log
        } - {file_id}
        own = self._imported(source, file_id)
        copies = tuple(copies_of(self._folder, own))
        return Going(
            tuple(tables_going(source, file_id, parts, self._store)),
            len(beside),
            tuple(one.shown_path for one in copies),
            tuple(
                one.path.relative_to(self._folder).as_posix() for one in copies if not is_alone(one)
            ),
        )

    def take_back(self, source: str, file_id: str) -> TakenBack:
        """Take out what a file gave, and put the file itself in the folder `taken-back`.

        Raises:
            NotFoundError: there is none that is known so.
            InputError: it is in a zip file with others.
            WorkspaceBusyError: an import or run is at work.
        """
        path = self.one(source, file_id).path
        return take_back(
            self._folder,
            path,
            state=self._state,
            store=self._store,
            file_id=file_id,
            to_aside=True,
        )

    def read_again(self, source: str, file_id: str) -> TakenFile:
        """Have the next import read a file again, whatever its source's settings are.

        Raises:
            NotFoundError: there is none that is known so.
            InputError: it is not below `exports/` any more as it was taken in.
            WorkspaceBusyError: an import or run is at work.
        """
        with self._store.writing():
            file = self.one(source, file_id)
            own = self._imported(source, file_id)
            if not own or not any(copies_of(self._folder, own)):
                raise InputError(
                    message(
                        "The export is not here any more as it was taken in",
                        where=file.path,
                        next_step="put it back, and read it again",
                    )
                )
            if not file.waits:
                self._state.record_import([replace(one, reading=ASKED) for one in own], [])
        return file

    def _imported(self, source: str, file_id: str) -> list[ImportedFile]:
        """The file as the import knows it; none where it was forgotten since."""
        files = self._state.imported_files()
        held = held_as(files, self._state.import_parts())
        return [
            one for one in files if (one.source, held[one.source, one.file_id]) == (source, file_id)
        ]


def _taken(
    lines: Sequence[Mapping[str, Any]],
    known: ImportedFile | None,
    readings: Readings,
    there: Collection[Key],
) -> TakenFile:
    """A file by its lines in the import log, one a table, and by what the next import knows of it."""
    first = lines[0]
    counts = {name: sum(line[name] for line in lines) for name in COUNTS}
    return TakenFile(
        source=first["source"],
        file_id=first["file_id"],
        path=first["path"],
        connector=first["connector"],
        file_kind=first["file_kind"] or "",
        **counts,
        first_at=min(_moments(lines, "first_at"), default=None),
        last_at=max(_moments(lines, "last_at"), default=None),
        imported_at=datetime.fromisoformat(first["imported_at"]),
        read_again_at=known.read_again_at if known else None,
        why_again=known.read_again_why if known else "",
        waits=readings.why_again(known.source, known.reading) if known else "",
        is_there=known is not None and (known.source, known.file_id) in there,
    )


def _moments(lines: Iterable[Mapping[str, Any]], name: str) -> Iterator[datetime]:
    return (datetime.fromisoformat(line[name]) for line in lines if line[name])
