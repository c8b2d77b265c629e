"""`klantreis init`: a new workspace."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import out

NAME = "init"


def command(
    folder: Folder,
    name: Annotated[str, typer.Option(help="Name of the shop, as the pages show it.")] = "",
    locale: Annotated[str, typer.Option(help="Language of the pages: nl or en.")] = "nl",
) -> None:
    """Make a new, empty workspace."""
    with klantreis.Workspace.create(folder, name=name, locale=locale) as workspace:
        out.print(f"Made {workspace.folder}", highlight=False, soft_wrap=True)
    out.print(
        "Next: put each system's exports in a folder of its own below exports/, as\n"
        "  exports/shopify/orders_export.csv\n"
        "  exports/till/receipts.csv\n"
        f"and run: klantreis import {folder} && klantreis run {folder} && klantreis serve {folder}",
        highlight=False,
        soft_wrap=True,
    )
