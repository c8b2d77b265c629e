"""`klantreis collect`: the collection API."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import out, words_of
from klantreis.litter import collected_as_usual

NAME = "collect"


def command(
    folder: Folder,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8351,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    language: Language = "",
) -> None:
    """Collect live events over HTTP, in Segment's format.

    Senders use a key with purpose 'collect' (see Users in the pages) as write key. What was
    answered with 200 is on disk; the next import brings it into the tables.
    """
    import uvicorn

    from klantreis.collect import create_app

    with klantreis.Workspace.open(folder) as workspace:
        told = words_of(workspace, language).text(
            "%(shop)s: collecting at %(address)s",
            shop=workspace.settings.name,
            address=f"http://{host}:{port}/v1/",
        )
        out.print(told, highlight=False)
        with collected_as_usual():
            uvicorn.run(
                create_app(workspace), host=host, port=port, log_level="warning", access_log=False
            )
