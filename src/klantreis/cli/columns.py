"""`klantreis columns`: columns that are called otherwise now in the exports of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import ShownProgress, errors, noted, out, words_of
from klantreis.errors import InputError, message

if TYPE_CHECKING:
    from klantreis.words import Translator

NAME = "columns"
BY = "command line"


def command(
    folder: Folder,
    source: Annotated[str, typer.Option(help="The source: a folder below exports/.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(help="A column that was renamed, as 'Order ID=Order number'; repeatable."),
    ] = None,
    take_back: Annotated[
        str, typer.Option(help="A column that has the name again that the connector knows.")
    ] = "",
    language: Language = "",
) -> None:
    """Say what renamed columns of a source are called now, and take its files in after all.

    Without --column and --take-back it lists the files that lack columns, and the names that hold.
    """
    from klantreis.words.imports import import_told

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        if take_back:
            workspace.columns.take_back(source, take_back, by=BY)
            noted(workspace, "sources_column_back", f"{source}: {take_back}")
            return
        for said in column or ():
            known, sign, now = said.partition("=")
            if not sign:
                raise InputError(
                    message("Not a new name", where="--column", got=said, allowed="'old=new'")
                )
            workspace.columns.accept(source, known, now, by=BY)
            noted(workspace, "sources_column", f"{source}: {said}")
        if column:
            with ShownProgress(words) as progress:
                taken = workspace.import_exports(progress=progress)
            errors.print(import_told(words, taken), highlight=False)
        problems = [one for one in workspace.columns.problems() if source in ("", one.source)]
        names = [one for one in workspace.columns.names() if source in ("", one.source)]
    for one in names:
        told = words.text("%(known)s is now called %(now)s", known=one.known, now=one.now)
        line = f"{one.source}: {told} ({one.said_by}, {words.day(one.said_at)})"
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    for problem in problems:
        for known, likely in problem.lacking.items():
            told = _lacking(problem.path, known, likely, words)
            errors.print(told, style="red", highlight=False, markup=False, soft_wrap=True)


def _lacking(path: str, known: str, likely: str, words: Translator) -> str:
    """A column that a file lacks, and the one that it may be called now."""
    told = words.text("%(path)s: the column %(known)s is lacking", path=path, known=known)
    if not likely:
        return told
    return told + words.text(", perhaps it is called %(now)s now", now=likely)
