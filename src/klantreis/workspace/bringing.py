"""Bringing a file in: guessed, looked at, its mapping changed, then kept as an export."""

from __future__ import annotations

import json
import re
import shutil
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path
from uuid import uuid4
from zoneinfo import available_timezones

from klantreis import registry
from klantreis.engine import Engine
from klantreis.errors import (
    InputError,
    NotFoundError,
    SettingsError,
    UnreadableFileError,
    message,
)
from klantreis.runner.exports import content_id, export_options
from klantreis.settings import FILE_NAME, Settings
from klantreis.sources import (
    NO_TOTALS,
    READABLE,
    SHAPES,
    ExportFile,
    Guess,
    Preview,
    as_taken_in,
    check_options,
    guess,
    mapping_text,
    nearest_source,
    preview,
    recognise_source,
    refuse_bomb,
    safe_name,
    sample_of,
    unpack,
)
from klantreis.workspace.accounts import utc_now

__all__ = ["Bringing", "Brought", "BroughtIn", "Changed", "Choices", "Guessed"]

UPLOADS = "uploads"
CHOICES = "choices.json"
KEPT_SECONDS = 24 * 3600  # of a file that was brought and not taken in
TOKEN = re.compile(r"^[0-9a-f]{32}$")
SOURCE = re.compile(r"^[a-z0-9][a-z0-9_-]{0,59}$")
NO_SIGN = re.compile(r"[^a-z0-9]+")
MEGABYTE = 2**20
UNREAD, BESIDE = "totals_unread", "totals_beside"


@dataclass(frozen=True)
class Choices:
    """What somebody said of a file; what is empty is guessed.

    Attributes:
        source: folder below `exports/`.
        own_mapping: a mapping of its own, though a connector knows the file.
        heading: line with the column names; -1 to guess it, 0 for none.
        means: by column what it means; empty: it is not used.
    """

    source: str = ""
    own_mapping: bool = False
    row_is: str = ""
    separator: str = ""
    heading: int = -1
    decimal_sign: str = ""
    date_order: str = ""
    time_zone: str = ""
    channel: str = ""
    means: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """A connector that would know the file, if some columns were not called otherwise.

    Attributes:
        lacking: columns that are not there, each with the one that it may be called now, or empty.
        fresh: columns of the file that nobody knows.
    """

    connector: str
    lacking: Mapping[str, str]
    fresh: tuple[str, ...]


@dataclass(frozen=True)
class Guessed:
    """What a file seems to be.

    Attributes:
        connector: that knows it; empty when none does.
        guess: of everything that a mapping says; None where a connector reads what we cannot guess.
        mapping: the text of the mapping file that it comes to.
        changed: the connector of which it may be an export with other columns; None when it is not.
        beside: codes of doubts about the totals of purchases in it: `totals_unread`, the connector
            passes them over, and `totals_beside`, other sources tell of purchases too.
    """

    connector: str
    guess: Guess | None
    mapping: str
    changed: Changed | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brought:
    """A file that was brought and waits to be taken in.

    Attributes:
        token: under which it waits.
        name, size_bytes: of the file.
        source: the folder below `exports/` that it will go to.
        preview: its first rows as they will be.
    """

    token: str
    name: str
    size_bytes: int
    source: str
    choices: Choices
    guessed: Guessed
    preview: Preview

    @property
    def is_mapped(self) -> bool:
        """Whether a mapping of its own reads it, and no connector."""
        return not self.guessed.connector or self.choices.own_mapping

    @property
    def unsure(self) -> tuple[str, ...]:
        """Codes of what to look at; where a connector reads the file, those about totals only."""
        found = self.guessed.guess
        codes = (*(found.unsure if found else ()), *self.guessed.beside)
        if self.is_mapped:
            return tuple(code for code in codes if code != UNREAD)
        return tuple(code for code in codes if code in (UNREAD, *NO_TOTALS))


@dataclass(frozen=True)
class BroughtIn:
    """Where a file went: its path and that of its mapping file, relative to the workspace."""

    source: str
    path: str
    mapping: str


class Bringing:
    """Guesses files, and takes in those that people bring through the pages.

    Args:
        folder: the workspace.
        settings: as they are now.
        connect: starts an engine.
        renamed: by source, what its columns are called now.
        bought: the sources that tell of purchases so far.
    """

    def __init__(
        self,
        folder: Path,
        settings: Callable[[], Settings],
        connect: Callable[[], Engine],
        renamed: Callable[[], Mapping[str, Mapping[str, str]]],
        bought: Callable[[], Set[str]] = frozenset,
    ) -> None:
        self._folder, self._settings, self._connect = folder, settings, connect
        self._renamed, self._bought = renamed, bought

    @property
    def _uploads(self) -> Path:
        return self._folder / ".klantreis" / UPLOADS

    def guess(self, path: Path, choices: Choices | None = None) -> Guessed:
        """Guess what a file is; what was said holds.

        Raises:
            UnreadableFileError: it is of no kind that can be read, or damaged.
        """
        said = choices or Choices()
        source = said.source or _slug(path.name)
        connector, changed = self._connector(path, source)
        try:
            sample = sample_of(
                path, separator=said.separator, heading=None if said.heading < 0 else said.heading
            )
        except UnreadableFileError:
            if connector:
                return Guessed(connector, None, "")
            raise
        found = guess(
            sample,
            time_zone=said.time_zone or self._settings().time_zone,
            row_is=said.row_is,
            said={one: means for one, means in said.means.items() if one in sample.columns},
            decimal_sign=said.decimal_sign,
            date_order=said.date_order,  # type: ignore[arg-type]  # checked when it was said
            channel=said.channel,
        )
        mapping = mapping_text(found) if found.row_is else ""
        return Guessed(connector, found, mapping, changed, self._beside(found, source, connector))

    def _beside(self, found: Guess, source: str, connector: str) -> tuple[str, ...]:
        """What has to be known of totals that could be used: whether they are, and counted once."""
        if not found.has_totals:
            return ()
        unread = (UNREAD,) if connector else ()
        return (*unread, *((BESIDE,) if self._bought() - {source} else ()))

    def bring(self, name: str, content: Iterable[bytes]) -> Sequence[str]:
        """Keep a file, or each file of a zip, until it is looked at and taken in.

        Returns:
            The token of each.

        Raises:
            UnreadableFileError: too large, of a kind that cannot be read, or a dangerous zip.
        """
        self._remove_old()
        largest = self._settings().upload_megabytes * MEGABYTE
        folder = self._uploads / uuid4().hex
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

    def all_waiting(self) -> Sequence[tuple[str, str, int]]:
        """Token, name and size of the files that wait, the last brought first."""
        folders = [one for one in self._uploads.glob("*") if TOKEN.match(one.name)]
        newest = sorted(folders, key=lambda one: -one.stat().st_mtime)
        files = [
            file
            for folder in newest
            for file in folder.iterdir()
            if file.is_file() and file.name != CHOICES
        ]
        return [(file.parent.name, file.name, file.stat().st_size) for file in files]

    def waiting(self, token: str) -> Brought:
        """A file that was brought, with its guess and first rows as they will be.

        Raises:
            NotFoundError: there is none under this token.
            UnreadableFileError: it cannot be read after all.
        """
        file, choices = self._file(token), self._choices(token)
        guessed = self.guess(file, choices)
        source = choices.source or _slug(file.name)
        return Brought(
            token,
            file.name,
            file.stat().st_size,
            source,
            choices,
            guessed,
            self._preview(file, source, choices, guessed),
        )

    def say(self, token: str, choices: Choices) -> None:
        """Say how a file that was brought has to be read.

        Raises:
            InputError: something that was said is not possible.
        """
        folder = self._file(token).parent
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
        (folder / CHOICES).write_text(json.dumps(asdict(choices)), encoding="utf-8")

    def of_source(self, token: str, source: str) -> None:
        """Say which source a file that was brought is of; what else was said stays.

        Raises:
            InputError: no name for a source.
        """
        self.say(token, replace(self._choices(token), source=source))

    def keep(self, token: str) -> BroughtIn:
        """Make a file that was brought an export: it, and its mapping, get their place.

        Raises:
            InputError: something that the rows must have is lacking, or the name is taken.
        """
        brought = self.waiting(token)
        self._check_name(brought.source)
        mapping = self._keep_mapping(brought) if brought.is_mapped else ""
        target = _free(self._folder / "exports" / brought.source / brought.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self._file(token), target)
        shutil.rmtree(self._uploads / token, ignore_errors=True)
        return BroughtIn(brought.source, target.relative_to(self._folder).as_posix(), mapping)

    def drop(self, token: str) -> None:
        """Throw a file that was brought away."""
        shutil.rmtree(self._file(token).parent, ignore_errors=True)

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

    def _preview(self, file: Path, source: str, choices: Choices, guessed: Guessed) -> Preview:
        is_mapped = not guessed.connector or choices.own_mapping
        if guessed.guess is None or (is_mapped and (not guessed.mapping or guessed.guess.lacks)):
            return Preview({}, {}, {}, [], 0)
        folder = file.parent / "first"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        renamed = self._renamed().get(source, {})
        options = {**export_options(self._settings(), source, self._folder, renamed)}
        if is_mapped:
            mapping = folder / f"{uuid4().hex}.toml"
            mapping.write_text(guessed.mapping, encoding="utf-8")
            options["mapping"] = str(mapping)
        export = as_taken_in(
            ExportFile(file, file.name, source, uuid4().hex[:16], options), utc_now()
        )
        engine = self._connect()
        try:
            self._check_options(source, "mapping" if is_mapped else guessed.connector)
            connector = registry.load("sources", "mapping" if is_mapped else guessed.connector)
            return preview(export, guessed.guess.sample, connector, engine, folder)
        except SettingsError as error:
            return Preview({}, {}, {}, [], 0, problem=error)
        finally:
            engine.close()
            shutil.rmtree(folder, ignore_errors=True)

    def _check_options(self, source: str, connector: str) -> None:
        """Refuse what the settings say of a source and this connector would not read."""
        own = self._settings().sources.get(source)
        if own and not own.connector:
            check_options(own, (connector,), self._folder)

    def _connector(self, path: Path, source: str) -> tuple[str, Changed | None]:
        """The connector that knows a file, or else the one that would if columns were renamed."""
        options = {"folder": self._folder, "renamed": self._renamed().get(source, {})}
        file = ExportFile(path, path.name, source, content_id(path), options)
        try:
            return recognise_source(file).name, None
        except InputError:
            nearest = nearest_source(file)
        if nearest is None:
            return "", None
        name, error = nearest
        return "", Changed(name, error.lacking, error.fresh)

    def _apart(self, file: Path) -> str:
        token = uuid4().hex
        folder = self._uploads / token
        folder.mkdir(parents=True)
        file.rename(folder / file.name)
        return token

    def _file(self, token: str) -> Path:
        folder = self._uploads / token
        files = (
            [one for one in folder.iterdir() if one.is_file() and one.name != CHOICES]
            if TOKEN.match(token) and folder.is_dir()
            else []
        )
        if not files:
            raise NotFoundError(
                message(
                    "The file is not here any more",
                    allowed="a file that was brought at most a day ago and not taken in yet",
                    next_step="bring it again",
                )
            )
        return files[0]

    def _choices(self, token: str) -> Choices:
        file = self._uploads / token / CHOICES
        return (
            Choices(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else Choices()
        )

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

    def _remove_old(self) -> None:
        for folder in self._uploads.glob("*"):
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _write(file: Path, content: Iterable[bytes], largest: int) -> None:
    size = 0
    with file.open("wb") as target:
        for piece in content:
            size += len(piece)
            if size > largest:
                raise _refused(file.name, "a larger file", f"at most {largest // MEGABYTE:,} MB")
            target.write(piece)


def _free(path: Path) -> Path:
    """A path where nothing is yet."""
    tries = (path.with_name(f"{number}-{path.name}") for number in range(2, 10_000))
    return next(one for one in chain((path,), tries) if not one.exists())


def _slug(name: str) -> str:
    return NO_SIGN.sub("-", name.split(".")[0].lower()).strip("-")[:60] or "export"


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


def _refused(name: str, got: str, allowed: str) -> UnreadableFileError:
    return UnreadableFileError(
        message("The file is not taken in", where=name, got=got, allowed=allowed)
    )
