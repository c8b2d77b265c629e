"""Runs the pipeline: only what changed, one step at a time, published all at once at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis.expr.types as ir

from klantreis import registry
from klantreis.engine import Engine, Written
from klantreis.errors import StoppedError, WorkspaceError, message
from klantreis.litter import seldom_collected
from klantreis.pipeline import STEPS, Step
from klantreis.registry import GROUPS
from klantreis.runner.changes import changed_keys
from klantreis.runner.collecting import latest_of_each_key, needs_collecting, renewed
from klantreis.runner.comparing import Comparing
from klantreis.runner.decisions import DECISIONS
from klantreis.runner.fingerprint import code_version, is_of_one_method, mark
from klantreis.runner.import_log import import_log, moment_of_data
from klantreis.runner.layers import (
    add_layer,
    changes_added,
    is_only_noted,
    read_layers,
    write_whole,
)
from klantreis.runner.portions import portions
from klantreis.runner.progress import Finished, Progress, Quiet
from klantreis.runner.store import Store
from klantreis.settings import Settings
from klantreis.state import ImportPart, Published, State, TableVersion
from klantreis.tables import EVERYONE, SOURCE_TABLES, Portion, Renewal, contract

__all__ = ["Run"]

PUBLICATIONS_KEPT = 5
OF_THE_RUN = ("engine", "portion", "kept_as_of")  # how a table is made, not what it says
OF_THE_DATA = ("as_of", *DECISIONS)  # what differs from run to run, like the tables themselves
LITTLE = 5  # one row in so many at most, for a table that is otherwise made in portions
MOST_NEW_PARTS = 500  # more at once are collected anew


@dataclass
class Run:
    """One run of the pipeline over a workspace.

    Args:
        connect: starts a fresh engine; each step has its own, so that it leaves nothing behind.
        now: moment of the run in UTC, naive.
        steps: the map; another one only in tests.
        afresh: makes everything anew, as for the first time; customers keep their numbers.
        in_layers: writes little beside what was written before; otherwise every table that changed
            is written whole, so that nothing is left of rows that do not hold any more.
    """

    connect: Callable[[], Engine]
    state: State
    store: Store
    settings: Settings
    now: datetime
    progress: Progress = field(default_factory=Quiet)
    steps: Sequence[Step] = STEPS
    afresh: bool = False
    in_layers: bool = True

    def __post_init__(self) -> None:
        self._versions: dict[str, TableVersion] = {}
        self._before = self.state.published()
        self._decisions: dict[str, Any] = {}
        self._comparing = Comparing(self.store.spill / "compared")

    def complete(self) -> Published:
        """Bring every table up to date and publish them together.

        Raises:
            WorkspaceError: nothing was imported yet.
            StoppedError: interrupted; finished steps are kept and taken up by the next run.
        """
        with self.store.writing(), seldom_collected():
            parts = self.state.import_parts()
            self._refuse_nothing(parts)
            self._as_of = moment_of_data(parts, self.settings, self.now)
            self.progress.begin("run", len(SOURCE_TABLES) + len(self.steps))
            try:
                for name in SOURCE_TABLES:
                    self._keep_version(name, partial(self._collect, name, parts))
                for step in self.steps:
                    self._keep_version(step.name, partial(self._take, step))
            except KeyboardInterrupt as interrupt:
                raise StoppedError(
                    message("The run was stopped", next_step="run again: it goes on from here")
                ) from interrupt
            finally:
                self._comparing.forget()
            return self._publish()

    def _keep_version(self, name: str, make: Callable[[], tuple[TableVersion, bool]]) -> None:
        self.progress.started(name)
        begun = time.perf_counter()
        version, is_reused = make()
        seconds = time.perf_counter() - begun
        if not is_reused:
            version = replace(version, seconds=seconds)
            self.state.add_version(version)
        self._versions[name] = version
        self.progress.finished(Finished(name, version.rows, seconds, is_reused, _peak_bytes()))

    def _collect(self, name: str, parts: Sequence[ImportPart]) -> tuple[TableVersion, bool]:
        is_log = name == "imports"
        own = [part for part in parts if is_log or part.table_name == name]
        method = [name, code_version(latest_of_each_key, (name,))]
        fingerprint = mark(method, [part.part_id for part in own])
        known = self._usable_version(name, fingerprint)
        if known:
            return known, True
        if not is_log and not needs_collecting(own, contract(name)):
            files = tuple(file for part in own for file in part.files)
            return self._told(name, fingerprint, files, sum(part.rows for part in own))
        engine = self.connect()
        try:
            rows: ir.Table | Renewal
            if is_log:
                rows = import_log(parts)
            elif self.in_layers and (earlier := self._collected_before(method, own)):
                before = self._read(self._published(name), engine)
                rows = renewed(
                    before, own[earlier:], contract(name), self.store, engine, imports=parts
                )
            else:
                rows = latest_of_each_key(own, contract(name), self.store, engine, imports=parts)
            written = self._write(name, rows, engine, self._new_folder(name))
        finally:
            engine.close()
        files = self.store.relative(written.files)
        return self._told(name, fingerprint, files, written.rows)

    def _collected_before(self, method: Sequence[str], own: Sequence[ImportPart]) -> int:
        """How many of the parts, the first ones, the last publication was collected from."""
        before = self._before.tables.get(method[0]) if self._before else None
        if self.afresh or before is None or not self._is_there(before):
            return 0
        ids = [part.part_id for part in own]
        numbers = range(len(ids), max(len(ids) - MOST_NEW_PARTS, 0), -1)
        return next((n for n in numbers if mark(method, ids[:n]) == before.fingerprint), 0)

    def _take(self, step: Step) -> tuple[TableVersion, bool]:
        fingerprint = self._fingerprint(step)
        known = self._usable_version(step.name, fingerprint)
        if known and self._goes_on(step, known):
            return known, True
        if self._hears_nothing(step):
            return self.state.rests_on(self._published(step.name), fingerprint), True
        written = self._make(step, self._new_folder(step.name))
        files = self.store.relative([file for part in written for file in part.files])
        return self._told(step.name, fingerprint, files, sum(part.rows for part in written))

    def _told(
        self, name: str, fingerprint: str, files: Sequence[str], rows: int
    ) -> tuple[TableVersion, bool]:
        """The version in these files; that of before where it says the same, so that others need not look."""
        before = self._before.tables.get(name) if self._before else None
        if before is not None and not self.afresh and self.store.are_same(files, before.files):
            return self.state.rests_on(before, fingerprint), True
        return self._version(name, fingerprint, files, rows), False

    def _hears_nothing(self, step: Step) -> bool:
        """Whether a step that asks what changed would hear that nothing did, and so say what it said."""
        if not self._can_go_on(step):
            return False
        heard = {name: self._versions[name].version_id for name in step.reads}
        for name in step.reads_changed:
            now, before = self._versions[name], self._published(name)
            files, earlier = (self.store.absolute(version.files) for version in (now, before))
            if is_only_noted(files, earlier):
                heard[name] = before.version_id
        return self._fingerprint(step, heard) == self._published(step.name).fingerprint

    def _goes_on(self, step: Step, version: TableVersion) -> bool:
        """Whether a version may be taken up by a step that goes on from the tables of before.

        Who takes a decision back has the same inputs as before it; the version of then knows
        nothing of the numbers that were given out since.
        """
        published = self._before.tables.get(step.name) if self._before else None
        if not step.goes_on or self._before is None or published is None:
            return True
        is_unfinished = version.created_at > self._before.published_at
        return is_unfinished or version.version_id == published.version_id

    def _make(self, step: Step, folder: Path) -> Sequence[Written]:
        pieces, can_go_on = self._pieces(step), self._can_go_on(step)
        if pieces == 1 or can_go_on:
            engine = self.connect()
            try:
                arguments = self._arguments(step, engine, EVERYONE, can_go_on)
                if pieces == 1 or self._is_little(step, arguments, engine):
                    result = step.function(**arguments)
                    if pieces == 1 or isinstance(result, Renewal):
                        return [self._write(step.name, result, engine, folder)]
            finally:
                engine.close()
        return [
            self._make_portion(step, portion, folder / f"{number:03}")
            for number, portion in enumerate(self._portions(step, pieces))
        ]

    def _make_portion(self, step: Step, portion: Portion, folder: Path) -> Written:
        engine = self.connect()
        try:
            arguments = self._arguments(step, engine, portion, can_go_on=False)
            return self._write(step.name, step.function(**arguments), engine, folder)
        finally:
            engine.close()

    def _pieces(self, step: Step) -> int:
        """In how many pieces a table is made: more than one when those that it reads are large."""
        if "portion" not in step.asks:
            return 1
        engine = self.connect()
        try:
            most = max(self._versions[name].rows for name in step.reads)
            return max(ceil(most / engine.rows_at_once), 1)
        finally:
            engine.close()

    def _portions(self, step: Step, pieces: int) -> Sequence[Portion]:
        """Everyone in portions of the customers."""
        engine = self.connect()
        try:
            read = [self._versions[name] for name in step.reads]
            by_customer = [v for v in read if "customer_id" in contract(v.table_name).schema]
            largest = max(by_customer, key=lambda version: version.rows)
            return portions(self._read(largest, engine), pieces, engine=engine)
        finally:
            engine.close()

    def _is_little(self, step: Step, arguments: Mapping[str, Any], engine: Engine) -> bool:
        """Whether so little changed that what is made anew fits in one piece."""
        told = ("changed", "came", "gone")
        changed = [f"{way}_{name}" for way in told for name in step.reads]
        rows = [arguments[name] for name in changed if name in step.parameters]
        counts = [engine.fetch(own.aggregate(n=own.count()))["n"][0].as_py() for own in rows]
        most = max(self._versions[name].rows for name in step.reads)
        return bool(sum(counts) * LITTLE <= most)

    def _fingerprint(self, step: Step, read: Mapping[str, str] | None = None) -> str:
        """What a step's table rests on.

        Args:
            read: the versions that it reads; by default those of now.
        """
        read = read or {name: self._versions[name].version_id for name in step.reads}
        asked = [(name, self._asked(name)) for name in step.asks if name not in OF_THE_RUN]
        return mark(
            [
                step.name,
                code_version(step.function, (step.name, *step.reads)),
                *(one for one in asked if one[0] not in OF_THE_DATA),
            ],
            [
                *((name, read[name]) for name in step.reads),
                *(one for one in asked if one[0] in OF_THE_DATA),
            ],
        )

    def _arguments(
        self, step: Step, engine: Engine, portion: Portion, can_go_on: bool
    ) -> Mapping[str, Any]:
        arguments: dict[str, Any] = {
            name: self._read(self._versions[name], engine) for name in step.reads
        }
        for name in step.reads_previous:
            arguments[f"previous_{name}"] = self._read_before(name, engine)
        for name in step.reads_kept:
            arguments[f"kept_{name}"] = self._read_before(name, engine, can_go_on)
        for name in step.reads_changed:
            arguments |= self._changed(name, step, engine, can_go_on)
        until = self._before.as_of if self._before and can_go_on else None
        of_the_run = {"engine": engine, "portion": portion, "kept_as_of": until}
        for name in step.asks:
            arguments[name] = of_the_run[name] if name in OF_THE_RUN else self._asked(name)
        return arguments

    def _can_go_on(self, step: Step) -> bool:
        """Whether the step keeps rows, and made them in the same way for the last publication."""
        if (
            not step.reads_kept
            or self.afresh
            or self._before is None
            or step.name not in self._before.tables
        ):
            return False
        needed = {step.name, *step.reads_kept, *step.reads_changed}
        held = [version for name, version in self._before.tables.items() if name in needed]
        made = self._before.tables[step.name].fingerprint
        is_alike = is_of_one_method(made, self._fingerprint(step))
        return is_alike and len(held) == len(needed) and all(map(self._is_there, held))

    def _read_before(self, name: str, engine: Engine, is_wanted: bool = True) -> ir.Table:
        earlier = self._before.tables.get(name) if self._before and is_wanted else None
        return self._read(earlier, engine) if earlier else engine.read([], contract(name))

    def _changed(
        self, name: str, step: Step, engine: Engine, can_go_on: bool
    ) -> Mapping[str, ir.Table]:
        """What changed in a table since the last publication, as the step asks for it."""
        table, now = contract(name), self._versions[name]
        if can_go_on:
            changed = self._changes(now, engine)
            keys = changed_keys(changed, table)
        else:
            rows = self._read(now, engine)
            changed, keys = Renewal(rows, engine.read([], table)), rows.select(table.key)
        told = {
            f"came_{name}": changed.fresh,
            f"gone_{name}": changed.gone.select(table.key),
            f"changed_{name}": keys,
        }
        asked = {way: rows for way, rows in told.items() if way in step.parameters}
        return {way: engine.keep(rows) for way, rows in asked.items()} if can_go_on else asked

    def _changes(self, now: TableVersion, engine: Engine) -> Renewal:
        """What changed in a table since the last publication."""
        table, before = contract(now.table_name), self._published(now.table_name)
        files, earlier = (self.store.absolute(version.files) for version in (now, before))
        added = changes_added(files, earlier, table, engine)
        return added or self._comparing.changes(
            table, lambda: (self._read(now, engine), self._read(before, engine)), engine
        )

    def _asked(self, name: str) -> Any:
        if name == "as_of":
            return self._as_of
        if name in DECISIONS:
            return self._decided(name)
        if name in GROUPS:
            return tuple(plugin for _, plugin in sorted(registry.load_all(name).items()))
        return getattr(self.settings, name)

    def _decided(self, name: str) -> Any:
        # Read once in a run: what people change meanwhile is for the next one.
        if name not in self._decisions:
            self._decisions[name] = DECISIONS[name](self.state)
        return self._decisions[name]

    def _read(self, version: TableVersion, engine: Engine) -> ir.Table:
        files = self.store.absolute(version.files)
        return read_layers(files, contract(version.table_name), engine)

    def _write(self, name: str, rows: ir.Table | Renewal, engine: Engine, folder: Path) -> Written:
        if not isinstance(rows, Renewal):
            return engine.write(rows, contract(name), folder)
        before = self._published(name)
        files = self.store.absolute(before.files)
        there = (files, before.rows, rows, contract(name), engine, folder)
        return add_layer(*there, self._comparing.note) if self.in_layers else write_whole(*there)

    def _new_folder(self, name: str) -> Path:
        return self.store.versions / name / uuid4().hex[:12]

    def _published(self, name: str) -> TableVersion:
        assert self._before is not None
        return self._before.tables[name]

    def _version(
        self, name: str, fingerprint: str, files: Sequence[str], rows: int
    ) -> TableVersion:
        version_id = f"{name}-{uuid4().hex[:12]}"
        return TableVersion(version_id, name, fingerprint, tuple(files), rows, 0.0, self.now)

    def _usable_version(self, name: str, fingerprint: str) -> TableVersion | None:
        if self.afresh:
            return None
        version = self._before.tables.get(name) if self._before else None
        if version is None or version.fingerprint != fingerprint:
            version = self.state.find_version(name, fingerprint)
        return version if version and self._is_there(version) else None

    def _is_there(self, version: TableVersion) -> bool:
        return all(file.exists() for file in self.store.absolute(version.files))

    def _publish(self) -> Published:
        is_unchanged = self._before is not None and {
            name: version.version_id for name, version in self._before.tables.items()
        } == {name: version.version_id for name, version in self._versions.items()}
        if not is_unchanged:
            self.state.publish(self._versions, as_of=self._as_of, at=self.now)
            self.state.forget_before(PUBLICATIONS_KEPT)
            self.store.remove_unused(self.state.files_in_use())
        published = self.state.published()
        assert published is not None
        return published

    def _refuse_nothing(self, parts: Sequence[ImportPart]) -> None:
        if not parts:
            raise WorkspaceError(
                message(
                    "Nothing was imported yet",
                    where=str(self.store.folder.parent),
                    next_step="put exports in exports/<source>/ and run klantreis import",
                )
            )


def _peak_bytes() -> int:
    try:
        import resource
    except ImportError:  # Windows does not tell
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
