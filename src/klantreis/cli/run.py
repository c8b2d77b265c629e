"""`klantreis run`: from what was taken in to portraits, segments and journeys."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import ShownProgress, errors, words_of

NAME = "run"


def command(
    folder: Folder,
    detailed: Annotated[
        bool, typer.Option("--detailed", help="Also show what was unchanged.")
    ] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Make everything anew, as for the first time.")
    ] = False,
    language: Language = "",
) -> None:
    """Bring all tables up to date; only steps whose input or code changed are run.

    Who is who is worked out for what is new only. With `--afresh` everything is made and compared
    again; customers keep their numbers.

    It can be stopped at any moment (Ctrl-C) and goes on where it was the next time.
    """
    from klantreis.words.imports import waiting_told

    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        with ShownProgress(words, is_detailed=detailed) as progress:
            published = workspace.run(progress=progress, afresh=afresh)
        waiting = workspace.files.waiting()
    told = words.text(
        "Published: %(tables)s tables with everything up to %(moment)s",
        tables=words.number(len(published.tables)),
        moment=words.moment(published.as_of),
    )
    errors.print(told, highlight=False)
    for line in waiting_told(words, waiting, str(folder)):
        errors.print(line, highlight=False, markup=False, soft_wrap=True)
