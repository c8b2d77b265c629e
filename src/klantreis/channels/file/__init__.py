"""A CSV file for each campaign, for a mail house or any other program."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from klantreis.channels.protocol import Outgoing
from klantreis.errors import DeliveryError

__all__ = ["LOCK", "FileChannel"]

COLUMNS = (
    "key",
    "campaign",
    "template",
    "customer_id",
    "recipient",
    "name",
    "language",
    "subject",
    "text",
    "unsubscribe_url",
)
LOCK = "writing.lock"  # whoever takes lines out holds it too
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class FileChannel:
    """Adds each message as a line to `<folder>/<campaign>.csv`; a key that is there is not added.

    Args:
        folder: made when it is not there.
    """

    name = "file"
    is_idempotent = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[Path, set[str]] = {}

    def send(self, message: Outgoing, *, handing_over: Callable[[], None]) -> None:
        """Hand one message over; see `Channel.send`."""
        file = self.folder / f"{message.campaign}.csv"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / LOCK):
                self._add(file, message, handing_over)
        except OSError as error:
            raise DeliveryError(f"{file.name} cannot be written: {error}") from error

    def _add(self, file: Path, message: Outgoing, handing_over: Callable[[], None]) -> None:
        written = self._keys(file)
        handing_over()
        if message.key in written:
            return
        with file.open("a", newline="", encoding="utf-8") as lines:
            writer = csv.writer(lines, delimiter=";")
            if lines.tell() == 0:
                writer.writerow(COLUMNS)
            writer.writerow([_cell(getattr(message, name)) for name in COLUMNS])
            lines.flush()
            os.fsync(lines.fileno())
        written.add(message.key)

    def close(self) -> None:
        """Every line is on disk already."""
        self._written.clear()

    def _keys(self, file: Path) -> set[str]:
        if file not in self._written:
            self._written[file] = set()
            if file.exists():
                with file.open(newline="", encoding="utf-8") as lines:
                    rows = csv.reader(lines, delimiter=";")
                    self._written[file] = {row[0] for row in rows if len(row) == len(COLUMNS)}
        return self._written[file]


def _cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
