"""`klantreis collect`: the collection API."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import out

NAME = "collect"


def command(
    folder: Folder,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8351,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Collect live events over HTTP, in Segment's format.

    Senders use a key with purpose 'collect' (see Users in the pages) as write key. What was
    answered with 200 is on disk; the next import brings it into the tables.
    """
    import uvicorn

    from klantreis.collect import create_app

    with klantreis.Workspace.open(folder) as workspace:
        out.print(
            f"{workspace.settings.name}: collecting at http://{host}:{port}/v1/", highlight=False
        )
        uvicorn.run(
            create_app(workspace), host=host, port=port, log_level="warning", access_log=False
        )
