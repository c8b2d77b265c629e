"""Copies of a workspace that other test processes may be reading."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

__all__ = ["copy_workspace"]

STATE = "state.sqlite"


def copy_workspace(folder: Path, to: Path) -> Path:
    """A copy of a workspace, whoever has it open: `to`, which is made.

    The files beside a SQLite database come and go with its readers, so that the database is not
    copied file by file.
    """
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns(f"{STATE}*"))
    for state in folder.rglob(STATE):
        with (
            closing(sqlite3.connect(state)) as original,
            closing(sqlite3.connect(to / state.relative_to(folder))) as copied,
        ):
            original.backup(copied)
    return to
