"""`klantreis columns`: columns that are called otherwise now in the exports of a source."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import ShownProgress, errors, noted, out
from klantreis.errors import InputError, message

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
) -> None:
    """Say what renamed columns of a source are called now, and take its files in after all.

    Without --column and --take-back it lists the files that lack columns, and the names that hold.
    """
    with klantreis.Workspace.open(folder) as workspace:
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
            with ShownProgress() as progress:
                taken = workspace.import_exports(progress=progress)
            errors.print(f"{taken.files:,} files taken in, {taken.rows:,} rows", highlight=False)
        problems = [one for one in workspace.columns.problems() if source in ("", one.source)]
        names = [one for one in workspace.columns.names() if source in ("", one.source)]
    for one in names:
        told = f"{one.source}: {one.known} is now called {one.now} ({one.said_by}, {one.said_at:%Y-%m-%d})"
        out.print(told, highlight=False, markup=False, soft_wrap=True)
    for problem in problems:
        for known, likely in problem.lacking.items():
            told = f"{problem.path} lacks {known}{f', perhaps {likely}' if likely else ''}"
            errors.print(told, style="red", highlight=False, markup=False, soft_wrap=True)
