"""Takes new export files in: each content once, a bad row never stops it, nothing disappears."""

from __future__ import annotations

import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import count, groupby
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

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
from klantreis.litter import seldom_collected
from klantreis.runner.archives import members, unpacked
from klantreis.runner.exports import Found, find_exports, new_files
from klantreis.runner.progress import Finished, Progress, Quiet
from klantreis.runner.readings import Readings
from klantreis.runner.rewriting import renamed, without_files
from klantreis.runner.store import Store
from klantreis.runner.taken_files import Key, held_as
from klantreis.settings import Settings
from klantreis.sources import (
    ExportFile,
    Source,
    check_options,
    lay_down,
    mended,
    recognise_source,
    take_in,
)
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
    """What an import did: files and rows taken in, records put aside, files not read.

    Attributes:
        again: how many of the files were read again, because their source is read otherwise now.
        kept: files that should have been, but are not there any more: their rows stay as they were.
        alike: files that hold the very same as one of another source, each with that one: what they
            tell counts twice.
    """

    files: int = 0
    rows: int = 0
    quarantined: int = 0
    problems: tuple[Problem, ...] = ()
    again: int = 0
    kept: int = 0
    alike: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Batch:
    """Files of one source that one connector reads together.

    Attributes:
        before: when they were taken in before, and as the how manieth part; None when they are new.
    """

    connector: str
    source: Source
    files: tuple[tuple[Found, ExportFile], ...]
    before: tuple[datetime, int] | None = None

    @property
    def name(self) -> str:
        return self.files[0][1].source


@dataclass
class Import:
    """One import of a workspace's new export files.

    Files of a source that is read otherwise than when they were taken in (another mapping, other
    settings) are read again, in the place that they had among the others.

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
    _known: Mapping[Key, ImportedFile] = field(default_factory=dict, init=False)
    _held_as: Mapping[Key, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._readings = Readings(self.settings, self.folder)

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
        self._known = {(one.source, one.file_id): one for one in self.state.imported_files()}
        self._held_as = held_as(self._known.values(), self.state.import_parts())
        fresh = tuple(self._fresh(found, problems))
        batches = tuple(self._batches(fresh, problems))
        self.progress.begin("import", len(batches))
        files = rows = quarantined = again = 0
        for batch in batches:
            parts = self._take(batch, problems)
            read = len({line["path"] for part in parts for line in part.log})
            files += read
            again += read if batch.before else 0
            rows += sum(part.rows for part in parts if part.table_name != "quarantine")
            quarantined += sum(p.rows for p in parts if p.table_name == "quarantine")
        self._note_readings()
        self.state.problems.put(problem.kept for problem in problems)
        kept = self._not_there(fresh) if again else 0
        alike = tuple(self._alike(fresh))
        return Imported(files, rows, quarantined, tuple(problems), again, kept, alike)

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
        names = self.state.column_names.by_source()
        taken = self._known.values()
        yield from new_files(each, taken, self.settings, self.folder, names, unpack)

    def _note_readings(self) -> None:
        """Files of an earlier version were read as their source is read now, as far as is known."""
        unknown = [one for one in self._known.values() if not one.reading]
        self.state.record_import(
            [replace(one, reading=self._readings.of(one.source)) for one in unknown], []
        )

    def _not_there(self, fresh: Sequence[tuple[Found, ExportFile]]) -> int:
        """How many files that should have been read again are not there any more."""
        keys = {(file.source, file.file_id) for _, file in fresh}
        sources = {source for source, _ in keys}
        return sum(
            bool(self._readings.why_again(source, one.reading))
            for (source, file_id), one in self._known.items()
            if source in sources and (source, file_id) not in keys
        )

    def _alike(self, fresh: Sequence[tuple[Found, ExportFile]]) -> Iterator[tuple[str, str]]:
        """The files that were taken in for the first time, and hold what one of another source does."""
        new = {(file.source, file.file_id) for _, file in fresh} - self._known.keys()
        taken = sorted(self.state.imported_files(), key=lambda one: (one.imported_at, one.source))
        first: dict[str, ImportedFile] = {}
        for one in taken:
            other = first.setdefault(one.file_id, one)
            if other is not one and (one.source, one.file_id) in new:
                yield one.path, other.path

    def _batches(
        self, fresh: Sequence[tuple[Found, ExportFile]], problems: list[Problem]
    ) -> Iterator[Batch]:
        places = self._places_before()

        def kind(
            item: tuple[Found, ExportFile, str],
        ) -> tuple[str, str, tuple[datetime, int] | None]:
            key = item[1].source, item[1].file_id
            known = self._known.get(key)
            held = key[0], self._held_as.get(key, key[1])
            before = (known.imported_at, places.get(held, 0)) if known else None
            return item[0].source, item[2], before

        for (_, name, before), files in groupby(self._with_connectors(fresh, problems), key=kind):
            source: Source = registry.load("sources", name)
            waiting: list[tuple[Found, ExportFile]] = []
            rank = getattr(source, "rank", lambda file: 0)
            for found, file, _ in sorted(files, key=lambda item: rank(item[1])):
                size = sum(f.size_bytes for f, _ in waiting) + found.size_bytes
                if waiting and (len(waiting) >= FILES_AT_ONCE or size > BYTES_AT_ONCE):
                    yield Batch(name, source, tuple(waiting), before)
                    waiting = []
                waiting.append((found, file))
            yield Batch(name, source, tuple(waiting), before)

    def _places_before(self) -> Mapping[Key, int]:
        """The first part that each file gave: what is read again stays before what came after it."""
        places: dict[Key, int] = {}
        for part in self.state.import_parts():
            for line in part.log:
                key = part.source, str(line["file_id"])
                places[key] = min(part.place, places.get(key, part.place))
        return places

    def _with_connectors(
        self, fresh: Sequence[tuple[Found, ExportFile]], problems: list[Problem]
    ) -> Iterator[tuple[Found, ExportFile, str]]:
        before = {(file.source, file.connector) for file in self._known.values()}
        recognised: list[tuple[Found, ExportFile, str]] = []
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
                recognised.append((found, file, connector))
        connectors = before | {(file.source, name) for _, file, name in recognised}
        for found, file, connector in recognised:
            readers = sorted(name for source, name in connectors if source == file.source)
            try:
                self._check_options(file.source, readers)
            except InputError as error:
                problems.append(Problem(file.shown_path, error, file.source))
            else:
                yield found, file, connector

    def _check_options(self, source: str, readers: Sequence[str]) -> None:
        """Options of a source whose connectors were recognised; a named one was asked before."""
        own = self.settings.sources.get(source)
        if own and not own.connector:
            check_options(own, readers, self.folder)

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
                    for part in self._take(replace(batch, files=(file,)), problems)
                ]
            problems.append(Problem(batch.files[0][1].shown_path, error, batch.name))
            return []
        finally:
            engine.close()
        files = [self._taken(batch, *file) for file in batch.files]
        if batch.before:
            self._put_in_place(batch, files, parts)
        else:
            self.state.record_import(files, parts)
        rows = sum(part.rows for part in parts)
        self.progress.finished(Finished(batch.name, rows, time.perf_counter() - begun))
        return parts

    def _parts(self, batch: Batch, engine: Engine) -> Sequence[ImportPart]:
        files = [file for _, file in batch.files]
        folder = self.store.parts / batch.name
        moment, place = batch.before or (self.now, None)
        if batch.before:  # what was read of them before is still in use
            folder /= f"again-{uuid4().hex[:12]}"
            files = [self._as_repaired(file) for file in files]
        parts = [
            ImportPart(
                part_id=part.part_id,
                source=batch.name,
                table_name=part.table_name,
                files=self.store.relative(part.files),
                rows=part.rows,
                first_at=part.first_at,
                last_at=part.last_at,
                imported_at=moment,
                place=next(self._places) if place is None else place,
                log=tuple(_plain(asdict(line)) for line in part.log),
            )
            for part in take_in(batch.source, files, engine, folder, moment)
        ]
        return [renamed(part) for part in parts] if batch.before else parts

    def _as_repaired(self, file: ExportFile) -> ExportFile:
        """The file with what people repaired in its rows."""
        changes: dict[int, dict[str, str]] = defaultdict(dict)
        for one in self.state.repairs.all(loaded_only=True):
            if (one.source, one.file_id) == (file.source, file.file_id):
                changes[one.line][one.column] = one.after
        if not changes:
            return file
        folder = self.store.unpacked / f"repaired-{file.file_id}"
        return replace(file, path=mended(file.path, changes, folder, renamed=file.renamed))

    def _put_in_place(
        self, batch: Batch, files: Sequence[ImportedFile], parts: Sequence[ImportPart]
    ) -> None:
        """What files give now takes the place of what they gave before, all at once."""
        ids = frozenset(self._held_as[file.source, file.file_id] for file in files)
        changed: dict[str, ImportPart | None] = {part.part_id: part for part in parts}
        for part in self.state.import_parts():
            if part.source != batch.name or not _may_hold(part, ids):
                continue
            rest = without_files(part, ids, store=self.store)
            if rest is not part:
                changed[part.part_id] = rest
        self.state.replace_parts(changed, files, [])

    def _taken(self, batch: Batch, found: Found, file: ExportFile) -> ImportedFile:
        known = self._known.get((file.source, file.file_id))
        return ImportedFile(
            source=file.source,
            file_id=file.file_id,
            path=file.shown_path,
            size_bytes=found.size_bytes,
            changed_at=found.changed_at,
            connector=batch.connector,
            imported_at=batch.before[0] if batch.before else self.now,
            reading=self._readings.of(file.source),
            read_again_at=self.now if known else None,
            read_again_why=self._readings.why_again(file.source, known.reading) if known else "",
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


def _may_hold(part: ImportPart, file_ids: frozenset[str]) -> bool:
    """Whether a part may hold rows of these files; that of the quarantine has no log."""
    return not part.log or any(line["file_id"] in file_ids for line in part.log)


def _storable(text: str) -> str:
    """A text of a damaged file without the sign that no database takes."""
    return text.replace("\0", "")


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in line.items()
    }
