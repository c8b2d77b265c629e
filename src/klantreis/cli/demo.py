"""`klantreis demo`: a simulated shop, taken in, run and shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import klantreis
from klantreis.cli import import_, run, serve, simulate
from klantreis.cli.arguments import Language
from klantreis.cli.console import errors, words_of
from klantreis.settings import FILE_NAME

NAME = "demo"


def command(
    folder: Annotated[
        Path, typer.Argument(help="Folder for the demonstration shop.", metavar="DIR")
    ] = Path("demo"),
    customers: Annotated[
        int, typer.Option(min=100, help="How many people the shop meets.")
    ] = 20_000,
    show: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Show the pages at the end.")
    ] = True,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8350,
    language: Language = "",
) -> None:
    """Simulate a shop, take its exports in, run everything and show it in the browser.

    Nobody has to sign in: it is open to whoever sits at this machine, and to nobody else.
    """
    if (folder / FILE_NAME).exists():
        with klantreis.Workspace.open(folder) as workspace:
            words = words_of(workspace, language)
        told = words.text(
            "There is a shop in %(folder)s already: it is used as it is", folder=folder
        )
        errors.print(told, highlight=False, soft_wrap=True)
    else:
        simulate.command(folder, customers=customers, language=language)
    import_.command(folder, language=language)
    run.command(folder, language=language)
    if show:
        serve.command(folder, port=port, is_open=True, language=language)
