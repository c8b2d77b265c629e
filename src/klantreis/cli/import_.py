"""`klantreis import`: take the exports in."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import ShownProgress, errors, noted, tell_imported, words_of

NAME = "import"


def command(
    folder: Folder,
    take_back: Annotated[
        list[str] | None,
        typer.Option(
            help="A file to take out again, as exports/shopify/orders.csv; it must be gone from"
            " there. Repeatable."
        ),
    ] = None,
    language: Language = "",
) -> None:
    """Take in every file below exports/ that was not taken in before.

    When the mapping or the settings of a source have changed, its files are read again.
    A bad row never stops an import: it goes to quarantine (klantreis quarantine DIR shows it).
    """
    from klantreis.words.imports import taken_back_told, what_next

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        for path in take_back or ():
            back = workspace.take_back(path)
            noted(workspace, "imports_take_back", path)
            errors.print(taken_back_told(words, path, back), highlight=False, markup=False)
        with ShownProgress(words) as progress:
            taken = workspace.import_exports(progress=progress)
    tell_imported(words, taken)
    for line in what_next(words, taken, str(folder)):
        errors.print(line, highlight=False, markup=False, soft_wrap=True)
    if taken.problems:
        raise typer.Exit(1)
