"""Lays ready what single records are looked up in, and opens it: for answers within a millisecond."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from uuid import uuid4

import msgspec
import numpy as np

from klantreis.identity.lookup import FoundCustomer, Lookup
from klantreis.identity.lookup_forms import SoughtRecord
from klantreis.identity.lookup_rows import LookupRows, lookup_rows
from klantreis.identity.rules import rules_with, unique_kinds
from klantreis.runner.fingerprint import code_version, fingerprint
from klantreis.runner.store import FOLDER
from klantreis.settings import Settings
from klantreis.workspace.reading import Reading

__all__ = ["LOOKUP_FOLDER", "LookupBook", "Lookups"]

LOOKUP_FOLDER = "lookup"
UNFINISHED = "unfinished-"
VERSION_LETTERS = 8
TABLES = (
    "persons",
    "identifiers",
    "blocked_identifiers",
    "person_profiles",
    "match_model",
    "links",
)


@dataclass(frozen=True)
class LookupBook:
    """What records are looked up in, of one publication; threads may share it."""

    publication_id: int
    lookup: Lookup

    def find(self, sought: SoughtRecord) -> FoundCustomer:
        """The customer that a record is, and why."""
        return self.lookup.find(sought)


class Lookups:
    """Makes and opens what records are looked up in.

    Args:
        folder: the workspace's folder.
        reading: tells what is published.
        own_reading: another reading of the same tables, so that nobody waits meanwhile.
        settings: of the workspace.
    """

    def __init__(
        self,
        folder: Path,
        reading: Reading,
        own_reading: Callable[[], Reading],
        settings: Callable[[], Settings],
    ) -> None:
        self._folder = folder / FOLDER / LOOKUP_FOLDER
        self._reading, self._own_reading, self._settings = reading, own_reading, settings
        self._book: LookupBook | None = None
        self._lock = Lock()

    def open(self) -> LookupBook | None:
        """That of the newest publication, made first when it is not there; None before a run."""
        published = self._reading.published
        if published is None:
            return None
        number = published.publication_id
        with self._lock:
            if self._book is None or self._book.publication_id != number:
                settings = self._settings()
                rules = rules_with(settings.identifier_rules)
                # What an earlier version of ours laid ready, or by other rules, is laid ready anew.
                version = fingerprint([code_version(lookup_rows, TABLES), unique_kinds(rules)])
                folder = self._folder / f"{number}-{version[:VERSION_LETTERS]}"
                if not folder.exists():
                    self._make(folder, unique_kinds(rules))
                lookup = Lookup(_opened(folder), country=settings.country, rules=rules)
                self._book = LookupBook(number, lookup)
            return self._book

    def _make(self, folder: Path, unique: Sequence[str]) -> None:
        unfinished = self._folder / f"{UNFINISHED}{uuid4().hex[:12]}"
        unfinished.mkdir(parents=True)
        try:
            self._lay_down(unfinished, unique)
            with suppress(OSError):  # another process was first
                unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        for other in self._folder.iterdir():
            if other != folder and not other.name.startswith(UNFINISHED):
                shutil.rmtree(other, ignore_errors=True)

    def _lay_down(self, folder: Path, unique: Sequence[str]) -> None:
        with closing(self._own_reading()) as reading:
            tables = [reading.table(name) for name in TABLES]
            rows = lookup_rows(
                *tables,
                engine=reading.engine,
                country=self._settings().country,
                unique=unique,
            )
        for name, array in rows.arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
        (folder / "facts.json").write_bytes(msgspec.json.encode(rows.facts))


def _opened(folder: Path) -> LookupRows:
    """The arrays as the system pages them in: several processes share one copy in memory."""
    arrays = {
        file.stem: np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
        for file in folder.glob("*.npy")
    }
    return LookupRows(arrays, msgspec.json.decode((folder / "facts.json").read_bytes()))
