"""`klantreis serve`: the pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder, Language
from klantreis.cli.console import out, words_of
from klantreis.errors import InputError, message
from klantreis.litter import collected_as_usual

if TYPE_CHECKING:
    from klantreis import Workspace
    from klantreis.words import Translator

NAME = "serve"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def command(
    folder: Folder,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8350,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    is_open: Annotated[
        bool, typer.Option("--open", help="Nobody has to sign in; on this machine only.")
    ] = False,
    certificate: Annotated[
        Path | None, typer.Option(help="PEM file, to serve https without a proxy.")
    ] = None,
    certificate_key: Annotated[Path | None, typer.Option(help="PEM file with its key.")] = None,
    language: Language = "",
) -> None:
    """Show the pages of a workspace in the browser.

    The first time it prints a link with which the administrator sets a password.
    """
    # The server and its libraries load only when they are asked for.
    import uvicorn
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from klantreis.web import create_app

    if is_open:
        _refuse_to_all(host)
    address = f"{'https' if certificate else 'http'}://{host}:{port}"
    with klantreis.Workspace.open(folder) as workspace:
        words = words_of(workspace, language)
        stop = words.text("stop with Ctrl-C")
        out.print(f"{workspace.settings.name}: {address}  ({stop})", highlight=False)
        app = create_app(workspace, locale_default=workspace.settings.locale, is_open=is_open)
        if is_open:
            # A page from elsewhere whose name is made to point here does not get in either.
            app.add_middleware(
                TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"]
            )
        else:
            _welcome(workspace, address, words)
            _warn(host, certificate, words)
        with collected_as_usual():
            uvicorn.run(
                app,
                host=host,
                port=port,
                log_level="warning",
                ssl_certfile=certificate,
                ssl_keyfile=certificate_key,
            )


def _refuse_to_all(host: str) -> None:
    if host not in LOOPBACK:
        raise InputError(
            message(
                "An open server would show all customers to everyone who reaches it",
                where="--open",
                got=f"--host {host}",
                allowed=", ".join(LOOPBACK),
                next_step="leave --open out: then everyone signs in",
            )
        )


def _welcome(workspace: Workspace, address: str, words: Translator) -> None:
    secret = workspace.accounts.first_link()
    if secret:
        told = words.text(
            "Nobody has a password yet. Set that of 'admin' with this link (once, within 24 hours):"
        )
        out.print(f"{told}\n  {address}/welcome/{secret}", highlight=False, soft_wrap=True)


def _warn(host: str, certificate: Path | None, words: Translator) -> None:
    if host not in LOOPBACK and certificate is None:
        told = words.text(
            "Mind: without https others on the network can read along. Put a proxy with https "
            "before it, or use --certificate."
        )
        out.print(told, style="yellow", soft_wrap=True)
