"""`klantreis restore`: a workspace from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Language
from klantreis.cli.console import errors, noted, words_of

NAME = "restore"


def command(
    file: Annotated[Path, typer.Argument(help="File that backup wrote.", metavar="FILE")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", metavar="DIR")],
    language: Language = "",
) -> None:
    """Make a workspace from a backup; nothing that exists is ever overwritten.

    Whoever was erased after the backup was made comes back with it: erase again.
    """
    with klantreis.Workspace.restore(file, folder) as workspace:
        words = words_of(workspace, language)
        noted(workspace, "restore", file.name)
    told = words.text("Restored: %(folder)s", folder=folder)
    errors.print(told, highlight=False, soft_wrap=True)
