"""Bringing a file in: guessed, looked at, its mapping changed, then kept as an export."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from zoneinfo import available_timezones

from klantreis.errors import InputError, message
from klantreis.runner.exports import content_id
from klantreis.settings import FILE_NAME, Settings
from klantreis.sources import SHAPES, Guess
from klantreis.state import ImportedFile
from klantreis.workspace.brought import Brought, BroughtIn, Choices, Guessed
from klantreis.workspace.file_guesses import FileGuesses, source_named
from klantreis.workspace.uploads import MEGABYTE, Uploads

__all__ = ["Bringing"]

UPLOADS = "uploads"
SOURCE = re.compile(r"^[a-z0-9][a-z0-9_-]{0,59}$")


class Bringing:
    """Guesses files, and takes in those that people bring through the pages.

    Args:
        folder: the workspace.
        settings: as they are now.
        guesses: what files seem to be here.
        taken: the files that were taken in.
    """

    def __init__(
        self,
        folder: Path,
        settings: Callable[[], Settings],
        guesses: FileGuesses,
        taken: Callable[[], Sequence[ImportedFile]],
    ) -> None:
        self._folder, self._settings, self._guesses = folder, settings, guesses
        self._taken = taken
        self._uploads = Uploads(folder / ".klantreis" / UPLOADS)

    def guess(self, path: Path, choices: Choices | None = None) -> Guessed:
        """Guess what a file is; what was said holds.

        Raises:
            UnreadableFileError: it is of no kind that can be read, or damaged.
        """
        return self._guesses.guess(path, choices)

    def bring(self, name: str, content: Iterable[bytes]) -> Sequence[str]:
        """Keep a file, or each file of a zip, until it is looked at and taken in.

        Returns:
            The token of each.

        Raises:
            UnreadableFileError: too large, of a kind that cannot be read, or a dangerous zip.
        """
        largest = self._settings().upload_megabytes * MEGABYTE
        return self._uploads.put(name, content, largest=largest)

    def all_waiting(self) -> Sequence[tuple[str, str, int]]:
        """Token, name and size in bytes of the files that wait, the last brought first."""
        return self._uploads.all()

    def waiting(self, token: str) -> Brought:
        """A file that was brought, with its guess and first rows as they will be.

        Raises:
            NotFoundError: there is none under this token.
            UnreadableFileError: it cannot be read after all.
        """
        file, choices = self._uploads.file(token), self._uploads.choices(token)
        guessed = self._guesses.guess(file, choices)
        source = choices.source or guessed.source or source_named(file.name)
        before = self._taken_before(file, source)
        return Brought(
            token,
            file.name,
            file.stat().st_size,
            source,
            choices,
            guessed,
            self._guesses.preview(file, source, choices, guessed),
            taken_as=before.path if before else "",
            taken_by=before.source if before else "",
        )

    def _taken_before(self, file: Path, source: str) -> ImportedFile | None:
        """A file with this very content that was taken in, of this source if there is one."""
        size = file.stat().st_size
        alike = [one for one in self._taken() if one.size_bytes == size]
        content = content_id(file) if alike else ""
        same = [one for one in alike if one.file_id == content]
        return next((one for one in same if one.source == source), same[0] if same else None)

    def say(self, token: str, choices: Choices) -> None:
        """Say how a file that was brought has to be read.

        Raises:
            InputError: something that was said is not possible.
            NotFoundError: there is no file under this token.
        """
        for what, got, allowed in (
            ("Not a time zone", choices.time_zone, ("", *available_timezones())),
            ("Not an order of dates", choices.date_order, ("", "dmy", "mdy", "ymd")),
            ("Not a decimal sign", choices.decimal_sign, ("", ",", ".")),
            ("Not a separator", choices.separator, ("", ";", ",", "\t", "|")),
            ("Not a kind of rows", choices.row_is, ("", *SHAPES)),
        ):
            if got not in allowed:
                raise InputError(message(what, got=repr(got), next_step="choose one"))
        if choices.source:
            self._check_name(choices.source)
        self._uploads.write_choices(token, choices)

    def of_source(self, token: str, source: str) -> None:
        """Say which source a file that was brought is of; what else was said stays.

        Raises:
            InputError: no name for a source.
        """
        self.say(token, replace(self._uploads.choices(token), source=source))

    def keep(self, token: str) -> BroughtIn:
        """Make a file that was brought an export: it, and its mapping, get their place.

        Raises:
            InputError: something that the rows must have is lacking, or the name is taken.
        """
        brought = self.waiting(token)
        self._check_name(brought.source)
        mapping = self._keep_mapping(brought) if brought.is_mapped else ""
        target = _free(self._folder / "exports" / brought.source / brought.name)
        self._uploads.move(token, target)
        return BroughtIn(brought.source, target.relative_to(self._folder).as_posix(), mapping)

    def drop(self, token: str) -> None:
        """Throw a file that was brought away.

        Raises:
            NotFoundError: there is none under this token.
        """
        self._uploads.remove(token)

    def _keep_mapping(self, brought: Brought) -> str:
        name = f"mappings/{brought.source}.toml"
        own = self._settings().sources.get(brought.source)
        folder = self._folder / "exports" / brought.source
        if (own and own.mapping != name) or (not own and folder.exists()):
            raise InputError(
                message(
                    "The name is in use for other exports",
                    where=f"exports/{brought.source}",
                    next_step="give the source another name",
                )
            )
        found = brought.guessed.guess
        if not brought.guessed.mapping or not found or found.lacks or brought.preview.problem:
            raise brought.preview.problem or _incomplete(brought.name, found)
        if own and not self._guesses.reads_earlier(brought.source, brought.guessed.mapping):
            raise InputError(
                message(
                    "Earlier exports of the source could not be read any more",
                    where=f"exports/{brought.source}",
                    next_step="say what the columns are called now, or give the source another name",
                )
            )
        file = self._folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(brought.guessed.mapping, encoding="utf-8")
        if not own:
            self._add_section(brought.source, name)
        return name

    def _add_section(self, source: str, mapping: str) -> None:
        file = self._folder / FILE_NAME
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        section = f'[sources.{source}]\nconnector = "mapping"\nmapping = "{mapping}"\n'
        fresh = f"{text.rstrip()}\n\n{section}" if text.strip() else section
        tomllib.loads(fresh)
        half = file.with_suffix(".half")
        half.write_text(fresh, encoding="utf-8")
        half.replace(file)

    @staticmethod
    def _check_name(source: str) -> None:
        if not SOURCE.match(source):
            raise InputError(
                message(
                    "Not a name for a source",
                    got=repr(source),
                    allowed="small letters, digits, - and _, as webshop-orders",
                )
            )


def _free(path: Path) -> Path:
    """A path where nothing is yet."""
    tries = (path.with_name(f"{number}-{path.name}") for number in range(2, 10_000))
    return next(one for one in chain((path,), tries) if not one.exists())


def _incomplete(name: str, found: Guess | None) -> InputError:
    lacks = ", ".join(found.lacks) if found else ""
    return InputError(
        message(
            "The mapping is not complete",
            where=name,
            got=f"no column for {lacks}" if lacks else "rows of which is not said what they are",
            next_step="say which column it is" if lacks else "say what a row is",
        )
    )
