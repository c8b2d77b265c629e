"""`klantreis serve`: the pages."""

from __future__ import annotations

from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import out

NAME = "serve"


def command(
    folder: Folder,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8350,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Show the pages of a workspace in the browser.

    There is no sign-in yet, so it only listens on this machine (127.0.0.1) by default.
    """
    # The server and its libraries load only when they are asked for.
    import uvicorn

    from klantreis.web import create_app

    with klantreis.Workspace.open(folder) as workspace:
        if host not in ("127.0.0.1", "localhost", "::1"):
            out.print(
                "Mind: there is no sign-in; everyone who reaches this address sees all.",
                style="yellow",
            )
        out.print(
            f"{workspace.settings.name}: http://{host}:{port}  (stop with Ctrl-C)", highlight=False
        )
        app = create_app(workspace, locale_default=workspace.settings.locale)
        uvicorn.run(app, host=host, port=port, log_level="warning")
