"""`klantreis init`: a new workspace."""

from __future__ import annotations

from shlex import quote
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import out, words_of

NAME = "init"


def command(
    folder: Folder,
    name: Annotated[str, typer.Option(help="Name of the shop, as the pages show it.")] = "",
    locale: Annotated[str, typer.Option(help="Language of the pages: nl or en.")] = "nl",
    language: Language = "",
) -> None:
    """Make a new, empty workspace."""
    with klantreis.Workspace.create(folder, name=name, locale=locale) as workspace:
        words, made = words_of(workspace, language), workspace.folder
    commands = " && ".join(
        f"klantreis {step} {quote(str(folder))}" for step in ("import", "run", "serve")
    )
    told = (
        words.text("Made: %(folder)s", folder=made),
        words.text("Next: put each system's exports in a folder of its own below exports/, as"),
        "  exports/shopify/orders_export.csv",
        "  exports/till/receipts.csv",
        words.text("and run: %(commands)s", commands=commands),
    )
    for line in told:
        out.print(line, highlight=False, markup=False, soft_wrap=True)
