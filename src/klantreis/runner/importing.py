"""Takes new export files in: each content once, a bad row never stops it, nothing disappears."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from itertools import count, groupby
from pathlib import Path
from typing import Any, TypeVar

from klantreis import registry
from klantreis.engine import Engine
from klantreis.errors import (
    ChangedColumnsError,
    InputError,
    KlantreisError,
    MissingExtraError,
    StoppedError,
    WorkspaceError,
    message,
)
from klantreis.runner.archives import members, unpacked
from klantreis.runner.exports import Found, find_exports, new_files
from klantreis.runner.litter import seldom_collected
from klantreis.runner.progress import Finished, Progress, Quiet
from klantreis.runner.store import Store
from klantreis.settings import Settings
from klantreis.sources import ExportFile, Source, lay_down, recognise_source, take_in
from klantreis.state import ImportedFile, ImportPart, ImportProblem, State

__all__ = ["Import", "Imported", "Problem"]

_Read = TypeVar("_Read")
FILES_AT_ONCE = 200
BYTES_AT_ONCE = 2**27  # some millions of events: compressed exports grow tenfold when read


@dataclass(frozen=True)
class Problem:
    """A file that could not be taken in at all; the others were."""

    path: str
    error: KlantreisError
    source: str = ""

    @property
    def reason(self) -> str:
        return str(self.error)

    @property
    def kept(self) -> ImportProblem:
        """As the state keeps it until the next import."""
        changed = self.error if isinstance(self.error, ChangedColumnsError) else None
        lacking = changed.lacking if changed else {}
        return ImportProblem(
            self.path,
            self.source,
            tuple(_storable(part) for part in self.error.parts),
            {_storable(name): _storable(now) for name, now in lacking.items()},
            tuple(_storable(name) for name in changed.fresh) if changed else (),
        )


@dataclass(frozen=True)
class Imported:
    """What an import did: files and rows taken in, records put aside, files not read."""

    files: int = 0
    rows: int = 0
    quarantined: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Batch:
    """Files of one source that one connector reads together."""

    connector: str
    source: Source
    files: tuple[tuple[Found, ExportFile], ...]

    @property
    def name(self) -> str:
        return self.files[0][1].source


@dataclass
class Import:
    """One import of a workspace's new export files.

    Args:
        connect: starts a fresh engine; each batch of files has its own.
        folder: the workspace.
        now: moment of the import in UTC, naive.
    """

    connect: Callable[[], Engine]
    state: State
    store: Store
    settings: Settings
    folder: Path
    now: datetime
    progress: Progress = field(default_factory=Quiet)
    _places: Iterator[int] = field(default_factory=count, init=False)

    def complete(self) -> Imported:
        """Take in everything that is new.

        Raises:
            WorkspaceError: there are no files in source folders below `exports/`.
            StoppedError: interrupted; what was taken in so far is kept.
        """
        with self.store.writing(), seldom_collected():
            try:
                return self._all_taken()
            except KeyboardInterrupt as interrupt:
                raise StoppedError(
                    message(
                        "The import was stopped", next_step="import again: it goes on from here"
                    )
                ) from interrupt
            finally:
                shutil.rmtree(self.store.unpacked, ignore_errors=True)

    def _all_taken(self) -> Imported:
        problems: list[Problem] = []
        self._ask_databases(problems)
        found = tuple(find_exports(self.folder))
        if not problems:
            self._refuse_nothing(found)
        fresh = tuple(self._fresh(found, problems))
        batches = tuple(self._batches(fresh, problems))
        self.progress.begin("import", len(batches))
        files = rows = quarantined = 0
        for batch in batches:
            parts = self._take(batch, problems)
            files += len({line["path"] for part in parts for line in part.log})
            rows += sum(part.rows for part in parts if part.table_name != "quarantine")
            quarantined += sum(p.rows for p in parts if p.table_name == "quarantine")
        self.state.problems.put(problem.kept for problem in problems)
        return Imported(files, rows, quarantined, tuple(problems))

    def _ask_databases(self, problems: list[Problem]) -> None:
        """Lay down what the mappings of databases ask for."""
        renamed = self.state.column_names.by_source()
        for name, source in self.settings.sources.items():
            if source.connector != "mapping" or not source.mapping:
                continue
            try:
                for _ in lay_down(
                    self.folder / source.mapping,
                    self.folder / "exports" / name,
                    self.folder,
                    renamed=renamed.get(name, {}),
                ):
                    pass
            except (InputError, MissingExtraError) as error:
                problems.append(Problem(source.mapping, error, name))

    def _fresh(
        self, found: Sequence[Found], problems: list[Problem]
    ) -> Iterator[tuple[Found, ExportFile]]:
        """The new files, those in zip files unpacked."""

        def told(read: Callable[[Found], _Read], file: Found) -> _Read | None:
            try:
                return read(file)
            except InputError as error:
                problems.append(Problem(file.shown_path, error, file.source))
                return None

        each = [
            one for file in found for one in told(lambda zipped: tuple(members(zipped)), file) or ()
        ]
        unpack = partial(told, partial(unpacked, folder=self.store.unpacked))
        taken = self.state.imported_files()
        renamed = self.state.column_names.by_source()
        yield from new_files(each, taken, self.settings, self.folder, renamed, unpack)

    def _batches(
        self, fresh: Sequence[tuple[Found, ExportFile]], problems: list[Problem]
    ) -> Iterator[Batch]:
        for (_, name), files in groupby(
            self._with_connectors(fresh, problems), key=lambda item: (item[0].source, item[2])
        ):
            source: Source = registry.load("sources", name)
            waiting: list[tuple[Found, ExportFile]] = []
            rank = getattr(source, "rank", lambda file: 0)
            for found, file, _ in sorted(files, key=lambda item: rank(item[1])):
                size = sum(f.size_bytes for f, _ in waiting) + found.size_bytes
                if waiting and (len(waiting) >= FILES_AT_ONCE or size > BYTES_AT_ONCE):
                    yield Batch(name, source, tuple(waiting))
                    waiting = []
                waiting.append((found, file))
            yield Batch(name, source, tuple(waiting))

    def _with_connectors(
        self, fresh: Sequence[tuple[Found, ExportFile]], problems: list[Problem]
    ) -> Iterator[tuple[Found, ExportFile, str]]:
        before = {(file.source, file.connector) for file in self.state.imported_files()}
        for found, file in fresh:
            own = self.settings.sources.get(file.source)
            names = {file.source, *(name for source, name in before if source == file.source)}
            expected = sorted(names & set(registry.names("sources")))
            try:
                connector = (
                    own.connector
                    if own and own.connector
                    else recognise_source(file, expected).name
                )
                registry.load("sources", connector)
            except InputError as error:
                problems.append(Problem(file.shown_path, error, file.source))
            else:
                yield found, file, connector

    def _take(self, batch: Batch, problems: list[Problem]) -> Sequence[ImportPart]:
        self.progress.started(batch.name)
        begun = time.perf_counter()
        engine = self.connect()
        try:
            parts = self._parts(batch, engine)
        except InputError as error:
            if len(batch.files) > 1:  # the others of the batch are not to suffer from one
                return [
                    part
                    for file in batch.files
                    for part in self._take(Batch(batch.connector, batch.source, (file,)), problems)
                ]
            problems.append(Problem(batch.files[0][1].shown_path, error, batch.name))
            return []
        finally:
            engine.close()
        self.state.record_import([self._taken(batch, *file) for file in batch.files], parts)
        rows = sum(part.rows for part in parts)
        self.progress.finished(Finished(batch.name, rows, time.perf_counter() - begun))
        return parts

    def _parts(self, batch: Batch, engine: Engine) -> Sequence[ImportPart]:
        files = [file for _, file in batch.files]
        folder = self.store.parts / batch.name
        return [
            ImportPart(
                part_id=part.part_id,
                source=batch.name,
                table_name=part.table_name,
                files=self.store.relative(part.files),
                rows=part.rows,
                first_at=part.first_at,
                last_at=part.last_at,
                imported_at=self.now,
                place=next(self._places),
                log=tuple(_plain(asdict(line)) for line in part.log),
            )
            for part in take_in(batch.source, files, engine, folder, self.now)
        ]

    def _taken(self, batch: Batch, found: Found, file: ExportFile) -> ImportedFile:
        return ImportedFile(
            source=file.source,
            file_id=file.file_id,
            path=file.shown_path,
            size_bytes=found.size_bytes,
            changed_at=found.changed_at,
            connector=batch.connector,
            imported_at=self.now,
        )

    def _refuse_nothing(self, found: Sequence[Found]) -> None:
        if not found:
            raise WorkspaceError(
                message(
                    "There are no exports",
                    where=str(self.folder / "exports"),
                    allowed="files in a folder for each source, as exports/shopify/orders.csv",
                    next_step="put them there and import again",
                )
            )


def _storable(text: str) -> str:
    """A text of a damaged file without the sign that no database takes."""
    return text.replace("\0", "")


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in line.items()
    }
