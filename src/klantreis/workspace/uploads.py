"""Files that were brought and wait until they are looked at and taken in, for a day at most."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from klantreis.errors import NotFoundError, UnreadableFileError, message
from klantreis.sources import READABLE, refuse_bomb, safe_name, unpack
from klantreis.workspace.brought import Choices

__all__ = ["MEGABYTE", "Uploads"]

CHOICES = "choices.json"
KEPT_SECONDS = 24 * 3600  # of a file that was brought and not taken in
TOKEN = re.compile(r"^[0-9a-f]{32}$")
MEGABYTE = 2**20


class Uploads:
    """The folder in which brought files wait, each below a token of its own.

    Args:
        folder: where they wait; made when the first comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: Iterable[bytes], *, largest: int) -> Sequence[str]:
        """Keep a file, or each file of a zip; what waited too long goes.

        Args:
            largest: bytes that it may have, unpacked.

        Returns:
            The token of each.

        Raises:
            UnreadableFileError: too large, of a kind that cannot be read, or a dangerous zip.
        """
        self._remove_old()
        folder = self._folder / uuid4().hex
        folder.mkdir(parents=True)
        try:
            file = folder / safe_name(name)
            _write(file, content, largest)
            if file.suffix.lower() == ".zip":
                found = unpack(file, folder / "unpacked", largest=largest)
                return [self._apart(one) for one in found]
            if not any(file.name.lower().removesuffix(".gz").endswith(end) for end in READABLE):
                raise _refused(
                    file.name, file.suffix or "no ending", ", ".join((*READABLE, ".zip"))
                )
            refuse_bomb(file, largest=largest)
            return [self._apart(file)]
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def all(self) -> Sequence[tuple[str, str, int]]:
        """Token, name and size in bytes of each, the last brought first."""
        folders = [one for one in self._folder.glob("*") if TOKEN.match(one.name)]
        newest = sorted(folders, key=lambda one: -one.stat().st_mtime)
        files = [file for folder in newest for file in _files(folder)]
        return [(file.parent.name, file.name, file.stat().st_size) for file in files]

    def file(self, token: str) -> Path:
        """The file below a token.

        Raises:
            NotFoundError: there is none.
        """
        folder = self._folder / token
        files = _files(folder) if TOKEN.match(token) and folder.is_dir() else []
        if not files:
            raise NotFoundError(
                message(
                    "The file is not here any more",
                    allowed="a file that was brought at most a day ago and not taken in yet",
                    next_step="bring it again",
                )
            )
        return files[0]

    def choices(self, token: str) -> Choices:
        """What was said of a file.

        Raises:
            NotFoundError: there is no such file.
        """
        file = self.file(token).parent / CHOICES
        return (
            Choices(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else Choices()
        )

    def write_choices(self, token: str, choices: Choices) -> None:
        """Keep what was said of a file.

        Raises:
            NotFoundError: there is no such file.
        """
        file = self.file(token).parent / CHOICES
        file.write_text(json.dumps(asdict(choices)), encoding="utf-8")

    def remove(self, token: str) -> None:
        """Throw away what is below a token.

        Raises:
            NotFoundError: there is nothing.
        """
        shutil.rmtree(self.file(token).parent, ignore_errors=True)

    def move(self, token: str, target: Path) -> None:
        """Give a file its place; nothing waits below its token then.

        Raises:
            NotFoundError: there is no such file.
        """
        file = self.file(token)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, target)
        shutil.rmtree(file.parent, ignore_errors=True)

    def _apart(self, file: Path) -> str:
        token = uuid4().hex
        folder = self._folder / token
        folder.mkdir(parents=True)
        file.rename(folder / file.name)
        return token

    def _remove_old(self) -> None:
        for folder in self._folder.glob("*"):
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.is_file() and one.name != CHOICES]


def _write(file: Path, content: Iterable[bytes], largest: int) -> None:
    size = 0
    with file.open("wb") as target:
        for piece in content:
            size += len(piece)
            if size > largest:
                raise _refused(file.name, "a larger file", f"at most {largest // MEGABYTE:,} MB")
            target.write(piece)


def _refused(name: str, got: str, allowed: str) -> UnreadableFileError:
    return UnreadableFileError(
        message("The file is not taken in", where=name, got=got, allowed=allowed)
    )
