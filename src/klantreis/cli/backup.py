"""`klantreis backup`: everything in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, noted

NAME = "backup"


def command(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="File to write.", metavar="FILE")],
) -> None:
    """Write exports, settings, state and tables into one file, and check it.

    A server may go on meanwhile. The file holds personal data: keep it as you keep the exports.
    """
    with klantreis.Workspace.open(folder) as workspace:
        files = workspace.back_up(file)
        noted(workspace, "backup", file.name)
    errors.print(f"{files:,} files in {file}, read back and whole", highlight=False)
