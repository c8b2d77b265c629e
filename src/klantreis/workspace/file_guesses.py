"""What a file seems to be, in this workspace: the connector that knows it, or a guessed mapping."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from klantreis import registry
from klantreis.engine import Engine
from klantreis.errors import InputError, SettingsError, UnreadableFileError
from klantreis.runner.exports import content_id, export_options
from klantreis.settings import Settings
from klantreis.sources import (
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
    sample_of,
)
from klantreis.workspace.accounts import utc_now
from klantreis.workspace.brought import BESIDE, UNREAD, Changed, Choices, Guessed
from klantreis.workspace.own_exports import own_export, reads_earlier

__all__ = ["FileGuesses", "source_named"]

NO_SIGN = re.compile(r"[^a-z0-9]+")


class FileGuesses:
    """Guesses files, and shows their first rows as they would be taken in.

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
        bought: Callable[[], Set[str]],
    ) -> None:
        self._folder, self._settings, self._connect = folder, settings, connect
        self._renamed, self._bought = renamed, bought

    def guess(self, path: Path, choices: Choices | None = None) -> Guessed:
        """Guess what a file is; what was said holds.

        Raises:
            UnreadableFileError: it is of no kind that can be read, or damaged.
        """
        said = choices or Choices()
        source = said.source or source_named(path.name)
        connector, changed = self._connector(path, source)
        known = ""
        if not connector:
            known, changed = self._own(path, said.source, changed)
            connector, source = ("mapping", known) if known else (connector, source)
        try:
            sample = sample_of(
                path, separator=said.separator, heading=None if said.heading < 0 else said.heading
            )
        except UnreadableFileError:
            if connector:
                return Guessed(connector, None, "", source=known)
            raise
        found = guess(
            sample,
            time_zone=said.time_zone or self._settings().time_zone,
            row_is=said.row_is,
            said=said.means,
            decimal_sign=said.decimal_sign,
            date_order=said.date_order,  # type: ignore[arg-type]  # checked when it was said
            channel=said.channel,
        )
        mapping = mapping_text(found) if found.row_is else ""
        beside = self._beside(found, source, "" if known else connector)
        return Guessed(connector, found, mapping, changed, known, beside)

    def _beside(self, found: Guess, source: str, connector: str) -> tuple[str, ...]:
        """What has to be known of totals that could be used: whether they are, and counted once."""
        if not found.has_totals:
            return ()
        unread = (UNREAD,) if connector else ()
        return (*unread, *((BESIDE,) if self._bought() - {source} else ()))

    def preview(self, file: Path, source: str, choices: Choices, guessed: Guessed) -> Preview:
        """The first rows of a file as they would be; none while what they need is not known."""
        is_mapped = not guessed.connector or choices.own_mapping
        found = guessed.guess
        if found is None or (is_mapped and (not guessed.mapping or found.lacks)):
            return Preview({}, {}, {}, [], 0)
        connector = "mapping" if is_mapped else guessed.connector
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
            self._check_options(source, connector)
            reader = registry.load("sources", connector)
            return preview(export, found.sample, reader, engine, folder)
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

    def reads_earlier(self, source: str, mapping: str) -> bool:
        """Whether a mapping's text still reads the newest export that a source has."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "mapping.toml"
            file.write_text(mapping, encoding="utf-8")
            return reads_earlier(file, self._folder, self._settings(), source)

    def _own(self, path: Path, said: str, changed: Changed | None) -> tuple[str, Changed | None]:
        """The source whose own mapping reads a file, or that would if columns were renamed.

        Args:
            said: the source that somebody named; empty when nobody did.
            changed: of a connector.
        """
        own = own_export(path, self._folder, self._settings(), self._renamed())
        if own is None:
            return "", changed
        if own.error:
            return "", Changed("mapping", own.error.lacking, own.error.fresh, own.source)
        return (own.source, None) if said in ("", own.source) else ("", changed)

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


def source_named(name: str) -> str:
    """A name for the source of a file, out of the file's own, as `webshop-orders`."""
    return NO_SIGN.sub("-", name.split(".")[0].lower()).strip("-")[:60] or "export"
