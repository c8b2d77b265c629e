"""`klantreis quarantine`: what could not be taken in, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from klantreis.cli.arguments import Folder
from klantreis.cli.console import errors, grid, out
from klantreis.workspace import Workspace

NAME = "quarantine"


def command(
    folder: Folder,
    source: Annotated[str, typer.Option(help="Only of this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50,
) -> None:
    """Show rows that could not be taken in: file, line, column, found and allowed."""
    with Workspace.open(folder) as workspace:
        aside = workspace.table("quarantine")
        if source:
            aside = aside.filter(aside["source"] == source)
        total = workspace.fetch(aside.aggregate(n=aside.count()))["n"][0].as_py()
        rows = workspace.rows(aside.order_by("path", "line", "column").limit(limit))
    names = ("path", "line", "column", "reason", "found", "allowed")
    out.print(grid(names, [[row[name] for name in names] for row in rows], right=(1,)))
    errors.print(f"{len(rows):,} of {total:,}", style="dim")
