"""What the commands write on the screen: progress and tables."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from klantreis.cli.screen import Grid, screen

if TYPE_CHECKING:
    from klantreis import Workspace
    from klantreis.runner import Finished, Imported
    from klantreis.words import Translator

__all__ = ["ShownProgress", "errors", "grid", "noted", "out", "tell_imported", "who", "words_of"]

out = screen()
errors = screen(stderr=True)


class ShownProgress:
    """Shows a bar with the piece at work, and a line for each piece that is done.

    Args:
        is_detailed: also a line for pieces that were taken from an earlier run.
        words: of the reader.
    """

    def __init__(self, words: Translator, *, is_detailed: bool = False) -> None:
        self._words = words
        self._is_detailed = is_detailed
        self._bar = Bar(
            TextColumn("{task.description:<24}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=errors,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)
        self._reused = 0

    def __enter__(self) -> ShownProgress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()
        if self._reused:
            from klantreis.words.imports import unchanged_told

            told = unchanged_told(self._words, self._reused)
            errors.print(told, style="dim", highlight=False)

    def begin(self, activity: str, pieces: int) -> None:
        self._bar.reset(self._task, total=pieces, description=activity)

    def started(self, name: str) -> None:
        self._bar.update(self._task, description=name)

    def finished(self, piece: Finished) -> None:
        self._bar.advance(self._task)
        if piece.is_reused and not self._is_detailed:
            self._reused += 1
            return
        words = self._words
        rows, seconds = words.units(piece.rows, "rows"), f"{words.number(piece.seconds, 2)} s"
        time = words.text("unchanged") if piece.is_reused else seconds
        memory = f"{words.number(piece.peak_bytes / 2**20):>8} MB" if piece.peak_bytes else ""
        errors.print(f"{piece.name:<24}{rows:>19} {time:>12} {memory}", highlight=False)


def grid(
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> Grid:
    """A plain table for the screen; `right` names columns with numbers, `whole` those to copy from."""
    written = [["" if value is None else str(value).strip() for value in row] for row in rows]
    return Grid(headings, written, right, whole)


def words_of(workspace: Workspace, language: str = "") -> Translator:
    """Words and formats in a language, by default the workspace's, in its time zone."""
    from klantreis.words import translator

    settings = workspace.settings
    return translator(language or settings.locale, settings.time_zone)


def tell_imported(words: Translator, taken: Imported) -> None:
    """What an import did, and what could not be taken in."""
    from klantreis.words.imports import again_told, alike_told, import_told, problems_told

    errors.print(import_told(words, taken), highlight=False)
    for line in again_told(words, taken):
        errors.print(line, highlight=False, markup=False, soft_wrap=True)
    for line in alike_told(words, taken):
        errors.print(line, style="yellow", highlight=False, markup=False, soft_wrap=True)
    for line in problems_told(words, taken):
        errors.print(line, style="red", markup=False, soft_wrap=True)


def who() -> str:
    """Whose process this is; empty where the machine does not know, as in some containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def noted(workspace: Workspace, action: str, subject: str) -> None:
    """Write a line in the audit log: who did this at the command line, to what."""
    workspace.note(who(), action, subject, address="command line")
