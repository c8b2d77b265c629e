"""The folder with everything derived: Parquet files that are written once and never changed."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from klantreis.errors import WorkspaceBusyError, message

__all__ = ["FOLDER", "Store"]

FOLDER = ".klantreis"
UPDATING = "updating.lock"
# Whoever looks whether somebody is updating holds that lock for a moment.
PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class Store:
    """The `.klantreis` folder of a workspace.

    Attributes:
        folder: the store itself; every path in the state database is relative to it.
    """

    folder: Path

    @property
    def versions(self) -> Path:
        return self.folder / "tables"

    @property
    def parts(self) -> Path:
        return self.folder / "parts"

    @property
    def spill(self) -> Path:
        return self.folder / "spill"

    @property
    def unpacked(self) -> Path:
        """What is taken out of zip files while it is imported."""
        return self.folder / "unpacked"

    def relative(self, files: Sequence[Path]) -> tuple[str, ...]:
        return tuple(file.relative_to(self.folder).as_posix() for file in files)

    def are_same(self, files: Sequence[str], others: Sequence[str]) -> bool:
        """Whether files are others, or hold the same byte for byte."""
        if len(files) != len(others):
            return False
        pairs = zip(self.absolute(files), self.absolute(others), strict=True)
        return all(
            one == other or (other.exists() and filecmp.cmp(one, other, shallow=False))
            for one, other in pairs
        )

    def absolute(self, files: Sequence[str]) -> list[Path]:
        return [self.folder / file for file in files]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only one process at a time writes; readers are never stopped.

        Raises:
            WorkspaceBusyError: another import or run is at work.
        """
        with self._alone("writing.lock", 0):
            yield

    @contextmanager
    def updating(self) -> Iterator[None]:
        """Only one process at a time brings the tables up to date, and everybody can see that one does.

        However the process ends, also when it is killed, the system lets go of it.

        Raises:
            WorkspaceBusyError: another one is at it.
        """
        with self._alone(UPDATING, PATIENCE_SECONDS):
            yield

    @property
    def is_updating(self) -> bool:
        """Whether a process is bringing the tables up to date."""
        if not (self.folder / UPDATING).exists():
            return False
        try:
            with FileLock(self.folder / UPDATING, timeout=0):
                return False
        except Timeout:
            return True

    @contextmanager
    def _alone(self, name: str, patience: float) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / name, timeout=patience)
        try:
            lock.acquire()
        except Timeout as error:
            raise WorkspaceBusyError(
                message(
                    "Another import or run is at work",
                    where=str(self.folder.parent),
                    next_step="wait until it is done, or stop it",
                )
            ) from error
        try:
            yield
        finally:
            lock.release()

    def remove_unused(self, in_use: frozenset[str]) -> int:
        """Remove files that nothing refers to (of dropped versions and of broken-off writes)."""
        removed = 0
        for root in (self.versions, self.parts):
            for file in root.rglob("*") if root.exists() else ():
                if file.is_file() and file.relative_to(self.folder).as_posix() not in in_use:
                    file.unlink()
                    removed += 1
            for folder in sorted(root.rglob("*"), reverse=True) if root.exists() else ():
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
        shutil.rmtree(self.spill, ignore_errors=True)
        return removed
