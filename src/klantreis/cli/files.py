"""`klantreis files`: the files that were taken in, and what waits to be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import grid, out, words_of

if TYPE_CHECKING:
    from klantreis.words import Translator
    from klantreis.workspace import TakenFile

NAME = "files"


def command(
    folder: Folder,
    source: Annotated[str, typer.Option(help="Only the files of this source.")] = "",
    name: Annotated[str, typer.Option(help="Only files with this in their name.")] = "",
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only what the next import would read, and why.")
    ] = False,
    language: Language = "",
) -> None:
    """List the files that were taken in, the newest first, and say what waits to be imported."""
    from klantreis.words.imports import waiting_told

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        waits = [one for one in workspace.files.waiting() if source in ("", one.source)]
        taken = () if waiting else workspace.files.taken(source)
    if waiting:
        out.print(
            grid(
                (words.text("File"), words.text("Why")),
                [(one.path, words.code("waits", one.why)) for one in waits if name in one.path],
                whole=(0,),
            )
        )
    else:
        found = [_row(one, words) for one in taken if name in one.path]
        out.print(grid(_headings(words), found, right=(3, 4, 5, 6), whole=(0,)))
    for line in waiting_told(words, waits, str(folder)):
        out.print(line, highlight=False, markup=False, soft_wrap=True)


def _headings(words: Translator) -> tuple[str, ...]:
    return (
        words.text("File"),
        words.text("Taken in"),
        words.text("Period of its rows"),
        words.text("Records read"),
        words.text("Loaded"),
        words.text("Put aside"),
        words.text("Doubles"),
        words.text("Read again"),
    )


def _row(file: TakenFile, words: Translator) -> tuple[str, ...]:
    return (
        file.path,
        words.moment(file.imported_at),
        words.period(file.first_at, file.last_at),
        words.number(file.rows_read),
        words.number(file.rows_loaded),
        words.number(file.rows_quarantined),
        words.number(file.rows_doubled),
        _again(file, words),
    )


def _again(file: TakenFile, words: Translator) -> str:
    """When and why it was read again, or that it waits for it."""
    if file.waits:
        why = words.code("waits", file.waits)
        if file.is_there:
            return words.text("waits: %(why)s", why=why)
        return words.text("cannot be, not in exports/ any more: %(why)s", why=why)
    if file.read_again_at is None:
        return ""
    why = words.code("waits", file.why_again) if file.why_again else ""
    return f"{words.moment(file.read_again_at)}{': ' if why else ''}{why}"
