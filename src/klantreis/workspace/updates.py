"""Bringing the tables up to date, as everybody can follow it: one that is at work, or the last one.

Whoever does it tells of each step in a small file beside the tables, and holds a lock as long as it
lives. A file that says "at work" while nobody holds the lock is of a process that died.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from typing import Any

from klantreis.errors import KlantreisError, StoppedError, WorkspaceBusyError, message
from klantreis.runner import Finished, Imported, Progress, Quiet, Store
from klantreis.state import Published
from klantreis.workspace.accounts import utc_now

__all__ = ["ASKED_BY", "Telling", "Update", "Updates"]

FILE = "update.json"
STOP = "update.stop"  # a file that asks whoever is at work to stop
ASKED_BY = "KLANTREIS_BY"  # tells a process who asked for it, where that is not its own user
AT_WORK = ("starting", "running")
STARTS_WITHIN = timedelta(minutes=2)  # a process that was asked for, on a busy machine
Parts = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Update:
    """One time that the tables are, or were, brought up to date.

    Attributes:
        status: `starting`, `running`, `done`, `failed`, `stopped` (somebody stopped it) or
            `broken_off` (its process died).
        by: who asked for it; empty when nobody said.
        begun_at, told_at: when it began, and when it last told of itself (UTC).
        imports: whether it first takes in what waits.
        activity: `import` or `run`; empty while it prepares.
        pieces, done: of the activity: how many there are, and how many are done.
        piece: the file or table that is at work, or was last; empty before the first.
        files, rows, aside, not_taken: what came in by it: files, rows, values put aside, and files
            that could not be taken in.
        customers, customers_before: in the tables when it was done, and in those of before.
        publication_id: what it published; 0 until then.
        is_new: whether any table became another one.
        problem: parts of the message why it failed.
        last_seconds: how long the one before took that changed something; 0 when that is not known.
    """

    status: str
    by: str
    begun_at: datetime
    told_at: datetime
    imports: bool = False
    activity: str = ""
    pieces: int = 0
    done: int = 0
    piece: str = ""
    files: int = 0
    rows: int = 0
    aside: int = 0
    not_taken: int = 0
    customers: int = 0
    customers_before: int = 0
    publication_id: int = 0
    is_new: bool = False
    problem: tuple[str, ...] = ()
    last_seconds: float = 0.0

    @property
    def is_at_work(self) -> bool:
        return self.status in AT_WORK

    @property
    def seconds(self) -> float:
        """How long it took, or was at work when it last told of itself."""
        return (self.told_at - self.begun_at).total_seconds()


class Updates:
    """Tells how far bringing the tables up to date is, to every process.

    Args:
        store: where the file is.
        clock: tells the moment in UTC, naive.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store, self._clock = store, clock

    @property
    def last(self) -> Update | None:
        """The one that is at work, or else the last one; None when there never was one."""
        told = self._read()
        if told is None or not told.is_at_work or self._store.is_updating:
            return told
        # It may have ended between the two looks.
        told = self._read()
        if told is None or not told.is_at_work or self._is_starting(told):
            return told
        return replace(told, status="broken_off")

    def ask(self, *, by: str) -> None:
        """Note that a process is being started for it.

        Raises:
            WorkspaceBusyError: one is at work, or was just asked for.
        """
        with self._store.updating():
            last = self._read()
            if last and self._is_starting(last):
                raise WorkspaceBusyError(
                    message("Another import or run is at work", next_step="wait until it is done")
                )
            self._write(self._fresh("starting", by, last, imports=True))

    def stop(self) -> bool:
        """Ask the one at work to stop before its next step; False when none is at work.

        What it made so far is kept: the next one goes on from there.
        """
        last = self.last
        is_running = last is not None and last.status == "running"
        if is_running:
            self._stop.touch()
        return is_running

    @property
    def is_stopping(self) -> bool:
        """Whether the one at work was asked to stop."""
        return self._stop.exists()

    def give_up(self, problem: Parts) -> None:
        """Note why the process that was asked for did not begin; nothing when one did."""
        with suppress(WorkspaceBusyError), self._store.updating():
            last = self._read()
            if last and last.status == "starting":
                self._write(replace(last, status="failed", told_at=self._clock(), problem=problem))

    @contextmanager
    def telling(
        self, progress: Progress | None, *, by: str, imports: bool = False
    ) -> Iterator[Telling]:
        """While it is at work: tell of each step, and of how it ended.

        Args:
            progress: is told too.
            by: who asked for it.
            imports: whether it first takes in what waits.

        Raises:
            WorkspaceBusyError: another process is at it.
        """
        with self._store.updating():
            update = self._fresh("running", by, self._read(), imports=imports)
            self._stop.unlink(missing_ok=True)  # was meant for an earlier one
            told = Telling(update, self._write, self._clock, progress, lambda: self.is_stopping)
            try:
                yield told
            except (StoppedError, KeyboardInterrupt):
                told.end("stopped")
                raise
            except BaseException as error:
                told.end("failed", problem=_parts(error))
                raise
            finally:
                self._stop.unlink(missing_ok=True)
            told.end("done")

    def _fresh(self, status: str, by: str, last: Update | None, *, imports: bool) -> Update:
        now = self._clock()
        return Update(status, by, now, now, imports, last_seconds=_usual_seconds(last))

    def _is_starting(self, told: Update) -> bool:
        return told.status == "starting" and self._clock() - told.begun_at < STARTS_WITHIN

    @property
    def _file(self) -> Path:
        return self._store.folder / FILE

    @property
    def _stop(self) -> Path:
        return self._store.folder / STOP

    def _read(self) -> Update | None:
        try:
            return _update(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None  # never told, or by another version of the program

    def _write(self, update: Update) -> None:
        part = self._file.with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):  # what it tells is not worth ending it for
            part.write_text(json.dumps(asdict(update), default=datetime.isoformat), "utf-8")
            part.replace(self._file)


class Telling:
    """Writes down each step as it begins and ends; see `Updates.telling`.

    Args:
        update: as it begins.
        write: keeps it.
        clock: tells the moment in UTC, naive.
        progress: is told too.
        is_asked_to_stop: is looked at before each step.
    """

    def __init__(
        self,
        update: Update,
        write: Callable[[Update], None],
        clock: Callable[[], datetime],
        progress: Progress | None,
        is_asked_to_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._update, self._write, self._clock = update, write, clock
        self._is_asked_to_stop = is_asked_to_stop
        self._progress = progress or Quiet()
        write(update)

    def begin(self, activity: str, pieces: int) -> None:
        self._progress.begin(activity, pieces)
        self._tell(activity=activity, pieces=pieces, done=0, piece="")

    def started(self, name: str) -> None:
        if self._is_asked_to_stop():
            raise KeyboardInterrupt  # as if it had been asked at its own keyboard
        self._progress.started(name)
        self._tell(piece=name)

    def finished(self, piece: Finished) -> None:
        self._progress.finished(piece)
        self._tell(done=self._update.done + 1)

    def imported(self, taken: Imported) -> None:
        """What came in."""
        self._tell(
            files=taken.files,
            rows=taken.rows,
            aside=taken.quarantined,
            not_taken=len(taken.problems),
        )

    def published(self, now: Published, before: Published | None) -> None:
        """What everybody sees from now on."""
        self._tell(
            customers=_customers(now),
            customers_before=_customers(before),
            publication_id=now.publication_id,
            is_new=before is None or before.publication_id != now.publication_id,
        )

    def end(self, status: str, problem: tuple[str, ...] = ()) -> None:
        """How it ended: `done`, `failed` or `stopped`."""
        self._tell(status=status, problem=problem)

    def _tell(self, **changes: Any) -> None:
        self._update = replace(self._update, **changes, told_at=self._clock())
        self._write(self._update)


def _customers(published: Published | None) -> int:
    customers = published.tables.get("customers") if published else None
    return customers.rows if customers else 0


def _usual_seconds(last: Update | None) -> float:
    if last is None:
        return 0.0
    return last.seconds if last.status == "done" and last.is_new else last.last_seconds


def _update(raw: dict[str, Any]) -> Update:
    known = {field.name for field in fields(Update)}
    moments = {name: datetime.fromisoformat(raw[name]) for name in ("begun_at", "told_at")}
    kept = {name: value for name, value in raw.items() if name in known}
    return Update(**kept | moments | {"problem": tuple(raw["problem"])})


def _parts(error: BaseException) -> Parts:
    """Why it failed; of an error that is not ours only where, because its text may quote customers."""
    if isinstance(error, KlantreisError):
        return error.parts
    if isinstance(error, OSError) and error.strerror:
        return message("The machine refuses", got=error.strerror).parts
    frames = extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return message("The program itself failed", where=place, got=type(error).__name__).parts
