"""Puts the commands together and turns our errors into one clear line and an exit code.

Commands load the workspace and its engines only when they run, so that `--help` is quick.
"""

from __future__ import annotations

import errno
import sys
from typing import Annotated, NoReturn

import typer

from klantreis import __version__
from klantreis.cli import (
    audiences,
    backup,
    best,
    collect,
    columns,
    demo,
    document,
    export,
    files,
    guess,
    import_,
    init,
    joined,
    kpis,
    needs,
    patterns,
    person,
    plan,
    quality,
    quarantine,
    query,
    record,
    restore,
    retain,
    run,
    segments,
    serve,
    simulate,
    strategy,
    tables,
    users,
    who,
    why,
    work,
    worth,
)
from klantreis.cli.console import errors
from klantreis.cli.problems import Command, problem_line
from klantreis.errors import KlantreisError, StoppedError, message
from klantreis.litter import seldom_collected

__all__ = ["app", "main"]

app = typer.Typer(
    name="klantreis",
    help="One portrait per customer, online and offline, and the journey measured from it.\n\n"
    "A workspace is a folder with klantreis.toml and exports/<source>/...; start with "
    "'klantreis demo', or with 'klantreis init my-shop' and your own exports.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = (
    init,
    simulate,
    guess,
    import_,
    run,
    serve,
    demo,
    tables,
    query,
    export,
    files,
    quality,
    quarantine,
    columns,
    document,
    strategy,
    needs,
    kpis,
    plan,
    segments,
    worth,
    joined,
    patterns,
    best,
    users,
    audiences,
    work,
    collect,
    backup,
    restore,
    person,
    who,
    why,
    record,
    retain,
)
# Not ours and no mistake in the code: a folder that is not ours to write in, or not there, a full disk.
OF_THE_MACHINE = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
)
for command in COMMANDS:
    app.command(name=command.NAME, cls=Command)(command.command)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"klantreis {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options that belong to no command."""


def main() -> None:
    """Run the command line; our own errors end in one line, without a traceback."""
    try:
        with seldom_collected():
            app()
    except StoppedError as error:
        errors.print(problem_line(error), style="yellow", markup=False, highlight=False)
        sys.exit(130)
    except KlantreisError as error:
        _fail(error)
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:
            raise
        told = message(
            "The machine refuses", where=str(error.filename or ""), got=error.strerror or str(error)
        )
        _fail(KlantreisError(told))


def _fail(error: KlantreisError) -> NoReturn:
    errors.print(problem_line(error), style="red", markup=False, highlight=False)
    sys.exit(1)
