"""Arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Folder", "Language"]

Folder = Annotated[
    Path, typer.Argument(help="The workspace's folder.", show_default=True, metavar="DIR")
]
Language = Annotated[
    str, typer.Option(help="Language of what is told: nl or en; by default the workspace's.")
]
