"""`klantreis backup`: everything in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import errors, noted, words_of

NAME = "backup"


def command(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="File to write.", metavar="FILE")],
    language: Language = "",
) -> None:
    """Write exports, settings, state and tables into one file, and check it.

    A server may go on meanwhile. The file holds personal data: keep it as you keep the exports.
    """
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        files = workspace.back_up(file)
        noted(workspace, "backup", file.name)
    told = words.text(
        "%(files)s in %(file)s, read back and whole", files=words.units(files, "files"), file=file
    )
    errors.print(told, highlight=False, soft_wrap=True)
