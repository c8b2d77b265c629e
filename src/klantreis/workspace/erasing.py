"""Erases customers for good: broken off anywhere, it goes on where it was until the proof is there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock, Timeout

from klantreis.runner import Store
from klantreis.state import Erasure, State
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.audience_members import AudienceMembers
from klantreis.workspace.identifying import Identifying
from klantreis.workspace.needles import Identifier, Needles
from klantreis.workspace.proof import Proof, prove
from klantreis.workspace.taking_out import TakingOut

__all__ = ["Erased", "Erasing"]

NOTES = "erasing"


@dataclass(frozen=True)
class Erased:
    """What an erasure did.

    Attributes:
        erasure_id: under which its proof is kept.
        customer_id: number under which the customer was known.
        exports: files that were rewritten.
        parts: what imports wrote, rewritten.
        state_rows: rows of the state that were deleted or changed.
        proof: what a search of everything found afterwards.
    """

    erasure_id: str
    customer_id: int
    exports: tuple[str, ...]
    parts: int
    state_rows: int
    proof: Proof


@dataclass(frozen=True)
class Note:
    """What has to be erased, on disk from before the first change until after the last.

    Attributes:
        customer_id: 0 for someone who was erased before and came back in an import.
        exports, parts, state_rows: what was done so far.
    """

    erasure_id: str
    customer_id: int
    begun_at: datetime
    begun_by: str
    needles: Needles
    exports: tuple[str, ...] = ()
    parts: int = 0
    state_rows: int = 0

    @property
    def erasure(self) -> Erasure:
        return Erasure(self.erasure_id, self.customer_id, self.begun_at, self.begun_by)


class Erasing:
    """Erasures under way, and finishing them.

    Args:
        folder: the workspace.
        state: what people decided.
        store: where tables are.
        identifying: who a customer is.
        taking_out: rewrites files.
        run: makes and publishes all tables anew.
    """

    def __init__(
        self,
        folder: Path,
        state: State,
        store: Store,
        identifying: Identifying,
        taking_out: TakingOut,
        run: Callable[[], Any],
    ) -> None:
        self._folder, self._state, self._store = folder, state, store
        self._identifying, self._taking_out = identifying, taking_out
        self._run = run

    def begin(self, customer_id: int, *, by: str) -> str:
        """Note that a customer has to be erased; from now on it will be, whatever happens.

        Returns:
            The number of the erasure; that of the one under way when there is one.

        Raises:
            NotFoundError: there is no such customer.
        """
        for note in self._notes():
            if note.customer_id == customer_id:
                return note.erasure_id
        needles = self._identifying.needles(customer_id)
        note = Note(uuid4().hex[:12], customer_id, utc_now(), by, needles)
        self._write(note)
        self._begin(note)
        return note.erasure_id

    def take_out_again(self, needles: Needles) -> None:
        """Take out whoever was erased before and came back in an import.

        Raises:
            WorkspaceBusyError: an import or run is at work; the next one takes them out.
        """
        note = Note(uuid4().hex[:12], 0, utc_now(), "", needles)
        self._write(note)
        self.finish()

    @property
    def is_pending(self) -> bool:
        """Whether anything is to be finished."""
        return any(True for _ in self._files())

    def finish(self) -> tuple[Erased, ...]:
        """Finish what was begun, also by a process that died; nothing when another one is at it.

        Raises:
            WorkspaceBusyError: an import or run is at work.
        """
        if not self.is_pending:
            return ()
        with suppress(Timeout), FileLock(self._store.folder / NOTES / "at-work.lock", timeout=0):
            done = [self._finish(note) for note in self._notes()]
            return tuple(erased for erased in done if erased)
        return ()

    def _finish(self, note: Note) -> Erased | None:
        needles = note.needles
        with self._store.writing():
            self._begin(note)
            self._reach(note, "exports")
            # First the state: a message that was not handed over yet finds no row any more.
            rows = self._remove_from_state(note)
            exports, parts = self._taking_out.everywhere(needles)
            self._store.remove_unused(self._state.files_in_use())
            note = replace(
                note,
                exports=tuple(dict.fromkeys((*note.exports, *exports))),
                parts=note.parts + parts,
                state_rows=note.state_rows + rows,
            )
            self._write(note)
        if not note.customer_id:
            self._strike_out(note)
            return None
        self._reach(note, "tables")
        self._run()
        with self._store.writing():
            self._reach(note, "state")
            self._state.forget_before(1)
            note = replace(note, state_rows=note.state_rows + self._remove_from_state(note))
            self._taking_out.other_files(needles)
            AudienceMembers(self._store.folder).take_out(needles.customers)
            self._store.remove_unused(self._state.files_in_use())
            for derived in ("spill", "profiles", "lookup"):
                shutil.rmtree(self._store.folder / derived, ignore_errors=True)
        return self._proven(note)

    def _proven(self, note: Note) -> Erased:
        self._reach(note, "proof")
        notes = self._store.folder / NOTES
        proof = prove(self._folder, self._state, note.needles, but=notes)
        told = {
            **proof.told(note.needles),
            "exports": [note.needles.without(path) for path in note.exports],
            "parts": note.parts,
            "state_rows": note.state_rows,
        }
        self._state.erasures.finish(note.erasure_id, told, at=utc_now())
        self._strike_out(note)
        return Erased(
            note.erasure_id, note.customer_id, note.exports, note.parts, note.state_rows, proof
        )

    def _remove_from_state(self, note: Note) -> int:
        needles = note.needles
        return self._state.persons.remove(
            needles.customers, needles.is_named_in, needles.without_name, needles.persons
        )

    # What is under way

    def _begin(self, note: Note) -> None:
        if note.customer_id:
            marks = self._identifying.marks(note.needles.identifiers)
            self._state.erasures.begin(note.erasure, marks)

    def _reach(self, note: Note, stage: str) -> None:
        if note.customer_id:
            self._state.erasures.reach(note.erasure_id, stage)

    def _files(self) -> Iterator[Path]:
        yield from sorted((self._store.folder / NOTES).glob("*.json"))

    def _notes(self) -> Iterator[Note]:
        for file in self._files():
            with suppress(FileNotFoundError):  # another process has just finished it
                yield _read(file)

    def _write(self, note: Note) -> None:
        """Only its owner may read it: it holds what has to go."""
        folder = self._store.folder / NOTES
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{note.erasure_id}.unfinished"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            json.dump(_plain(note), written, ensure_ascii=False)
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(folder / f"{note.erasure_id}.json")

    def _strike_out(self, note: Note) -> None:
        for file in (self._store.folder / NOTES).glob(f"{note.erasure_id}.*"):
            file.write_bytes(b"\0" * file.stat().st_size)
            file.unlink()


def _plain(note: Note) -> dict[str, Any]:
    needles = note.needles
    return {
        **{name: value for name, value in vars(note).items() if name != "needles"},
        "begun_at": note.begun_at.isoformat(),
        "needles": {
            "identifiers": [asdict(one) for one in needles.identifiers],
            "persons": sorted(needles.persons),
            "orders": sorted(needles.orders),
            "customers": sorted(needles.customers),
            "words": list(needles.words),
        },
    }


def _read(file: Path) -> Note:
    told = json.loads(file.read_text(encoding="utf-8"))
    held = told["needles"]
    needles = Needles(
        tuple(Identifier(**one) for one in held["identifiers"]),
        frozenset(held["persons"]),
        frozenset(held["orders"]),
        frozenset(held["customers"]),
        tuple(held["words"]),
    )
    return Note(
        **told
        | {
            "needles": needles,
            "begun_at": datetime.fromisoformat(told["begun_at"]),
            "exports": tuple(told["exports"]),
        }
    )
