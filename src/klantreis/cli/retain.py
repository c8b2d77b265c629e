"""`klantreis retain`: take out what is too old."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

import klantreis
from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, grid, out

NAME = "retain"


def command(
    folder: Folder,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what is too old.")] = False,
) -> None:
    """Take out what is older than section [retention] of klantreis.toml allows.

    Without such a section everything is kept, save earlier versions of the tables. The worker does
    the same once a day.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    with klantreis.Workspace.open(folder) as workspace:
        if dry_run:
            found = workspace.retention.look(now)
        else:
            found = workspace.retention.apply(now, by=getpass.getuser(), address="command line")
        rows = [
            (
                one.kind,
                f"{one.days} days" if one.days else "for ever",
                f"{one.count:,} {one.unit}" if one.before else "",
                one.files or "",
                one.mixed or "",
            )
            for one in found
        ]
        headings = ("what", "kept", "too old" if dry_run else "taken out", "files", "mixed files")
        out.print(grid(headings, rows, right=(2, 3, 4)))
        if any(one.mixed for one in found):
            errors.print("Mixed files also hold newer lines: they stay as they are")
