"""Backup and restore: one file with exports, settings, state and the tables in use.

The file is a zip with `manifest.json`, which names every other member with its size and SHA-256, so
that a damaged backup is found when it is made or restored and not when it is missed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, Any

from filelock import FileLock

from klantreis.channels import OUTBOX_LOCK
from klantreis.errors import UnreadableFileError, WorkspaceError, message
from klantreis.runner import Store
from klantreis.runner.store import FOLDER
from klantreis.settings import read_settings
from klantreis.state import State
from klantreis.state.database import SCHEMA_VERSION
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.audience_members import AudienceMembers

__all__ = ["back_up", "restore"]

MANIFEST = "manifest.json"
FORMAT = 1
STATE_FILE = f"{FOLDER}/state.sqlite"
COLLECTED = "collected.sqlite"
PORTION = 2**20
PACKED = {".parquet", ".gz", ".zip", ".xlsx", ".png", ".pdf"}  # do not get smaller


def back_up(folder: Path, state: State, store: Store, file: Path) -> int:
    """Write a backup, and read it back to see that it is whole.

    A server may go on meanwhile; an import or run may not, because it replaces files.

    Returns:
        The number of files in it.

    Raises:
        WorkspaceError: the file exists already, or lies in the workspace itself.
        WorkspaceBusyError: an import or run is at work.
    """
    target = file.resolve()
    _refuse_place(target, folder)
    part = target.with_name(f"{target.name}.part")
    with store.writing(), tempfile.TemporaryDirectory() as temporary:
        saved = _saved(state, store, Path(temporary))
        try:
            # Only its owner may read it: it holds what the workspace holds.
            descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w+b") as opened, zipfile.ZipFile(opened, "w") as archive:
                written = {
                    name: _add(archive, name, source)
                    for name, source in _files(folder, state, store, saved)
                }
                archive.writestr(MANIFEST, _manifest(written))
            _check(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return len(written)


def restore(file: Path, folder: Path) -> Path:
    """Make a workspace from a backup; it appears at once and whole, or not at all.

    Returns:
        The folder.

    Raises:
        WorkspaceError: there is something in the folder, or in its state database.
        UnreadableFileError: the backup is damaged or of a newer version.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceError(
            message(
                "The folder is not empty",
                where=str(folder),
                allowed="a new or empty folder",
                next_step="restore into another one",
            )
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restore-") as temporary:
        made = Path(temporary) / folder.name
        _unpack(file, made)
        _load_state(made)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    return folder


def _files(
    folder: Path, state: State, store: Store, saved: Mapping[str, Path]
) -> Iterator[tuple[str, Path]]:
    for source in sorted(folder.rglob("*")):
        name = source.relative_to(folder).as_posix()
        if source.is_file() and not source.is_symlink() and not name.startswith(f"{FOLDER}/"):
            yield name, source
    for name in sorted(state.files_in_use()):
        if (store.folder / name).exists():
            yield f"{FOLDER}/{name}", store.folder / name
    # An erasure under way is finished in the restored workspace too.
    for note in sorted((store.folder / "erasing").glob("*.json")):
        yield f"{FOLDER}/erasing/{note.name}", note
    yield from saved.items()


def _saved(state: State, store: Store, folder: Path) -> Mapping[str, Path]:
    """What others may be writing, each as of one moment, by their names in the backup."""
    saved = {STATE_FILE: folder / "state.sqlite"}
    state.save(saved[STATE_FILE])
    collected = store.folder / COLLECTED
    if collected.exists():
        saved[f"{FOLDER}/{COLLECTED}"] = folder / COLLECTED
        with (
            closing(sqlite3.connect(collected)) as source,
            closing(sqlite3.connect(folder / COLLECTED)) as target,
        ):
            source.backup(target)
    members = AudienceMembers(store.folder)
    with members.writing():
        for number, file in enumerate(members.files()):
            copy = shutil.copy(file, folder / f"audience-{number}.parquet")
            saved[f"{FOLDER}/{file.relative_to(store.folder).as_posix()}"] = Path(copy)
    outbox = store.folder / "outbox"
    if outbox.exists():
        with FileLock(outbox / OUTBOX_LOCK):
            for file in sorted(outbox.glob("*.csv")):
                copy = shutil.copy(file, folder / f"outbox-{file.name}")
                saved[f"{FOLDER}/outbox/{file.name}"] = Path(copy)
    return saved


def _add(archive: zipfile.ZipFile, name: str, source: Path) -> Mapping[str, Any]:
    method = zipfile.ZIP_STORED if source.suffix in PACKED else zipfile.ZIP_DEFLATED
    entry = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
    entry.compress_type = method
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, archive.open(entry, "w", force_zip64=True) as written:
        while portion := read.read(PORTION):
            digest.update(portion)
            size += len(portion)
            written.write(portion)
    changed_at = source.stat().st_mtime_ns
    return {"bytes": size, "sha256": digest.hexdigest(), "changed_at": changed_at}


def _manifest(files: Mapping[str, Mapping[str, Any]]) -> str:
    facts = {
        "format": FORMAT,
        "schema": SCHEMA_VERSION,
        "made_at": utc_now().isoformat(timespec="seconds"),
        "files": files,
    }
    return json.dumps(facts, indent=1)


def _check(file: Path) -> None:
    """Read a backup back.

    Raises:
        UnreadableFileError: something in it is not what was written.
    """
    with zipfile.ZipFile(file) as archive:
        for name, facts in _read_manifest(archive, file).items():
            with archive.open(name) as member:
                _take(member, None, name, facts, file)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            for name, facts in _read_manifest(archive, file).items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as member, target.open("wb") as written:
                    _take(member, written, name, facts, file)
                # Size and moment of change tell an import which files it knows already.
                os.utime(target, ns=(facts["changed_at"], facts["changed_at"]))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise _damaged(file, str(error)) from error


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        files: Mapping[str, Mapping[str, Any]] = manifest["files"]
        is_known = manifest["format"] == FORMAT and manifest["schema"] <= SCHEMA_VERSION
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(file, "no manifest") from error
    if not is_known:
        raise UnreadableFileError(
            message(
                "The backup was made by a newer version",
                where=str(file),
                next_step="restore it with that version",
            )
        )
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise _damaged(file, name)
    return files


def _take(
    member: IO[bytes], target: IO[bytes] | None, name: str, facts: Mapping[str, Any], file: Path
) -> None:
    digest = hashlib.sha256()
    while portion := member.read(PORTION):
        digest.update(portion)
        if target:
            target.write(portion)
    if digest.hexdigest() != facts["sha256"]:
        raise _damaged(file, name)


def _load_state(folder: Path) -> None:
    """Where the settings name a database of its own, the state goes there."""
    settings = read_settings(folder)
    if not settings.state_url:
        return
    state = State(settings.state_url)
    try:
        state.load(folder / STATE_FILE)
    finally:
        state.close()
    (folder / STATE_FILE).unlink()


def _refuse_place(target: Path, folder: Path) -> None:
    if target.exists() or target.is_relative_to(folder):
        raise WorkspaceError(
            message(
                "The backup cannot be written there",
                got=str(target),
                allowed="a new file outside the workspace",
            )
        )


def _damaged(file: Path, what: str) -> UnreadableFileError:
    return UnreadableFileError(
        message("The backup is damaged", where=str(file), got=what, next_step="take another one")
    )
