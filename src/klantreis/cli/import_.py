"""`klantreis import`: take the exports in."""

from __future__ import annotations

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import ShownProgress, errors
from klantreis.errors import ChangedColumnsError

NAME = "import"


def command(folder: Folder) -> None:
    """Take in every file below exports/ that was not taken in before.

    A bad row never stops an import: it goes to quarantine (klantreis quarantine DIR shows it).
    """
    with klantreis.Workspace.open(folder) as workspace, ShownProgress() as progress:
        taken = workspace.import_exports(progress=progress)
    errors.print(
        f"{taken.files:,} files taken in, {taken.rows:,} rows, {taken.quarantined:,} in quarantine",
        highlight=False,
    )
    for problem in taken.problems:
        errors.print(f"Not taken in: {problem.path}: {problem.reason}", style="red", markup=False)
    if taken.quarantined:
        errors.print(f"Look at them with: klantreis quarantine {folder}", highlight=False)
    if any(isinstance(problem.error, ChangedColumnsError) for problem in taken.problems):
        errors.print(
            f"Say what columns are called now with: klantreis columns {folder}", highlight=False
        )
    if taken.problems:
        raise typer.Exit(1)
