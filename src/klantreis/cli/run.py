"""`klantreis run`: from what was taken in to portraits, segments and journeys."""

from __future__ import annotations

import os
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import ShownProgress, errors, tell_imported, who, words_of

NAME = "run"


def command(
    folder: Folder,
    detailed: Annotated[
        bool, typer.Option("--detailed", help="Also show what was unchanged.")
    ] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Make everything anew, as for the first time.")
    ] = False,
    imports: Annotated[
        bool, typer.Option("--import", help="First take in what waits in exports/.")
    ] = False,
    language: Language = "",
) -> None:
    """Bring all tables up to date; only steps whose input or code changed are run.

    Who is who is worked out for what is new only. With `--afresh` everything is made and compared
    again; customers keep their numbers.

    It can be stopped at any moment (Ctrl-C) and goes on where it was the next time. The pages show
    how far it is.
    """
    from klantreis.runner import Imported
    from klantreis.words.imports import waiting_told
    from klantreis.workspace import ASKED_BY

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        by, taken = os.environ.get(ASKED_BY) or who(), Imported()
        with ShownProgress(words, is_detailed=detailed) as progress:
            if imports:
                taken, published = workspace.import_and_run(progress=progress, afresh=afresh, by=by)
            else:
                published = workspace.run(progress=progress, afresh=afresh, by=by)
        waiting = workspace.files.waiting()
    if imports:
        tell_imported(words, taken)
    told = words.text(
        "Published: %(tables)s tables with everything up to %(moment)s",
        tables=words.number(len(published.tables)),
        moment=words.moment(published.as_of),
    )
    errors.print(told, highlight=False)
    for line in waiting_told(words, waiting, str(folder)):
        errors.print(line, highlight=False, markup=False, soft_wrap=True)
    if taken.problems:
        raise typer.Exit(1)
